/**
 * Our own screen, shared with the others: picture, and sound where the browser gives it. What does
 * the work is loaded when somebody first watches the slot, so that a click on "share" finds it ready.
 * @module
 */
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
   * else, and what is shared goes on until then. Rejects with a MediaError.
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
  readonly #platform: Pick<Platform, 'mediaDevices' | 'createStream'>;
  #control: Promise<ScreenControl> | undefined;

  constructor(platform: Pick<Platform, 'mediaDevices' | 'createStream'>) {
    super({
      state: 'off',
      track: undefined,
      stream: undefined,
      sound: undefined,
      error: undefined,
    });
    this.#platform = platform;
  }

  override subscribe(onChange: () => void): () => void {
    this.#load().catch(() => {}); // on() tries again and says why
    return super.subscribe(onChange);
  }

  async on(options: ScreenOptions = {}): Promise<void> {
    await (await this.#load()).on(options);
  }

  async off(): Promise<void> {
    await this.#control?.then((control) => control.off()).catch(() => {});
  }

  #load(): Promise<ScreenControl> {
    this.#control ??= this.#import();
    return this.#control;
  }

  async #import(): Promise<ScreenControl> {
    try {
      const { ScreenControl: Control } = await import('./screen-control.ts');
      return new Control({
        platform: this.#platform,
        slot: this,
        update: (patch) => this.update(patch),
      });
    } catch (error) {
      this.#control = undefined;
      throw asMediaError(error, 'screen');
    }
  }
}
