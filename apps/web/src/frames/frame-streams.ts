/**
 * Tracks as streams of frames, also while nobody sees the page. Not in every browser.
 * @see https://w3c.github.io/mediacapture-transform/
 * @module
 */

/** A track that shows what is written. */
type WritableTrack = MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> };

declare global {
  interface Window {
    MediaStreamTrackProcessor?: new (options: { track: MediaStreamTrack }) => {
      readonly readable: ReadableStream<VideoFrame>;
    };
    MediaStreamTrackGenerator?: new (options: { kind: 'video' }) => WritableTrack;
  }
}

/** The frames of `track`, which stays as it is. */
export function readFrames(track: MediaStreamTrack): ReadableStream<VideoFrame> | undefined {
  const { MediaStreamTrackProcessor: Processor } = window;
  return Processor && new Processor({ track }).readable;
}

/** A new track that shows what is written into it. */
export function createWritableTrack(): WritableTrack | undefined {
  const { MediaStreamTrackGenerator: Generator } = window;
  return Generator && new Generator({ kind: 'video' });
}
