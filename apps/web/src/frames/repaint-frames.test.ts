import { describe, expect, it } from 'vitest';
import { FrameMaker } from './fake-frames.ts';
import { repaintFrames } from './repaint-frames.ts';

/** `count` frames, and then none. */
function openReader(maker: FrameMaker, count: number) {
  let given = 0;
  return {
    read: async (): Promise<ReadableStreamReadResult<VideoFrame>> => {
      given += 1;
      return given > count
        ? { value: undefined, done: true }
        : { value: maker.make(), done: false };
    },
  };
}

describe('frames that are painted anew', () => {
  it('are all closed, also those that are left out', async () => {
    const [camera, shown] = [new FrameMaker(), new FrameMaker()];
    let isDue = false;
    await repaintFrames({
      reader: openReader(camera, 4),
      writer: { write: async () => undefined },
      repaint: () => {
        isDue = !isDue;
        return isDue ? shown.make() : undefined;
      },
    });
    expect([camera.made.length, camera.open]).toEqual([4, 0]);
    expect([shown.made.length, shown.open]).toEqual([2, 0]);
  });

  it('are closed when the track that shows them takes nothing any more', async () => {
    const [camera, shown] = [new FrameMaker(), new FrameMaker()];
    const closed = new TypeError('closed');
    const repainting = repaintFrames({
      reader: openReader(camera, 4),
      writer: { write: () => Promise.reject(closed) },
      repaint: () => shown.make(),
    });
    await expect(repainting).rejects.toBe(closed);
    expect([camera.made.length, camera.open, shown.open]).toEqual([1, 0, 0]);
  });

  it('are closed when painting fails', async () => {
    const camera = new FrameMaker();
    const broken = new Error('broken');
    const repainting = repaintFrames({
      reader: openReader(camera, 4),
      writer: { write: async () => undefined },
      repaint: () => {
        throw broken;
      },
    });
    await expect(repainting).rejects.toBe(broken);
    expect([camera.made.length, camera.open]).toEqual([1, 0]);
  });
});
