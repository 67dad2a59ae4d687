import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDrawnTrack } from './drawn-track.ts';
import { FakeFrame, FrameMaker } from './fake-frames.ts';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

class FakeCanvas extends EventTarget {}

function isCanvas(value: unknown): value is HTMLCanvasElement {
  return value instanceof FakeCanvas;
}

/** A browser whose tracks take a frame as soon as `take` is called, and let go of it then. */
function setUp() {
  const maker = new FrameMaker();
  const waiting: (() => void)[] = [];
  class Generator {
    readonly writable = new WritableStream<VideoFrame>({
      write: (frame) =>
        new Promise((resolve) => {
          waiting.push(() => {
            frame.close();
            resolve();
          });
        }),
    });
    stop(): void {}
  }
  class Frame extends FakeFrame {
    constructor() {
      super();
      maker.made.push(this);
    }
  }
  vi.stubGlobal('window', { MediaStreamTrackGenerator: Generator });
  vi.stubGlobal('VideoFrame', Frame);
  const canvas = new FakeCanvas();
  if (!isCanvas(canvas)) throw new TypeError('no canvas');
  const drawn = createDrawnTrack(canvas);
  const take = async (): Promise<void> => {
    await settle();
    waiting.shift()?.();
    await settle();
  };
  return { maker, drawn, take };
}

describe('a track that is drawn', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('shows one frame after the other, and leaves out what would wait', async () => {
    const { maker, drawn, take } = setUp();
    drawn.show();
    drawn.show();
    expect(maker.made).toHaveLength(1);
    await take();
    drawn.show();
    await take();
    expect([maker.made.length, maker.open]).toEqual([2, 0]);
  });

  it('closes what it still writes when it is closed, and what comes too late', async () => {
    const { maker, drawn } = setUp();
    drawn.show();
    drawn.close();
    expect([maker.made.length, maker.open]).toEqual([1, 0]);
    const late = setUp();
    late.drawn.close();
    late.drawn.show();
    await settle();
    expect([late.maker.made.length, late.maker.open]).toEqual([1, 0]);
  });
});
