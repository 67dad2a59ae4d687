/**
 * A track that shows what is drawn on a canvas, also while nobody sees the page.
 * @module
 */
import { createWritableTrack } from './frame-streams.ts';

/** See the module comment. Its owner must `close` it. */
export interface DrawnTrack {
  readonly track: MediaStreamTrack;
  /** Shows what is on the canvas now. */
  show(): void;
  close(): void;
}

const MICROSECONDS = 1000;

/** Makes the track of `canvas`. */
export function createDrawnTrack(canvas: HTMLCanvasElement): DrawnTrack {
  const track = createWritableTrack();
  if (track === undefined) return fromCapture(canvas);
  const writer = track.writable.getWriter();
  let writing: VideoFrame | undefined;
  return {
    track,
    show: () => {
      if (writing !== undefined) return; // a frame that would wait is better left out
      const frame = new VideoFrame(canvas, { timestamp: performance.now() * MICROSECONDS });
      writing = frame;
      void writer
        .write(frame)
        .catch(() => undefined)
        .finally(() => {
          frame.close(); // where the track has not done so
          writing = undefined;
        });
    },
    close: () => {
      track.stop();
      writing?.close();
      writer.close().catch(() => undefined);
    },
  };
}

function fromCapture(canvas: HTMLCanvasElement): DrawnTrack {
  const [track] = canvas.captureStream().getVideoTracks();
  if (track === undefined) throw new TypeError('A canvas gave no track.');
  return { track, show: () => undefined, close: () => track.stop() };
}
