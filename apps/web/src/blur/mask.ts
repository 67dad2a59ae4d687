/**
 * Where in a picture the person is: a number from 0 (background) to 1 (person) for each point of a small
 * picture. Pure.
 * @module
 */

/** What the model looks at and answers with. */
export const MASK_SIZE = { width: 256, height: 144 } as const;

/** How much of an uncertain answer counts at once; the rest has to be said again. */
const LEAST_WEIGHT = 0.35;
/** Between these two the edge of the person fades. */
const EDGE = { from: 0.35, to: 0.75 } as const;
const OPAQUE = 255;

/**
 * Moves `kept` towards what was `seen` now: at once where the answer is certain, slowly where it is not.
 * So an edge that the model doubts does not flicker.
 */
export function followMask(kept: Float32Array, seen: Float32Array): void {
  for (const [at, value] of seen.entries()) {
    const before = kept[at] ?? 0;
    const certainty = Math.abs(2 * value - 1);
    const weight = LEAST_WEIGHT + (1 - LEAST_WEIGHT) * certainty * certainty;
    kept[at] = before + (value - before) * weight;
  }
}

/** Writes how opaque the person is at each point into the fourth channel of `pixels`. */
export function writeOpacity(mask: Float32Array, pixels: Uint8ClampedArray): void {
  for (let at = 0; at < mask.length; at += 1) {
    const value = meanAround(mask, at);
    const step = Math.min(1, Math.max(0, (value - EDGE.from) / (EDGE.to - EDGE.from)));
    pixels[4 * at + 3] = OPAQUE * step * step * (3 - 2 * step);
  }
}

/** Of the point and its neighbours: the model knows no edges finer than a point. */
function meanAround(mask: Float32Array, at: number): number {
  const { width, height } = MASK_SIZE;
  const x = at % width;
  const y = Math.floor(at / width);
  let sum = 0;
  for (let row = y - 1; row <= y + 1; row += 1) {
    const start = width * Math.min(height - 1, Math.max(0, row));
    sum += (mask[start + Math.max(0, x - 1)] ?? 0) + (mask[start + x] ?? 0);
    sum += mask[start + Math.min(width - 1, x + 1)] ?? 0;
  }
  return sum / 9;
}
