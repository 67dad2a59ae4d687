/**
 * A stream for one media element.
 * @module
 */
import { useMemo } from 'preact/hooks';

/**
 * A stream of `track` alone, which is complete before an element gets it: in Chromium an element
 * whose stream gains its tracks while it loads may never start.
 */
export function useTrackStream(track: MediaStreamTrack | undefined): MediaStream | undefined {
  return useMemo(() => track && new MediaStream([track]), [track]);
}
