/**
 * Our own screen, shared with the others: picture, and sound where the browser gives it. What does
 * the work is loaded when somebody first watches the slot, so that a click on "share" finds it ready.
 * @module
 */
import { lazily } from '../lazily.ts';
import { Store } from '../observable.ts';
import type { Observable } from '../observable.ts';
import type { Platform } from '../platform.ts';
import { asMediaError } from './media-error.ts';
import type { MediaError } from './media-error.ts';
import type { ScreenOptions } from './screen-capture.ts';
import type { ScreenControl } from './screen-control.ts';
import { TrackOutlet } from './track-outlet.ts';

/** A shared screen at one moment. */
export interface ScreenSnapshot {
  /** `'starting'` while the person chooses what to share. */
  readonly state: 'off' | 'starting' | 'live' | 'failed';
  readonly track: MediaStreamTrack | undefined;
  /** Of the picture alone, for a `<video>` element. */
  readonly stream: MediaStream | undefined;
  /** What the shared tab or window plays; undefined where the browser gives none, or an echo of the call. */
  readonly sound: MediaStreamTrack | undefined;
  /** Why `state` is `'failed'`, or why the last `on()` failed while another screen goes on. */
  readonly error: MediaError | undefined;
}

/** The screen, a window or a tab, shared with the others. */
export interface ScreenSlot extends Observable<ScreenSnapshot> {
  /**
   * Asks the person what to share; call it from a click. While something is shared, asks for something
   * else, and what is shared goes on until then. Rejects with a MediaError, or with the reason of the signal.
   */
  on(options?: ScreenOptions): Promise<void>;
  /** Stops sharing. Never rejects. */
  off(): Promise<void>;
}

/** See the module comment. */
export class ScreenShare extends Store<ScreenSnapshot> implements ScreenSlot {
  /** What connections send. */
  readonly outlets: { readonly screen: TrackOutlet; readonly screenSound: TrackOutlet } = {
    screen: new TrackOutlet(),
    screenSound: new TrackOutlet(),
  };
  readonly #load: () => Promise<ScreenControl>;
  #isUsed = false;

  constructor(platform: Pick<Platform, 'mediaDevices' | 'createStream'>) {
    super({
      state: 'off',
      track: undefined,
      stream: undefined,
      sound: undefined,
      error: undefined,
    });
    this.#load = lazily(async () => {
      const { ScreenControl: Control } = await import('./screen-control.ts');
      return new Control({ platform, slot: this, update: (patch) => this.update(patch) });
    });
  }

  override subscribe(onChange: () => void): () => void {
    this.#load().catch(() => {}); // on() tries again and says why
    return super.subscribe(onChange);
  }

  async on(options: ScreenOptions = {}): Promise<void> {
    this.#isUsed = true;
    const control = await this.#load().catch((error: unknown) => {
      throw asMediaError(error, 'screen');
    });
    await control.on(options);
  }

  async off(): Promise<void> {
    if (this.#isUsed)
      await this.#load().then(
        (control) => control.off(),
        () => {},
      );
  }
}
