/**
 * A named place for one device: on, off, choose another, mute. Calls may come in any order and at
 * any time: they state a wish, one loop works towards the newest wish, and what was superseded on
 * the way never reaches the other callers.
 * @module
 */
import type { Observable } from '../observable.ts';
import type { Platform } from '../platform.ts';
import type { Acquire } from './capture.ts';
import { asMediaError, vanishedError } from './media-error.ts';
import type { MediaError } from './media-error.ts';
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

/** A camera or a microphone. */
export interface Slot extends Observable<SlotSnapshot> {
  readonly source: DeviceSource;
  /** Opens the device: the chosen one, or what the browser prefers. Rejects with a MediaError. */
  on(): Promise<void>;
  /** Stops the device: the light goes out. Never rejects. */
  off(): Promise<void>;
  /**
   * Chooses the device. A running slot changes over at once, and its old track goes on when the new
   * device fails; one that is off only remembers the choice. Rejects with a MediaError.
   */
  use(deviceId: string): Promise<void>;
  /** Sends black or silence instead; remembered across devices. */
  setMuted(muted: boolean): void;
}

/** What a slot works with. */
export interface DeviceSlotOptions {
  readonly source: DeviceSource;
  readonly acquire: Acquire;
  readonly platform: Pick<Platform, 'createStream'>;
}

/** What the application wants; a new object for every new wish. */
interface Wish {
  readonly on: boolean;
  readonly deviceId: string | undefined;
  /** Only this device will do: it was asked for just now. */
  readonly exact: boolean;
}

interface Outcome {
  readonly wish: Wish;
  readonly failure: MediaError | undefined;
}

/** The slot of one device. */
export class DeviceSlot extends SentStore<SlotSnapshot> implements Slot, TrackSource {
  readonly source: DeviceSource;
  readonly #options: DeviceSlotOptions;
  #wish: Wish = { on: false, deviceId: undefined, exact: false };
  #settling: Promise<Outcome> | undefined;

  constructor(options: DeviceSlotOptions) {
    super({
      state: 'off',
      muted: false,
      track: undefined,
      stream: undefined,
      deviceId: undefined,
      error: undefined,
    });
    this.source = options.source;
    this.#options = options;
  }

  on(): Promise<void> {
    return this.#want({ on: true, exact: false });
  }

  off(): Promise<void> {
    return this.#want({ on: false, exact: false });
  }

  use(deviceId: string): Promise<void> {
    const on = this.#wish.on || this.snapshot.state === 'failed';
    return this.#want({ on, deviceId, exact: true });
  }

  setMuted(muted: boolean): void {
    const { track } = this.snapshot;
    if (track !== undefined) track.enabled = !muted;
    this.update({ muted });
  }

  async #want(change: Partial<Wish>): Promise<void> {
    const wish: Wish = { ...this.#wish, ...change };
    this.#wish = wish;
    this.#settling ??= this.#settle();
    const outcome = await this.#settling;
    // A wish that a later one has replaced is neither fulfilled nor failed.
    if (outcome.wish === wish && outcome.failure !== undefined) throw outcome.failure;
  }

  async #settle(): Promise<Outcome> {
    let outcome: Outcome;
    do {
      const wish = this.#wish;
      outcome = { wish, failure: await this.#fulfil(wish) };
    } while (outcome.wish !== this.#wish);
    const { track, deviceId } = this.snapshot;
    this.#wish = { on: track !== undefined, deviceId, exact: false };
    this.#settling = undefined;
    if (track?.readyState === 'ended') this.#vanished(track);
    return outcome;
  }

  async #fulfil(wish: Wish): Promise<MediaError | undefined> {
    const { track, deviceId } = this.snapshot;
    if (!wish.on) {
      await this.#stop(wish);
      return undefined;
    }
    if (track?.readyState !== 'live') return this.#start(wish);
    if (wish.deviceId === undefined || wish.deviceId === deviceId) {
      this.update({ error: undefined });
      return undefined;
    }
    return this.#change(wish, wish.deviceId, track);
  }

  async #stop({ deviceId }: Wish): Promise<void> {
    const { track } = this.snapshot;
    this.update({ state: 'off', deviceId, track: undefined, stream: undefined, error: undefined });
    if (track === undefined) return;
    const sent = this.send(null);
    track.stop(); // the light goes out whatever the connections do
    await sent;
  }

  async #start(wish: Wish): Promise<MediaError | undefined> {
    this.update({ state: 'starting', deviceId: wish.deviceId, error: undefined });
    try {
      await this.#install(await this.#acquireFor(wish), wish);
      return undefined;
    } catch (error) {
      return this.#fail(wish, error);
    }
  }

  /** A remembered device that is gone is no reason to stay dark; one just asked for is. */
  async #acquireFor({ deviceId, exact }: Wish): Promise<MediaStreamTrack> {
    const { acquire } = this.#options;
    try {
      return await acquire(this.source, deviceId);
    } catch (error) {
      const { code } = asMediaError(error, this.source);
      const isGone = code === 'ERR_MEDIA_OVERCONSTRAINED' || code === 'ERR_MEDIA_NOT_FOUND';
      if (exact || deviceId === undefined || !isGone) throw error;
      return acquire(this.source, undefined);
    }
  }

  async #change(
    wish: Wish,
    deviceId: string,
    old: MediaStreamTrack,
  ): Promise<MediaError | undefined> {
    try {
      const track = await this.#options.acquire(this.source, deviceId);
      await this.#install(track, wish);
      old.stop();
      return undefined;
    } catch (error) {
      const failure = asMediaError(error, this.source);
      if (this.#wish !== wish) return failure;
      if (failure.code === 'ERR_MEDIA_IN_USE') return this.#changeExclusive(wish, deviceId, old);
      this.update({ error: failure }); // the old track goes on
      return failure;
    }
  }

  /** Some devices open only when the other one is closed: many phones run one camera at a time. */
  async #changeExclusive(
    wish: Wish,
    deviceId: string,
    old: MediaStreamTrack,
  ): Promise<MediaError | undefined> {
    const { acquire } = this.#options;
    const oldDeviceId = this.snapshot.deviceId;
    old.stop();
    try {
      await this.#install(await acquire(this.source, deviceId), wish);
      return undefined;
    } catch (error) {
      const failure = asMediaError(error, this.source);
      try {
        await this.#install(await acquire(this.source, oldDeviceId), wish);
        this.update({ error: failure });
        return failure;
      } catch {
        return this.#fail(wish, failure);
      }
    }
  }

  /** Nothing runs now. Says so unless a newer wish is about to be tried. */
  async #fail(wish: Wish, cause: unknown): Promise<MediaError> {
    const error = asMediaError(cause, this.source);
    if (this.#wish !== wish) return error;
    const { track } = this.snapshot;
    this.update({ state: 'failed', track: undefined, stream: undefined, error });
    if (track !== undefined) await this.send(null);
    return error;
  }

  /** From here on `track` is what is seen and sent; the caller stops the one before it. */
  async #install(track: MediaStreamTrack, { deviceId }: Wish): Promise<void> {
    if (!this.#wish.on) {
      track.stop(); // turned off meanwhile: the light goes out again at once
      return;
    }
    track.enabled = !this.snapshot.muted;
    track.addEventListener('ended', () => this.#ended(track), { once: true });
    this.update({
      state: 'live',
      track,
      stream: this.#options.platform.createStream([track]),
      deviceId: track.getSettings().deviceId ?? deviceId,
      error: undefined,
    });
    await this.send(track);
  }

  #ended(track: MediaStreamTrack): void {
    if (this.#settling === undefined) this.#vanished(track);
  }

  /** Unplugged, or taken away by the person in the browser's own controls. */
  #vanished(track: MediaStreamTrack): void {
    if (this.snapshot.track !== track) return;
    const error = vanishedError(this.source);
    this.update({ state: 'failed', track: undefined, stream: undefined, error });
    this.#wish = { on: false, deviceId: this.snapshot.deviceId, exact: false };
    void this.send(null);
    // A voice matters more than which microphone it comes from; a face is not shown unasked.
    if (this.source === 'microphone') this.on().catch(() => {});
  }
}
