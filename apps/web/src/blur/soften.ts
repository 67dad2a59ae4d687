/**
 * Blurs what is behind the person. Works on a small picture: what is blurred has no details to lose.
 * The person's own colours do not count, so nobody has a halo. Pure.
 * @module
 */
import { MASK_SIZE } from './mask.ts';

/** Half the size of the mask in both directions. */
export const SOFT_SIZE = { width: MASK_SIZE.width / 2, height: MASK_SIZE.height / 2 } as const;

/** Red, green, blue, and how much the point counts. */
const CHANNELS = 4;
/** Three boxes, one after the other, are almost a bell curve. */
const PASSES = 3;
const RADIUS = 3;
/** Of the person there is still something where nothing else is near. */
const LEAST_COUNT = 0.001;
const OPAQUE = 255;

/** Keeps its buffers from picture to picture. */
export class Softener {
  readonly #sums: Float32Array = new Float32Array(SOFT_SIZE.width * SOFT_SIZE.height * CHANNELS);
  readonly #spare: Float32Array = new Float32Array(this.#sums.length);

  /** Reads `pixels` and `mask`, both of {@link MASK_SIZE}, and writes a picture of {@link SOFT_SIZE}. */
  soften(pixels: Uint8ClampedArray, mask: Float32Array, soft: Uint8ClampedArray): void {
    const { width, height } = SOFT_SIZE;
    this.#gather(pixels, mask);
    for (let pass = 0; pass < PASSES; pass += 1) {
      const across = { lines: height, lineStep: width, points: width, pointStep: 1 };
      boxBlur(this.#sums, this.#spare, across);
      boxBlur(this.#spare, this.#sums, {
        lines: width,
        lineStep: 1,
        points: height,
        pointStep: width,
      });
    }
    for (let at = 0; at < soft.length; at += CHANNELS) {
      const count = this.#sums[at + 3] ?? 1;
      for (let channel = 0; channel < 3; channel += 1) {
        soft[at + channel] = (this.#sums[at + channel] ?? 0) / count;
      }
      soft[at + 3] = OPAQUE;
    }
  }

  /** Four points of the picture become one, each counted for what of it is background. */
  #gather(pixels: Uint8ClampedArray, mask: Float32Array): void {
    this.#sums.fill(0);
    for (const [from, value] of mask.entries()) {
      const [x, y] = [from % MASK_SIZE.width, Math.floor(from / MASK_SIZE.width)];
      const to = CHANNELS * ((y >> 1) * SOFT_SIZE.width + (x >> 1));
      const count = Math.max(LEAST_COUNT, 1 - value);
      for (let channel = 0; channel < 3; channel += 1) {
        const sum = this.#sums[to + channel] ?? 0;
        this.#sums[to + channel] = sum + count * (pixels[CHANNELS * from + channel] ?? 0);
      }
      this.#sums[to + 3] = (this.#sums[to + 3] ?? 0) + count;
    }
  }
}

/** How a picture is walked through: line by line or column by column. */
interface Walk {
  readonly lines: number;
  readonly lineStep: number;
  readonly points: number;
  readonly pointStep: number;
}

/** Sums up a window that slides along each line; the ends of a line are repeated beyond it. */
function boxBlur(source: Float32Array, target: Float32Array, walk: Walk): void {
  const { lines, lineStep, points, pointStep } = walk;
  for (let line = 0; line < lines; line += 1) {
    for (let channel = 0; channel < CHANNELS; channel += 1) {
      const start = CHANNELS * line * lineStep + channel;
      const read = (point: number): number =>
        source[start + CHANNELS * pointStep * Math.min(points - 1, Math.max(0, point))] ?? 0;
      let sum = 0;
      for (let point = -RADIUS; point <= RADIUS; point += 1) sum += read(point);
      for (let point = 0; point < points; point += 1) {
        target[start + CHANNELS * pointStep * point] = sum;
        sum += read(point + RADIUS + 1) - read(point - RADIUS);
      }
    }
  }
}
