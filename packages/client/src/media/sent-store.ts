/**
 * A slot whose track connections send on.
 * @module
 */
import { Store } from '../observable.ts';
import type { TrackSink } from './track-source.ts';

/** Keeps those who send the track on. */
export class SentStore<Snapshot extends object> extends Store<Snapshot> {
  readonly #sinks = new Set<{ readonly send: TrackSink }>();

  /** @see TrackSource.attach */
  attach(send: TrackSink): () => void {
    const sink = { send };
    this.#sinks.add(sink);
    return () => {
      this.#sinks.delete(sink);
    };
  }

  /** Resolves when every connection sends `track`, or nothing. */
  protected async send(track: MediaStreamTrack | null): Promise<void> {
    await Promise.allSettled([...this.#sinks].map(({ send }) => send(track)));
  }
}
