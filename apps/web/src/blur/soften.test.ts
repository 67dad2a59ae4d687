import { describe, expect, it } from 'vitest';
import { MASK_SIZE } from './mask.ts';
import { SOFT_SIZE, Softener } from './soften.ts';

const POINTS = MASK_SIZE.width * MASK_SIZE.height;
const WHITE = 255;

interface Scene {
  /** Brightness of a point, 0 to 255. */
  readonly light: (x: number, y: number) => number;
  /** How much the point is of the person, 0 to 1. */
  readonly person?: (x: number, y: number) => number;
}

/** Brightness of the softened picture at a point of the mask's size. */
function soften({ light, person = () => 0 }: Scene): (x: number, y: number) => number {
  const pixels = new Uint8ClampedArray(4 * POINTS).fill(WHITE);
  const mask = new Float32Array(POINTS);
  for (let at = 0; at < POINTS; at += 1) {
    const [x, y] = [at % MASK_SIZE.width, Math.floor(at / MASK_SIZE.width)];
    pixels.fill(light(x, y), 4 * at, 4 * at + 3);
    mask[at] = person(x, y);
  }
  const soft = new Uint8ClampedArray(4 * SOFT_SIZE.width * SOFT_SIZE.height);
  new Softener().soften(pixels, mask, soft);
  return (x, y) => soft[4 * (SOFT_SIZE.width * (y >> 1) + (x >> 1))] ?? -1;
}

const inPerson = (x: number): boolean => x >= 128;

describe('Softener', () => {
  it('leaves nothing of fine lines', () => {
    const read = soften({ light: (x) => (x % 4 < 2 ? 0 : WHITE) });
    const line = Array.from({ length: 100 }, (_, x) => read(78 + x, 72));
    expect(Math.max(...line) - Math.min(...line)).toBeLessThan(16);
  });

  it('keeps a plain colour, up to the border', () => {
    const read = soften({ light: () => 90 });
    expect([read(0, 0), read(255, 143), read(128, 72)]).toEqual([90, 90, 90]);
  });

  it('makes one soft slope of an edge', () => {
    const read = soften({ light: (x) => (x < 128 ? 0 : WHITE) });
    expect([read(60, 72), read(200, 72)]).toEqual([0, WHITE]);
    const slope = Array.from({ length: 20 }, (_, x) => read(118 + x, 72));
    expect(slope).toEqual(slope.toSorted((left, right) => left - right));
    expect(new Set(slope).size).toBeGreaterThan(5);
  });

  it("lets nothing of the person's colours into what is beside them", () => {
    const read = soften({
      light: (x) => (inPerson(x) ? WHITE : 40),
      person: (x) => (inPerson(x) ? 1 : 0),
    });
    expect(read(124, 72)).toBeLessThan(45);
  });
});
