/**
 * The newest frame of a track, to be drawn. Read straight from the track where the browser can do it:
 * a `<video>` element may stand still while nobody sees the page.
 * @module
 */
import { readFrames } from './frame-streams.ts';

/** A picture and its size in pixels. */
export interface Frame {
  readonly image: CanvasImageSource;
  readonly width: number;
  readonly height: number;
}

/** See the module comment. Its owner must `close` it. */
export interface LatestFrame {
  /** Undefined before the first frame. Good until the next call. */
  read(): Frame | undefined;
  close(): void;
}

/** Follows `track`; the track itself stays as it is. */
export function followFrames(track: MediaStreamTrack): LatestFrame {
  const readable = readFrames(track);
  return readable === undefined ? followElement(track) : followReader(readable.getReader());
}

function followReader(reader: ReadableStreamDefaultReader<VideoFrame>): LatestFrame {
  let latest: VideoFrame | undefined;
  let isClosed = false;
  const keep = (frame: VideoFrame | undefined): void => {
    latest?.close();
    latest = frame;
  };
  const follow = async (): Promise<void> => {
    for (;;) {
      const { value } = await reader.read();
      keep(value);
      if (isClosed || value === undefined) return;
    }
  };
  const end = (): void => {
    keep(undefined);
    reader.cancel().catch(() => undefined);
  };
  follow().then(end, end);
  return {
    read: () =>
      latest && { image: latest, width: latest.displayWidth, height: latest.displayHeight },
    close: () => {
      // What Chromium has under way when it is cancelled, nobody could close: so the next frame is waited for.
      isClosed = true;
      keep(undefined);
    },
  };
}

function followElement(track: MediaStreamTrack): LatestFrame {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  video.play().catch(() => undefined);
  return {
    read: () =>
      video.videoWidth > 0
        ? { image: video, width: video.videoWidth, height: video.videoHeight }
        : undefined,
    close: () => {
      video.srcObject = null;
    },
  };
}
