/**
 * Makes of a camera one that shows nothing of the room but shapes. The picture never leaves this device
 * for that. Fetched when somebody asks for it.
 * @module
 */
import type { TransformedTrack } from '@parley/client';
import { createWritableTrack, readFrames } from '../frames/frame-streams.ts';
import { followFrames } from '../frames/latest-frame.ts';
import { startTicker } from '../frames/ticker.ts';
import { cameraBehind } from '../media/camera-behind.ts';
import type { BlurOrder, BlurReport } from './blur-messages.ts';
import { takeWorker } from './start-worker.ts';

/** What the page is told of a camera that is blurred. */
export interface BlurEvents {
  /** This device is too slow for it. */
  readonly onSlow: () => void;
  /** It ended by itself: nothing is shown any more. */
  readonly onBroken: () => void;
}

/** The camera with a blurred background. Rejects where that cannot be. */
export async function blurBackground(
  camera: MediaStreamTrack,
  { onSlow, onBroken }: BlurEvents,
): Promise<TransformedTrack> {
  const worker = await takeWorker();
  let isClosed = false;
  worker.addEventListener('message', ({ data }: MessageEvent<BlurReport>) => {
    if (isClosed) return; // what is taken apart may break
    if (data.type === 'slow') onSlow();
    if (data.type === 'broken') onBroken();
  });
  try {
    const { track, close } = throughStreams(camera, worker) ?? oneByOne(camera, worker);
    cameraBehind.set(track, camera);
    // Who plans what is sent asks for the size of the picture.
    track.getSettings = () => camera.getSettings();
    return {
      track,
      close: () => {
        isClosed = true;
        close();
      },
    };
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

function order(worker: Worker, message: BlurOrder, transfer: Transferable[] = []): void {
  worker.postMessage(message, transfer);
}

/** The worker reads the camera itself, and writes what is shown, where the browser can do it. */
function throughStreams(camera: MediaStreamTrack, worker: Worker): TransformedTrack | undefined {
  const readable = readFrames(camera);
  const track = createWritableTrack();
  if (readable === undefined || track === undefined) return undefined;
  const { writable } = track;
  order(worker, { type: 'stream', readable, writable }, [readable, writable]);
  return {
    track,
    close: () => {
      track.stop();
      order(worker, { type: 'close' });
    },
  };
}

/** The page hands pictures over, and shows what comes back. */
function oneByOne(camera: MediaStreamTrack, worker: Worker): TransformedTrack {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { alpha: false });
  const [track] = canvas.captureStream().getVideoTracks();
  if (context === null || track === undefined) throw new TypeError('A canvas gave no track.');
  const frames = followFrames(camera);
  let isBusy = false;
  worker.addEventListener('message', ({ data }: MessageEvent<BlurReport>) => {
    if (data.type !== 'picture') return;
    const { image } = data;
    if (canvas.width !== image.width || canvas.height !== image.height) {
      Object.assign(canvas, { width: image.width, height: image.height });
    }
    context.drawImage(image, 0, 0);
    image.close();
    isBusy = false;
  });
  const hand = async (): Promise<void> => {
    const frame = frames.read();
    if (frame === undefined || isBusy) return;
    isBusy = true;
    const image = await createImageBitmap(frame.image);
    order(worker, { type: 'picture', image }, [image]);
  };
  const stop = startTicker(() => void hand().catch(() => (isBusy = false)));
  return {
    track,
    close: () => {
      stop();
      frames.close();
      track.stop();
      worker.terminate();
    },
  };
}
