/**
 * A slot as a connection sees it, without a device.
 * @module
 */
import type { BySource } from '../../src/media/source.ts';
import type { TrackSink, TrackSource } from '../../src/media/track-source.ts';
import { Store } from '../../src/observable.ts';

/** One for every source. */
export function fakeSources(
  camera?: MediaStreamTrack,
  microphone?: MediaStreamTrack,
): BySource<FakeSource> {
  return {
    camera: new FakeSource(camera),
    microphone: new FakeSource(microphone),
    screen: new FakeSource(),
    screenSound: new FakeSource(),
  };
}

/** The test decides what it sends. */
export class FakeSource
  extends Store<{ readonly track: MediaStreamTrack | undefined; readonly muted: boolean }>
  implements TrackSource
{
  readonly sinks = new Set<TrackSink>();

  constructor(track?: MediaStreamTrack) {
    super({ track, muted: false });
  }

  get isWatched(): boolean {
    return this.watched;
  }

  attach(sink: TrackSink): () => void {
    this.sinks.add(sink);
    return () => this.sinks.delete(sink);
  }

  async play(track: MediaStreamTrack | undefined): Promise<void> {
    this.update({ track });
    await Promise.all([...this.sinks].map((sink) => sink(track ?? null)));
  }

  mute(muted: boolean): void {
    this.update({ muted });
  }
}
