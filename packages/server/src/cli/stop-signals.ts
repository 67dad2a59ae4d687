/**
 * When somebody wants the server to stop, and when they want it at once.
 * @module
 */
import type { Now } from '../clock.ts';

/** The two ways to be told: Ctrl+C, and what service managers and containers send. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** One of them. */
export type StopSignal = (typeof STOP_SIGNALS)[number];

/** What is needed of the process. */
export interface SignalSource {
  readonly on: (signal: StopSignal, listener: () => void) => unknown;
  readonly now: Now;
  /** Ends the process as the signal itself would have. */
  readonly endAtOnce: (signal: StopSignal) => void;
}

/** `npx` hands on a Ctrl+C that the terminal has sent to the server as well: one wish, two signals. */
const ECHO_MS = 1000;

/** Resolves with the first signal. Any later one, echoes aside, ends the process at once. */
export function untilStopped({ on, now, endAtOnce }: SignalSource): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const hear = (signal: StopSignal): void => {
      if (firstAt === undefined) {
        firstAt = now();
        resolve();
      } else if (now() - firstAt >= ECHO_MS) {
        endAtOnce(signal);
      }
    };
    for (const signal of STOP_SIGNALS) on(signal, () => hear(signal));
  });
}
