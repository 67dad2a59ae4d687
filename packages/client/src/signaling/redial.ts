/**
 * When to dial the server again: soon at first, then ever more rarely, and not all clients at the same
 * moment.
 * @module
 */
import type { SetTimer } from '../platform.ts';

/** Once a second while a server may just be restarting: a call that it relays waits for both sides. */
const DELAYS_MS = [0, 300, 700, ...Array<number>(20).fill(1_000), 3_000, 5_000, 7_000];
/** So much of a delay is left to chance. */
const JITTER = 0.4;

/** Calls `dial` after each failure. Its owner must `cancel` it. */
export class Redial {
  readonly #setTimer: SetTimer;
  readonly #dial: () => void;
  #failures = 0;
  #cancelTimer = (): void => {};

  constructor(setTimer: SetTimer, dial: () => void) {
    this.#setTimer = setTimer;
    this.#dial = dial;
  }

  /** The connection broke, or could not be made. */
  failed(): void {
    this.cancel();
    const delayMs = DELAYS_MS[Math.min(this.#failures, DELAYS_MS.length - 1)] ?? 0;
    this.#failures += 1;
    this.#cancelTimer = this.#setTimer(this.#dial, delayMs * (1 - JITTER * Math.random()));
  }

  /** The next failure is the first one again. */
  reset(): void {
    this.#failures = 0;
  }

  cancel(): void {
    this.#cancelTimer();
  }
}
