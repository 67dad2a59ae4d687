/**
 * A named place for one device: on, off, choose another, mute. What does the work is loaded when the
 * device is first wanted.
 * @module
 */
import { lazily } from '../lazily.ts';
import type { Observable } from '../observable.ts';
import { asMediaError } from './media-error.ts';
import type { MediaError } from './media-error.ts';
import type { SlotControl } from './slot-control.ts';
import type { DeviceSource } from './source.ts';
import { SentStore } from './sent-store.ts';
import type { TrackSource } from './track-source.ts';

/** A slot at one moment. */
export interface SlotSnapshot {
  readonly state: 'off' | 'starting' | 'live' | 'failed';
  readonly muted: boolean;
  readonly track: MediaStreamTrack | undefined;
  /** Of this one track, for a `<video>` or `<audio>` element. */
  readonly stream: MediaStream | undefined;
  /** In use, or chosen for the next time. */
  readonly deviceId: string | undefined;
  /** Why `state` is `'failed'`, or why the last `use()` failed. */
  readonly error: MediaError | undefined;
}

/** What was made of a track. */
export interface TransformedTrack {
  readonly track: MediaStreamTrack;
  /** Ends `track`, and lets everything go that makes it; the track of the device stays. */
  readonly close: () => void;
}

/** Makes another track of that of a device, such as one without noise. May reject. */
export interface TrackTransform {
  (device: MediaStreamTrack): Promise<TransformedTrack>;
  /**
   * Fetches what is needed, before a device is opened: no camera burns its light meanwhile. When it rejects,
   * the transform has failed.
   */
  readonly prepare?: () => Promise<void>;
}

/** How a device is opened. */
export interface OpenOptions {
  /** Gives up waiting for the device, or for the person whom the browser asks. */
  readonly signal?: AbortSignal | undefined;
}

/** A camera or a microphone. */
export interface Slot extends Observable<SlotSnapshot> {
  readonly source: DeviceSource;
  /**
   * Opens the device: the chosen one, or what the browser prefers. Rejects with a MediaError, or with the reason of
   * the signal: then the device is off as soon as the browser answers, also where it opens after all.
   */
  on(options?: OpenOptions): Promise<void>;
  /** Stops the device: the light goes out. Never rejects. */
  off(): Promise<void>;
  /**
   * Chooses the device. A running slot changes over at once, and its old track goes on when the new
   * device fails; one that is off only remembers the choice. Rejects with a MediaError.
   */
  use(deviceId: string): Promise<void>;
  /**
   * Shows and sends what this makes of the device, of every device from now on; `undefined` ends that.
   * When it fails, what was sent before goes on; where it fails for a device that starts, a microphone is
   * sent as it is, and a camera fails: nobody is shown as they did not want. Rejects with a MediaError.
   */
  transform(transform: TrackTransform | undefined): Promise<void>;
  /** Sends black or silence instead; remembered across devices. */
  setMuted(muted: boolean): void;
}

/** The part of a slot that its control needs. */
export interface SlotPort {
  readonly slot: Pick<DeviceSlot, 'snapshot' | 'source'>;
  readonly update: (patch: Partial<SlotSnapshot>) => void;
  /** Resolves when every connection sends the track, or nothing. */
  readonly send: (track: MediaStreamTrack | null) => Promise<void>;
}

/** Loads what works for a slot. May reject. */
export type OpenSlotControl = (port: SlotPort) => Promise<SlotControl>;

/** The slot of one device. */
export class DeviceSlot extends SentStore<SlotSnapshot> implements Slot, TrackSource {
  readonly source: DeviceSource;
  readonly #load: () => Promise<SlotControl>;
  #isUsed = false;
  #control: SlotControl | undefined;

  constructor(source: DeviceSource, open: OpenSlotControl) {
    super({
      state: 'off',
      muted: false,
      track: undefined,
      stream: undefined,
      deviceId: undefined,
      error: undefined,
    });
    this.source = source;
    this.#load = lazily(() =>
      open({
        slot: this,
        update: (patch) => this.update(patch),
        send: (track) => this.send(track),
      }),
    );
  }

  on(options?: OpenOptions): Promise<void> {
    return this.#with((control) => control.on(options));
  }

  async off(): Promise<void> {
    // Whoever has turned nothing on has nothing to turn off.
    if (this.#isUsed) await this.#with((control) => control.off()).catch(() => {});
  }

  use(deviceId: string): Promise<void> {
    return this.#with((control) => control.use(deviceId));
  }

  transform(transform: TrackTransform | undefined): Promise<void> {
    return this.#with((control) => control.transform(transform));
  }

  setMuted(muted: boolean): void {
    const { track } = this.snapshot;
    if (track !== undefined) track.enabled = !muted;
    this.update({ muted });
  }

  /** At once where the control is there. */
  async #with(use: (control: SlotControl) => Promise<void>): Promise<void> {
    this.#isUsed = true;
    try {
      this.#control ??= await this.#load();
    } catch (cause) {
      const error = asMediaError(cause, this.source);
      this.update({ state: 'failed', error });
      throw error;
    }
    await use(this.#control);
  }
}
