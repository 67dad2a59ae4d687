/**
 * Time that passes only when a test says so.
 * @module
 */
import type { SetTimer } from '../platform.ts';
import { settle } from './settle.ts';

interface Pending {
  readonly dueAt: number;
  readonly callback: () => void;
}

/** One clock for all clients of a test. Timers that are due at the same moment fire in the order in which they were set. */
export class TestTime {
  readonly #pending = new Set<Pending>();
  #now = 0;

  /** Milliseconds since the test began. */
  readonly now = (): number => this.#now;

  readonly setTimer: SetTimer = (callback, delayMs) => {
    const pending = { dueAt: this.#now + Math.max(0, delayMs), callback };
    this.#pending.add(pending);
    return () => this.#pending.delete(pending);
  };

  /** Timers that are set and have neither fired nor been cancelled. */
  get pendingTimers(): number {
    return this.#pending.size;
  }

  /** Lets time pass, and everything happen on the way that happens in that time. */
  async advance(durationMs: number): Promise<void> {
    const end = this.#now + durationMs;
    await settle();
    for (let next = this.#nextUntil(end); next !== undefined; next = this.#nextUntil(end)) {
      this.#pending.delete(next);
      this.#now = next.dueAt;
      next.callback();
      await settle();
    }
    this.#now = end;
  }

  #nextUntil(end: number): Pending | undefined {
    let next: Pending | undefined;
    for (const pending of this.#pending) {
      if (pending.dueAt <= end && (next === undefined || pending.dueAt < next.dueAt))
        next = pending;
    }
    return next;
  }
}
