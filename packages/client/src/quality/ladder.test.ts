import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neededSide, rungsOf } from './ladder.ts';

const HD = { width: 1_280, height: 720, frameRate: 30 };

describe('the rungs of a camera', () => {
  it('end at its own size', () => {
    expect(rungsOf(HD).map(({ side }) => side)).toEqual([90, 180, 270, 360, 540, 720]);
    expect(rungsOf({ ...HD, width: 640, height: 480 }).at(-1)).toMatchObject({ side: 480 });
    expect(rungsOf({ ...HD, width: 64, height: 48 })).toHaveLength(1);
    expect(rungsOf({ ...HD, width: 3_840, height: 2_160 }).at(-1)).toMatchObject({
      side: 2_160,
      bitrate: 3_000_000,
    });
  });

  it('cost more the larger they are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 4_000 }), (side) => {
        const rungs = rungsOf({ width: side * 2, height: side, frameRate: 30 });
        const costs = rungs.map(({ bitrate }) => bitrate);
        expect(costs).toEqual(costs.toSorted((a, b) => a - b));
        for (const { least, bitrate } of rungs) expect(least).toBeLessThan(bitrate);
      }),
    );
  });
});

describe('the size that a view needs', () => {
  it.each([
    [undefined, 720],
    [{ width: 1_280, height: 720 }, 720 / 1.1],
    [{ width: 640, height: 360 }, 360 / 1.1],
    [{ width: 360, height: 640 }, 640 / 1.1], // upright: the picture is cut off at the sides
    [{ width: 4_000, height: 4_000 }, 720],
  ])('for %j is %d', (view, side) => {
    expect(neededSide(HD, view)).toBeCloseTo(side);
  });
});
