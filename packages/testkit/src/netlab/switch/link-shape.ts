/**
 * How one direction of a cable treats frames.
 * @module
 */

/** What happens to frames on their way. */
export interface LinkShape {
  /** Time that every frame is under way. @default 0 */
  readonly delayMs?: number;
  /** Share of frames that get lost, from 0 to 1. @default 0 */
  readonly loss?: number;
  /** Bits per second. @default no limit */
  readonly rate?: number;
  /** Bytes that may wait for their turn where there is a rate; more are dropped. @default 64 KiB */
  readonly queueBytes?: number;
}

/** A cable as it would be without any trouble. */
export const PERFECT: Required<LinkShape> = {
  delayMs: 0,
  loss: 0,
  rate: Infinity,
  queueBytes: 65_536,
};
