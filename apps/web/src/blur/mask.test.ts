import { describe, expect, it } from 'vitest';
import { MASK_SIZE, followMask, writeOpacity } from './mask.ts';

const POINTS = MASK_SIZE.width * MASK_SIZE.height;

/** A mask in which everything right of `column` is the person. */
function halfMask(column: number): Float32Array {
  return Float32Array.from({ length: POINTS }, (_, at) => (at % MASK_SIZE.width > column ? 1 : 0));
}

/** Opacity along one line in the middle of the picture. */
function middleLine(mask: Float32Array): readonly number[] {
  const pixels = new Uint8ClampedArray(4 * POINTS);
  writeOpacity(mask, pixels);
  const start = MASK_SIZE.width * (MASK_SIZE.height / 2);
  return Array.from({ length: MASK_SIZE.width }, (_, x) => pixels[4 * (start + x) + 3] ?? -1);
}

describe('followMask', () => {
  it('takes what is certain at once', () => {
    const kept = new Float32Array([0, 1]);
    followMask(kept, new Float32Array([1, 0]));
    expect([...kept]).toEqual([1, 0]);
  });

  it('takes what is doubtful in steps: an edge that flickers is calmed', () => {
    const kept = new Float32Array([0]);
    const seen = [0.55, 0.45, 0.55, 0.45].map((value) => {
      followMask(kept, new Float32Array([value]));
      return kept[0] ?? 0;
    });
    expect(Math.max(...seen)).toBeLessThan(0.5);
    for (let look = 0; look < 20; look += 1) followMask(kept, new Float32Array([0.55]));
    expect(kept[0]).toBeCloseTo(0.55, 2);
  });
});

describe('writeOpacity', () => {
  it('is opaque in the person, clear beside them, and fades without a jump between', () => {
    const line = middleLine(halfMask(127));
    expect([line[0], line[120], line[135], line[255]]).toEqual([0, 0, 255, 255]);
    const edge = line.slice(125, 132);
    expect(edge.some((value) => value > 0 && value < 255)).toBe(true);
    expect(edge).toEqual(edge.toSorted((left, right) => left - right));
  });

  it('of nobody is clear everywhere, and of doubt too', () => {
    for (const value of [0, 0.3]) {
      expect(Math.max(...middleLine(new Float32Array(POINTS).fill(value)))).toBe(0);
    }
  });
});
