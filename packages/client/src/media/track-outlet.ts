/**
 * The track that a slot gives to connections, and all who send it on.
 * @module
 */
import { Store } from '../observable.ts';
import type { TrackSink, TrackSource } from './track-source.ts';

/** One track at a time, or none. */
export class TrackOutlet
  extends Store<{ readonly track: MediaStreamTrack | undefined; readonly muted: boolean }>
  implements TrackSource
{
  readonly #sinks = new Set<{ readonly send: TrackSink }>();

  constructor() {
    super({ track: undefined, muted: false });
  }

  attach(send: TrackSink): () => void {
    const sink = { send };
    this.#sinks.add(sink);
    return () => {
      this.#sinks.delete(sink);
    };
  }

  /** Sends `track` from now on; resolves when every connection does. */
  async play(track: MediaStreamTrack | undefined): Promise<void> {
    this.update({ track });
    await Promise.allSettled([...this.#sinks].map(({ send }) => send(track ?? null)));
  }
}
