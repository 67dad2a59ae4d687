/**
 * Saves data: asks the camera for a small picture, or turns it off and brings it back. What is asked
 * of the others is said in `picture-desk`. The choice is remembered.
 * @module
 */
import { effect, signal, untracked } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { Slot, SlotSnapshot } from '@parley/client';
import { cameraBehind } from '../media/camera-behind.ts';
import type { Preferences } from '../ui/preferences.ts';
import { parseDataMode } from './data-mode.ts';
import type { DataMode } from './data-mode.ts';

/** The camera, as far as it is needed. */
type Camera = Pick<Slot, 'on' | 'off'>;

/** What a saver works with. */
export interface DataSaverOptions {
  readonly camera: Camera;
  readonly snapshot: ReadonlySignal<SlotSnapshot>;
  readonly preferences: Preferences;
  /** Tells the others. */
  readonly tell: (mode: DataMode) => void;
}

/** What a small picture is; the ladder of the SDK has a step of this size. */
const SMALL: MediaTrackConstraints = {
  width: { ideal: 320 },
  height: { ideal: 180 },
  frameRate: { ideal: 15 },
};

/** See the module comment. Its owner must {@link DataSaver.close} it. */
export class DataSaver {
  readonly #mode = signal<DataMode>('full');
  readonly #options: DataSaverOptions;
  readonly #undo: () => void;
  /** What cameras were asked for before they were made small. */
  readonly #before = new WeakMap<MediaStreamTrack, MediaTrackConstraints>();
  #last: SlotSnapshot['state'];
  #withPictures: DataMode = 'full';
  #wasOn = false;

  constructor(options: DataSaverOptions) {
    this.#options = options;
    this.#last = options.snapshot.peek().state;
    this.choose(parseDataMode(options.preferences.read('data')) ?? 'full');
    this.#undo = effect(() => {
      const { state, track } = options.snapshot.value;
      const mode = this.#mode.value;
      untracked(() => this.#follow(mode, state, track));
    });
  }

  /** What holds now. */
  get mode(): ReadonlySignal<DataMode> {
    return this.#mode;
  }

  /** Changes over, tells the others, and remembers it. */
  choose(mode: DataMode): void {
    const { camera, snapshot, preferences, tell } = this.#options;
    const before = this.#mode.peek();
    if (mode === before) return;
    this.#mode.value = mode;
    preferences.write('data', mode);
    tell(mode);
    if (mode !== 'audio') {
      this.#withPictures = mode;
      if (before === 'audio' && this.#wasOn) void camera.on().catch(() => undefined);
      return;
    }
    const { state } = snapshot.peek();
    this.#wasOn = state === 'live' || state === 'starting';
    if (this.#wasOn) void camera.off();
  }

  /** Ends everything but the choice. Idempotent. */
  close(): void {
    this.#undo();
  }

  #follow(mode: DataMode, state: SlotSnapshot['state'], track: MediaStreamTrack | undefined): void {
    const isStarted = state === 'starting' && this.#last !== 'starting';
    this.#last = state;
    if (mode === 'audio') {
      // Who turns the camera on wants pictures again.
      if (isStarted) this.choose(this.#withPictures);
      return;
    }
    if (track !== undefined) this.#resize(cameraBehind.get(track) ?? track, mode);
  }

  #resize(track: MediaStreamTrack, mode: DataMode): void {
    const before = this.#before.get(track);
    if ((mode === 'low') === (before !== undefined)) return;
    const usual = track.getConstraints();
    if (before === undefined) this.#before.set(track, usual);
    else this.#before.delete(track);
    // A camera that cannot do it goes on as it is.
    void track.applyConstraints(before ?? { ...usual, ...SMALL }).catch(() => undefined);
  }
}
