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

/** Looks at both clocks; the least disturbed one is right. */
const ORIGIN_LOOKS = 10;

/** What `performance.now()` counts from differs between threads; this makes up for it. */
const ORIGIN_MS: number = Math.max(
  ...Array.from(
    { length: ORIGIN_LOOKS },
    () => Number(process.hrtime.bigint()) / 1e6 - performance.now(),
  ),
);

/** The clock of this machine: all its threads read the same time. */
export const systemClock: Clock = {
  monotonicMs: () => ORIGIN_MS + performance.now(),
  unixSeconds: () => Math.trunc(Date.now() / 1000),
};
