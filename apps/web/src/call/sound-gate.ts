/**
 * Plays remote sound, and notices when the browser refuses to before the person has touched the page.
 * @see https://developer.chrome.com/blog/autoplay
 * @module
 */
import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';

/** The part of a media element that is needed; a `<video>` in the app. */
export interface Playable {
  muted: boolean;
  play(): Promise<void>;
  /** Not every browser has it. */
  setSinkId?(deviceId: string): Promise<void>;
}

/** Starts media elements with sound; those refused play silently until {@link SoundGate.open}. */
export class SoundGate {
  readonly #blocked = signal(false);
  readonly #silenced = new Set<Playable>();
  /** What plays, and whose sound it is. */
  readonly #playing = new Map<Playable, string>();
  readonly #leftOut = new Set<string>();
  #isHushed = false;
  readonly #speaker = signal('');

  constructor(speaker = '') {
    this.#speaker.value = speaker;
  }

  /** Id of the chosen speaker; empty is the browser's choice. */
  get speaker(): ReadonlySignal<string> {
    return this.#speaker;
  }

  /** Plays everything, also what comes later, on this speaker. One that is gone changes nothing. */
  async chooseSpeaker(deviceId: string): Promise<void> {
    this.#speaker.value = deviceId;
    await Promise.all([...this.#playing.keys()].map((element) => this.#route(element)));
  }

  /** Whether somebody cannot be heard until the person presses a button. */
  get blocked(): ReadonlySignal<boolean> {
    return this.#blocked;
  }

  /** Plays the sound of `peer`, or in silence where that is all the browser allows. */
  async play(element: Playable, peer: string): Promise<void> {
    this.#playing.set(element, peer);
    this.#mute(element, peer);
    await this.#route(element);
    try {
      await element.play();
    } catch (error) {
      if (!isRefusal(error)) return; // The stream changed or the element left: not our affair.
      element.muted = true;
      this.#silenced.add(element);
      this.#blocked.value = true;
      await element.play().catch(() => undefined);
    }
  }

  /** Turns the sound on. Call it from a click. */
  async open(): Promise<void> {
    this.#silenced.clear();
    this.#isHushed = this.#blocked.value = false;
    await Promise.all([...this.#playing].map((playing) => this.play(...playing)));
  }

  /** Plays nobody aloud until {@link SoundGate.open}. */
  hush(): void {
    this.#isHushed = this.#blocked.value = true;
    this.#muteAll();
  }

  /** Never plays this peer aloud. */
  leaveOut(peer: string): void {
    this.#leftOut.add(peer);
    this.#muteAll();
  }

  /** Forgets an element that has left the page. */
  forget(element: Playable): void {
    this.#playing.delete(element);
    this.#silenced.delete(element);
    if (this.#silenced.size === 0) this.#blocked.value = this.#isHushed;
  }

  #mute(element: Playable, peer: string): void {
    element.muted = this.#isHushed || this.#leftOut.has(peer);
  }

  #muteAll(): void {
    for (const [element, peer] of this.#playing) {
      // What the browser has refused stays silent: turning its sound on would stop it.
      if (!this.#silenced.has(element)) this.#mute(element, peer);
    }
  }

  async #route(element: Playable): Promise<void> {
    if (this.#speaker.value === '') return;
    await element.setSinkId?.(this.#speaker.value).catch(() => undefined);
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotAllowedError';
}
