/**
 * What a connection needs of a slot: the track to send, and word of each change in time.
 * @module
 */
import type { Observable } from '../observable.ts';

/** Takes the track to be sent from now on; `null` for none. Resolves when it is being sent. */
export type TrackSink = (track: MediaStreamTrack | null) => Promise<void>;

/** The sending side of a slot. */
export interface TrackSource extends Observable<{
  readonly track: MediaStreamTrack | undefined;
  readonly muted: boolean;
}> {
  /**
   * Calls `sink` with every new track; the old one is stopped only after all sinks have resolved.
   * The returned function ends that.
   */
  attach(sink: TrackSink): () => void;
}
