/**
 * A clock that moves only when a test says so. Timers fire in the order of their due time, and those
 * that are due at the same moment in the order in which they were set.
 * @module
 */

/** What a timer function returns; only its own clock can read it. */
export type FakeTimer = number;

interface Pending {
  readonly timer: FakeTimer;
  readonly dueAt: number;
  readonly callback: () => void;
}

/** Has the shape of the clocks that Parley's objects take through their options. */
export class FakeClock {
  #now: number;
  #lastTimer = 0;
  #pending: readonly Pending[] = [];

  /** @param startMs what `now()` says at first, in milliseconds */
  constructor(startMs = 0) {
    this.#now = startMs;
  }

  /** Timers that are set and have neither fired nor been cleared: 0 after a clean `close()`. */
  get pendingTimers(): number {
    return this.#pending.length;
  }

  /** Arrow functions, so that `{ now: clock.now }` works like `{ now: Date.now }`. */
  readonly now = (): number => this.#now;

  readonly setTimeout = (callback: () => void, delayMs: number): FakeTimer => {
    this.#lastTimer += 1;
    const dueAt = this.#now + Math.max(0, delayMs);
    this.#pending = [...this.#pending, { timer: this.#lastTimer, dueAt, callback }];
    return this.#lastTimer;
  };

  /** Unknown, fired and cleared timers are ignored, as with the real function. */
  readonly clearTimeout = (timer: FakeTimer | undefined): void => {
    this.#pending = this.#pending.filter((pending) => pending.timer !== timer);
  };

  /** Moves time forward and fires what falls due on the way, also timers set by those callbacks. */
  advance(durationMs: number): void {
    const end = this.#now + durationMs;
    for (let next = this.#nextUntil(end); next !== undefined; next = this.#nextUntil(end)) {
      this.clearTimeout(next.timer);
      this.#now = Math.max(this.#now, next.dueAt);
      next.callback();
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
