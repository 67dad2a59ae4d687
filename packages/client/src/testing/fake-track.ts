/**
 * Tracks and streams without devices behind them.
 * @module
 */
import { FakeTarget } from './fake-target.ts';
import { asDom } from './dom.ts';

let lastTrack = 0;

/** A track of a device; `vanish()` is what happens when the device is pulled out. */
export class FakeTrack extends FakeTarget {
  readonly kind: 'audio' | 'video';
  readonly deviceId: string;
  readonly id: string;
  enabled = true;
  muted = false;
  contentHint = '';
  /** What the browser really does, besides the device. */
  settings: object = {};
  readyState: MediaStreamTrackState = 'live';
  onStop: (() => void) | undefined;

  constructor(kind: 'audio' | 'video', deviceId = '') {
    super();
    this.kind = kind;
    this.deviceId = deviceId;
    lastTrack += 1;
    this.id = `${kind}-${lastTrack}`;
  }

  get dom(): MediaStreamTrack {
    return asDom('track', this);
  }

  stop(): void {
    if (this.readyState === 'ended') return;
    this.readyState = 'ended';
    this.onStop?.();
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.deviceId, ...this.settings };
  }

  vanish(): void {
    this.stop();
    this.dispatchEvent(new Event('ended'));
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  }
}

/** A set of tracks. */
export class FakeStream {
  readonly #tracks: MediaStreamTrack[];

  constructor(tracks: readonly MediaStreamTrack[] = []) {
    this.#tracks = [...tracks];
  }

  get dom(): MediaStream {
    return asDom('stream', this);
  }

  getTracks(): MediaStreamTrack[] {
    return [...this.#tracks];
  }

  getVideoTracks(): MediaStreamTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'video');
  }

  getAudioTracks(): MediaStreamTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'audio');
  }

  addTrack(track: MediaStreamTrack): void {
    if (!this.#tracks.includes(track)) this.#tracks.push(track);
  }

  removeTrack(track: MediaStreamTrack): void {
    const index = this.#tracks.indexOf(track);
    if (index >= 0) this.#tracks.splice(index, 1);
  }
}
