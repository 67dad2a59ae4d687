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
  readonly #playing = new Set<Playable>();
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
    await Promise.all([...this.#playing].map((element) => this.#route(element)));
  }

  /** Whether somebody cannot be heard until the person presses a button. */
  get blocked(): ReadonlySignal<boolean> {
    return this.#blocked;
  }

  /** Plays `element` with sound, or without it where that is all the browser allows. */
  async play(element: Playable): Promise<void> {
    element.muted = false;
    this.#playing.add(element);
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
    const waiting = [...this.#silenced];
    this.#silenced.clear();
    this.#blocked.value = false;
    await Promise.all(waiting.map((element) => this.play(element)));
  }

  /** Forgets an element that has left the page. */
  forget(element: Playable): void {
    this.#playing.delete(element);
    this.#silenced.delete(element);
    if (this.#silenced.size === 0) this.#blocked.value = false;
  }

  async #route(element: Playable): Promise<void> {
    if (this.#speaker.value === '') return;
    await element.setSinkId?.(this.#speaker.value).catch(() => undefined);
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotAllowedError';
}
