/**
 * Time as the server sees it. Tests pass a clock that they move themselves.
 * @module
 */

/** Milliseconds from any fixed point; never goes back. */
export type Now = () => number;

/** A timer of one clock. */
export type Timer = ReturnType<typeof setTimeout> | number;

/** Two ways to read the time, and one to wait for it. */
export interface Clock {
  readonly now: Now;
  /** Seconds since 1970, for what other machines have to agree on. */
  readonly unixSeconds: () => number;
  setTimeout(callback: () => void, delayMs: number): Timer;
  clearTimeout(timer: Timer): void;
}

/** The clock of this machine. */
export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  unixSeconds: () => Math.floor(Date.now() / 1000),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (timer) => clearTimeout(timer),
};
