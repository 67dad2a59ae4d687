/**
 * Works for a screen slot: asks, changes over, stops. Loaded together with the capture, so that a page
 * that shares no screen does not carry it.
 * @module
 */
import { abortable } from '../abortable.ts';
import type { Platform } from '../platform.ts';
import { mediaErrorFrom } from './browser-media-error.ts';
import { MediaError } from './media-error.ts';
import { captureScreen, SCREEN_SENTENCES } from './screen-capture.ts';
import type { ScreenOptions, SharedScreen } from './screen-capture.ts';
import type { ScreenShare, ScreenSnapshot } from './screen-slot.ts';

/** The part of the slot that its control needs. */
export interface ScreenPort {
  readonly platform: Pick<Platform, 'mediaDevices' | 'createStream'>;
  readonly slot: Pick<ScreenShare, 'snapshot' | 'outlets'>;
  readonly update: (patch: Partial<ScreenSnapshot>) => void;
}

const NOTHING = { track: undefined, stream: undefined, sound: undefined } as const;

/** The newest call of `on()` or `off()` wins. */
export class ScreenControl {
  readonly #port: ScreenPort;
  #calls = 0;

  constructor(port: ScreenPort) {
    this.#port = port;
  }

  /** As `ScreenSlot.on` says. */
  async on({ signal, ...options }: ScreenOptions): Promise<void> {
    signal?.throwIfAborted();
    const { platform, update } = this.#port;
    const call = (this.#calls += 1);
    update({ state: this.#stateWith('starting'), error: undefined });
    const asking = captureScreen(platform.mediaDevices, options);
    try {
      const shared = await (signal === undefined ? asking : abortable(asking, signal));
      if (call === this.#calls) await this.#install(shared);
      else stopShared(shared);
    } catch (cause) {
      if (signal?.aborted === true) {
        asking.then(stopShared, () => {});
        if (call === this.#calls) update({ state: this.#stateWith('off') });
        throw cause;
      }
      if (call !== this.#calls) return;
      const { code, message } = mediaErrorFrom(cause, 'screen');
      const error = new MediaError(code, 'screen', SCREEN_SENTENCES[code] ?? message, cause);
      update({ state: this.#stateWith('failed'), error });
      throw error;
    }
  }

  /** Never rejects. */
  async off(): Promise<void> {
    this.#calls += 1;
    await this.#replace({ state: 'off', ...NOTHING, error: undefined });
  }

  #stateWith(other: 'starting' | 'failed' | 'off'): ScreenSnapshot['state'] {
    return this.#port.slot.snapshot.track === undefined ? other : 'live';
  }

  async #install({ track, sound }: SharedScreen): Promise<void> {
    const { slot, platform } = this.#port;
    // The browser's own button "stop sharing", or the window was closed.
    track.addEventListener('ended', () => {
      if (slot.snapshot.track === track) void this.off();
    });
    sound?.addEventListener('ended', () => {
      if (slot.snapshot.sound === sound) void this.#replace({ ...slot.snapshot, sound: undefined });
    });
    const stream = platform.createStream([track]);
    await this.#replace({ state: 'live', track, stream, sound, error: undefined });
    if (track.readyState === 'ended') await this.off();
  }

  /** Connections change over first; what they sent before is stopped afterwards. */
  async #replace(next: ScreenSnapshot): Promise<void> {
    const { slot, update } = this.#port;
    const { track, sound } = slot.snapshot;
    update(next);
    const sent = Promise.all([
      slot.outlets.screen.play(next.track),
      slot.outlets.screenSound.play(next.sound),
    ]);
    if (next.track !== undefined) await sent;
    if (track !== next.track) stop(track);
    if (sound !== next.sound) stop(sound);
    await sent;
  }
}

function stopShared({ track, sound }: SharedScreen): void {
  stop(track, sound);
}

function stop(...tracks: readonly (MediaStreamTrack | undefined)[]): void {
  for (const track of tracks) track?.stop();
}
