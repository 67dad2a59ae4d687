/**
 * Works for the slot of a device: opens, changes over, stops. Calls may come in any order and at any
 * time: they state a wish, one loop works towards the newest wish, and what was superseded on the way
 * never reaches the other callers. Loaded together with the capture.
 * @module
 */
import { abortable } from '../abortable.ts';
import type { Platform } from '../platform.ts';
import type { Acquire } from './capture.ts';
import { asMediaError, MediaError } from './media-error.ts';
import type { OpenOptions, SlotPort, SlotSnapshot, TrackTransform } from './slot.ts';
import type { DeviceSource } from './source.ts';

/** What a control works with. */
export interface SlotControlOptions extends SlotPort {
  readonly acquire: Acquire;
  readonly platform: Pick<Platform, 'createStream'>;
}

/** What the application wants; a new object for every new wish. */
interface Wish {
  readonly on: boolean;
  readonly deviceId: string | undefined;
  /** Only this device will do: it was asked for just now. */
  readonly exact: boolean;
  /** What is made of the device before it is sent. */
  readonly transform: TrackTransform | undefined;
}

/** What runs now: a device, and the track that is made of it. */
interface Running {
  readonly device: MediaStreamTrack;
  readonly track: MediaStreamTrack;
  readonly transform: TrackTransform | undefined;
  /** Ends what was made; the device goes on. */
  readonly release: () => void;
}

interface Outcome {
  readonly wish: Wish;
  readonly failure: MediaError | undefined;
}

/** See the module comment. */
export class SlotControl {
  readonly #options: SlotControlOptions;
  #wish: Wish = { on: false, deviceId: undefined, exact: false, transform: undefined };
  #running: Running | undefined;
  #settling: Promise<Outcome> | undefined;

  constructor(options: SlotControlOptions) {
    this.#options = options;
  }

  /** As `Slot.on` says. */
  async on({ signal }: OpenOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    const opening = this.#want({ on: true, exact: false });
    if (signal === undefined) return opening;
    try {
      await abortable(opening, signal);
    } catch (error) {
      // It is closed when the browser has opened it after all; another wish may have been fulfilled meanwhile.
      if (signal.aborted && this.#snapshot.state === 'starting') void this.off();
      throw error;
    }
  }

  /** As `Slot.off` says. */
  off(): Promise<void> {
    return this.#want({ on: false, exact: false });
  }

  /** As `Slot.use` says. */
  use(deviceId: string): Promise<void> {
    const on = this.#wish.on || this.#snapshot.state === 'failed';
    return this.#want({ on, deviceId, exact: true });
  }

  /** As `Slot.transform` says. */
  transform(transform: TrackTransform | undefined): Promise<void> {
    return this.#want({ transform, exact: false });
  }

  get #snapshot(): SlotSnapshot {
    return this.#options.slot.snapshot;
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
    const { deviceId } = this.#snapshot;
    const running = this.#running;
    const { transform } = running ?? this.#wish;
    this.#wish = { on: running !== undefined, deviceId, exact: false, transform };
    this.#settling = undefined;
    if (running?.device.readyState === 'ended') this.#vanished(running.device);
    return outcome;
  }

  async #fulfil(wish: Wish): Promise<MediaError | undefined> {
    const running = this.#running;
    if (!wish.on) {
      await this.#stop(wish);
      return undefined;
    }
    if (running?.device.readyState !== 'live') return this.#start(wish);
    if (wish.deviceId !== undefined && wish.deviceId !== this.#snapshot.deviceId) {
      return this.#change(wish, wish.deviceId, running);
    }
    if (wish.transform !== running.transform) return this.#transform(wish, running);
    this.#options.update({ error: undefined });
    return undefined;
  }

  async #stop({ deviceId }: Wish): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    this.#options.update({
      state: 'off',
      deviceId,
      track: undefined,
      stream: undefined,
      error: undefined,
    });
    if (running === undefined) return;
    const sent = this.#options.send(null);
    end(running); // the light goes out whatever the connections do
    await sent;
  }

  async #start(wish: Wish): Promise<MediaError | undefined> {
    this.#options.update({ state: 'starting', deviceId: wish.deviceId, error: undefined });
    try {
      await this.#prepare(wish.transform);
      if (this.#wish !== wish) return undefined; // turned off, or another one chosen, meanwhile
      await this.#install(await this.#acquireFor(wish), wish);
      return undefined;
    } catch (error) {
      return this.#fail(wish, error);
    }
  }

  /** Whom nobody hears without a transform should still be heard; a face is not shown unasked. */
  async #prepare(transform: TrackTransform | undefined): Promise<void> {
    try {
      await transform?.prepare?.();
    } catch (error) {
      if (this.#options.slot.source === 'camera') throw error;
    }
  }

  /** A remembered device that is gone is no reason to stay dark; one just asked for is. */
  async #acquireFor({ deviceId, exact }: Wish): Promise<MediaStreamTrack> {
    const { acquire } = this.#options;
    try {
      return await acquire(this.#options.slot.source, deviceId);
    } catch (error) {
      const { code } = asMediaError(error, this.#options.slot.source);
      const isGone = code === 'ERR_MEDIA_OVERCONSTRAINED' || code === 'ERR_MEDIA_NOT_FOUND';
      if (exact || deviceId === undefined || !isGone) throw error;
      return acquire(this.#options.slot.source, undefined);
    }
  }

  async #change(wish: Wish, deviceId: string, old: Running): Promise<MediaError | undefined> {
    try {
      const track = await this.#options.acquire(this.#options.slot.source, deviceId);
      await this.#install(track, wish);
      end(old);
      return undefined;
    } catch (error) {
      const failure = asMediaError(error, this.#options.slot.source);
      if (this.#wish !== wish) return failure;
      if (failure.code === 'ERR_MEDIA_IN_USE') return this.#changeExclusive(wish, deviceId, old);
      this.#options.update({ error: failure }); // the old track goes on
      return failure;
    }
  }

  /** Some devices open only when the other one is closed: many phones run one camera at a time. */
  async #changeExclusive(
    wish: Wish,
    deviceId: string,
    old: Running,
  ): Promise<MediaError | undefined> {
    const { acquire } = this.#options;
    const oldDeviceId = this.#snapshot.deviceId;
    end(old);
    try {
      await this.#install(await acquire(this.#options.slot.source, deviceId), wish);
      return undefined;
    } catch (error) {
      const failure = asMediaError(error, this.#options.slot.source);
      try {
        await this.#install(await acquire(this.#options.slot.source, oldDeviceId), wish);
        this.#options.update({ error: failure });
        return failure;
      } catch {
        return this.#fail(wish, failure);
      }
    }
  }

  /** Nothing runs now. Says so unless a newer wish is about to be tried. */
  async #fail(wish: Wish, cause: unknown): Promise<MediaError> {
    const error = asMediaError(cause, this.#options.slot.source);
    if (this.#wish !== wish) return error;
    const running = this.#running;
    this.#running = undefined;
    this.#options.update({ state: 'failed', track: undefined, stream: undefined, error });
    if (running !== undefined) {
      end(running);
      await this.#options.send(null);
    }
    return error;
  }

  /** Puts another transform in the place of the one before; when it fails, that one stays. */
  async #transform(wish: Wish, old: Running): Promise<MediaError | undefined> {
    try {
      await this.#show(await make(old.device, wish.transform));
      old.release();
      return undefined;
    } catch (error) {
      return asMediaError(error, this.#options.slot.source);
    }
  }

  /** From here on `device` is what is seen and sent; the caller ends the one before it. */
  async #install(device: MediaStreamTrack, { deviceId, transform }: Wish): Promise<void> {
    device.addEventListener('ended', () => this.#ended(device), { once: true });
    const running = await make(device, transform).catch((error: unknown) => {
      if (this.#options.slot.source === 'microphone') return make(device, undefined);
      device.stop();
      throw error;
    });
    if (!this.#wish.on) {
      end(running); // turned off meanwhile: the light goes out again at once
      return;
    }
    await this.#show(running, device.getSettings().deviceId ?? deviceId);
  }

  async #show(running: Running, deviceId = this.#snapshot.deviceId): Promise<void> {
    const { track } = running;
    this.#running = running;
    track.enabled = !this.#snapshot.muted;
    this.#options.update({
      state: 'live',
      track,
      stream: this.#options.platform.createStream([track]),
      deviceId,
      error: undefined,
    });
    await this.#options.send(track);
  }

  #ended(device: MediaStreamTrack): void {
    if (this.#settling === undefined) this.#vanished(device);
  }

  /** Unplugged, or taken away by the person in the browser's own controls. */
  #vanished(device: MediaStreamTrack): void {
    const running = this.#running;
    if (running?.device !== device) return;
    this.#running = undefined;
    running.release();
    const error = vanishedError(this.#options.slot.source);
    this.#options.update({ state: 'failed', track: undefined, stream: undefined, error });
    this.#wish = { ...this.#wish, on: false, deviceId: this.#snapshot.deviceId, exact: false };
    void this.#options.send(null);
    // A voice matters more than which microphone it comes from; a face is not shown unasked.
    if (this.#options.slot.source === 'microphone') this.on().catch(() => {});
  }
}

async function make(
  device: MediaStreamTrack,
  transform: TrackTransform | undefined,
): Promise<Running> {
  if (transform === undefined) return { device, track: device, transform, release: () => {} };
  const { track, close } = await transform(device);
  return { device, track, transform, release: close };
}

function end({ device, release }: Running): void {
  release();
  device.stop();
}

/** A device that ran does not run any more. */
function vanishedError(source: DeviceSource): MediaError {
  const message = `The ${source} has been unplugged. Connect it, or choose another one.`;
  return new MediaError('ERR_MEDIA_NOT_FOUND', source, message);
}
