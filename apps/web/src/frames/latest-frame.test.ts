import { afterEach, describe, expect, it, vi } from 'vitest';
import { FrameMaker } from './fake-frames.ts';
import { followFrames } from './latest-frame.ts';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Gives frames as Chromium does: made when they are asked for, handed over in a later task. */
function openCamera() {
  const maker = new FrameMaker();
  let handOver: (() => void) | undefined;
  let source: ReadableStreamDefaultController<VideoFrame> | undefined;
  let isCancelled = false;
  const readable = new ReadableStream<VideoFrame>(
    {
      start: (controller) => void (source = controller),
      pull: () => {
        const frame = maker.make();
        handOver = () => {
          if (!isCancelled) source?.enqueue(frame);
        };
      },
      cancel: () => void (isCancelled = true),
    },
    { highWaterMark: 0 },
  );
  class Processor {
    readonly readable = readable;
  }
  vi.stubGlobal('window', { MediaStreamTrackProcessor: Processor });
  return {
    maker,
    next: async () => {
      await settle();
      handOver?.();
      handOver = undefined;
      await settle();
    },
    end: () => source?.close(),
    fail: () => source?.error(new Error('broken')),
    isCancelled: () => isCancelled,
  };
}

class FakeTrack extends EventTarget {}

function isTrack(value: unknown): value is MediaStreamTrack {
  return value instanceof FakeTrack;
}

function follow() {
  const track = new FakeTrack();
  if (!isTrack(track)) throw new TypeError('no track');
  return followFrames(track);
}

describe('the latest frame of a track', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('is the only one that is kept', async () => {
    const { maker, next } = openCamera();
    const frames = follow();
    expect(frames.read()).toBeUndefined();
    await next();
    await next();
    // The third is on its way.
    expect(maker.made.map(({ closed }) => closed)).toEqual([1, 0, 0]);
    expect(frames.read()).toEqual({ image: maker.made[1], width: 320, height: 180 });
  });

  it('is closed with its owner, and so is the one on its way; then nothing more is asked for', async () => {
    const { maker, next, isCancelled } = openCamera();
    const frames = follow();
    await next();
    await settle();
    frames.close();
    frames.close();
    expect(frames.read()).toBeUndefined();
    await next();
    await next();
    expect(maker.made.map(({ closed }) => closed)).toEqual([1, 1]);
    expect(isCancelled()).toBe(true);
  });

  it('is closed when its owner never saw one', async () => {
    const { maker, next } = openCamera();
    follow().close();
    await next();
    expect([maker.made.length, maker.open]).toEqual([1, 0]);
  });

  it.each(['end', 'fail'] as const)('is closed at the %s of the track', async (how) => {
    const camera = openCamera();
    const frames = follow();
    await camera.next();
    const [shown] = camera.maker.made;
    camera[how]();
    await settle();
    expect(frames.read()).toBeUndefined();
    expect(shown?.closed).toBe(1);
  });
});
