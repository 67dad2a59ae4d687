/**
 * The track that a slot gives to connections, and all who send it on.
 * @module
 */
import { SentStore } from './sent-store.ts';
import type { TrackSource } from './track-source.ts';

/** One track at a time, or none. */
export class TrackOutlet
  extends SentStore<{ readonly track: MediaStreamTrack | undefined; readonly muted: boolean }>
  implements TrackSource
{
  constructor() {
    super({ track: undefined, muted: false });
  }

  /** Sends `track` from now on; resolves when every connection does. */
  async play(track: MediaStreamTrack | undefined): Promise<void> {
    this.update({ track });
    await this.send(track ?? null);
  }
}
