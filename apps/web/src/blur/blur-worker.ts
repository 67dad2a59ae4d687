/**
 * Blurs pictures beside the page: what the page does never makes the picture stutter, a hidden page does
 * not slow it down, and blurring never makes the page stutter.
 * @module
 */
import { repaintFrames } from '../frames/repaint-frames.ts';
import type { BlurOrder, BlurReport } from './blur-messages.ts';
import { Pace, Strain } from './pace.ts';
import { Painter } from './painter.ts';
import type { Picture } from './painter.ts';
import { loadSegmenter } from './segmenter.ts';

const pace = new Pace();
const strain = new Strain();

function report(message: BlurReport, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}

function paint(painter: Painter, picture: Picture): OffscreenCanvas {
  const beganAt = performance.now();
  const painted = painter.paint(picture);
  if (strain.note(performance.now() - beganAt)) report({ type: 'slow' });
  return painted;
}

function repaint(painter: Painter, frame: VideoFrame): VideoFrame | undefined {
  if (!pace.isDue(performance.now())) return undefined;
  const { displayWidth: width, displayHeight: height, timestamp } = frame;
  const painted = paint(painter, { image: frame, width, height });
  return new VideoFrame(painted, { timestamp, alpha: 'discard' });
}

function open(painter: Painter): (order: BlurOrder) => Promise<void> {
  let reader: ReadableStreamDefaultReader<VideoFrame> | undefined;
  return async (order) => {
    switch (order.type) {
      case 'stream':
        reader = order.readable.getReader();
        await repaintFrames({
          reader,
          writer: order.writable.getWriter(),
          repaint: (frame) => repaint(painter, frame),
        });
        return;
      case 'picture': {
        const { image } = order;
        try {
          paint(painter, { image, width: image.width, height: image.height });
        } finally {
          image.close();
        }
        const blurred = painter.takePainted();
        report({ type: 'picture', image: blurred }, [blurred]);
        return;
      }
      case 'close':
        await reader?.cancel();
        close();
    }
  };
}

async function start(): Promise<void> {
  const waiting: BlurOrder[] = [];
  let obey = async (order: BlurOrder): Promise<void> => void waiting.push(order);
  addEventListener('message', ({ data }: MessageEvent<BlurOrder>) => {
    obey(data).catch(() => report({ type: 'broken' }));
  });
  try {
    obey = open(new Painter(await loadSegmenter()));
    report({ type: 'ready' });
  } catch {
    report({ type: 'failed' });
  }
}

void start();
