/**
 * Time as the engine sees it: asked for, never waited for.
 * @module
 */

/** Two ways to read the time. Tests pass a fake one. */
export interface Clock {
  /** Milliseconds that only ever grow; their origin means nothing. For lifetimes and rates. */
  monotonicMs(): number;
  /** Seconds since 1970. For what other machines and other processes have to agree on. */
  unixSeconds(): number;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  unixSeconds: () => Math.trunc(Date.now() / 1000),
};
