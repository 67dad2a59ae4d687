/**
 * Rate limit of one sender: a bucket of tokens that refills steadily. Pure apart from the clock it
 * is given; it keeps two numbers and no timer.
 * @module
 */
import type { Now } from './clock.ts';

/** How much at once, and how much on average. */
export interface RateLimit {
  /** Tokens a full bucket holds. */
  readonly burst: number;
  /** Tokens that come back per second. */
  readonly perSecond: number;
}

/** A bucket that starts full. */
export class TokenBucket {
  readonly #limit: RateLimit;
  readonly #now: Now;
  #tokens: number;
  #filledAtMs: number;

  constructor(limit: RateLimit, now: Now) {
    this.#limit = limit;
    this.#now = now;
    this.#tokens = limit.burst;
    this.#filledAtMs = now();
  }

  /** Takes one token; false when there is none. */
  take(): boolean {
    this.#refill();
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Takes `tokens` for something already let in. The bucket may fall below empty. */
  charge(tokens: number): void {
    this.#tokens -= tokens;
  }

  #refill(): void {
    const now = this.#now();
    const earned = ((now - this.#filledAtMs) / 1000) * this.#limit.perSecond;
    this.#tokens = Math.min(this.#limit.burst, this.#tokens + earned);
    this.#filledAtMs = now;
  }
}
