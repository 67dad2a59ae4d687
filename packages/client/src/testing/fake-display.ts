/**
 * A browser that shares screens: the test decides what the person chooses.
 * @module
 */
import { asDom } from './dom.ts';
import { FakeStream, FakeTrack } from './fake-track.ts';

/** What one choice gives. */
export interface FakeSurface {
  readonly displaySurface: 'monitor' | 'window' | 'browser';
  /** Settings of its sound; none without. */
  readonly sound?: object;
}

/** See the module comment. */
export class FakeDisplay {
  readonly requests: object[] = [];
  /** Every track given out so far. */
  readonly tracks: FakeTrack[] = [];
  surface: FakeSurface = { displaySurface: 'monitor' };
  /** In place of a choice. */
  refusal: Error | undefined;
  /** Choices wait for this. */
  gate: Promise<void> = Promise.resolve();

  get dom(): MediaDevices {
    return asDom('mediaDevices', this);
  }

  /** Tracks that are being captured. */
  get live(): readonly FakeTrack[] {
    return this.tracks.filter(({ readyState }) => readyState === 'live');
  }

  async getDisplayMedia(constraints: object): Promise<MediaStream> {
    this.requests.push(constraints);
    const { surface, refusal } = this;
    await this.gate;
    if (refusal !== undefined) throw refusal;
    const { displaySurface, sound } = surface;
    const captured = [this.#capture('video', { displaySurface })];
    if (sound !== undefined) captured.push(this.#capture('audio', sound));
    return new FakeStream(captured.map((track) => track.dom)).dom;
  }

  #capture(kind: 'audio' | 'video', settings: object): FakeTrack {
    const track = new FakeTrack(kind);
    track.settings = settings;
    this.tracks.push(track);
    return track;
  }
}
