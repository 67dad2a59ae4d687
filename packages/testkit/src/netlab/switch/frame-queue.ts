/**
 * One direction of a cable: frames go in at one end and come out in the same order at the other, later
 * or not at all. Pure but for what it keeps: the caller brings the clock and the dice.
 * @module
 */
import { PERFECT } from './link-shape.ts';
import type { LinkShape } from './link-shape.ts';

const BITS_PER_BYTE = 8;
const MS_PER_SECOND = 1_000;

/** Anything with a length in bytes. */
interface Frame {
  readonly byteLength: number;
}

/** A frame under way, and when it comes out. */
export interface DueFrame<F> {
  readonly frame: F;
  readonly dueMs: number;
}

/** Frames under way. */
export class FrameQueue<F extends Frame> {
  readonly #random: () => number;
  readonly #frames: DueFrame<F>[] = [];
  #shape: Required<LinkShape> = PERFECT;
  /** When the last byte of the last frame has been put on the cable. */
  #busyUntilMs = 0;
  #lastDueMs = 0;

  /** @param random a number from 0 up to but not including 1 */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** Holds from the next frame on; frames under way keep their order. */
  set shape(shape: LinkShape) {
    this.#shape = { ...PERFECT, ...shape };
    this.#busyUntilMs = 0;
  }

  /** When the next frame comes out; nothing while no frame is under way. */
  get nextDueMs(): number | undefined {
    return this.#frames[0]?.dueMs;
  }

  /** Puts a frame in. False when it is lost. */
  push(frame: F, nowMs: number): boolean {
    const { delayMs, loss, rate, queueBytes } = this.#shape;
    if (this.#random() < loss) return false;
    const startMs = Math.max(nowMs, this.#busyUntilMs);
    const bytesPerMs = rate / BITS_PER_BYTE / MS_PER_SECOND;
    if (startMs > nowMs && (startMs - nowMs) * bytesPerMs > queueBytes) return false;
    this.#busyUntilMs = startMs + frame.byteLength / bytesPerMs;
    this.#lastDueMs = Math.max(this.#busyUntilMs + delayMs, this.#lastDueMs);
    this.#frames.push({ frame, dueMs: this.#lastDueMs });
    return true;
  }

  /** Takes out the next frame if it is due by then. */
  shift(byMs: number): DueFrame<F> | undefined {
    const first = this.#frames[0];
    if (first === undefined || first.dueMs > byMs) return undefined;
    return this.#frames.shift();
  }
}
