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
  let isBusy = false;
  return {
    track,
    show: () => {
      if (isBusy) return; // a frame that would wait is better left out
      const frame = new VideoFrame(canvas, { timestamp: performance.now() * MICROSECONDS });
      isBusy = true;
      void writer
        .write(frame)
        .catch(() => frame.close())
        .finally(() => (isBusy = false));
    },
    close: () => {
      track.stop();
      writer.close().catch(() => undefined);
    },
  };
}

function fromCapture(canvas: HTMLCanvasElement): DrawnTrack {
  const [track] = canvas.captureStream().getVideoTracks();
  if (track === undefined) throw new TypeError('A canvas gave no track.');
  return { track, show: () => undefined, close: () => track.stop() };
}
