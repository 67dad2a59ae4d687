/**
 * Token buckets: what may be spent at once, and how fast it comes back.
 * @module
 */

/** A rate limit. `Infinity` as rate means none. */
export interface Rate {
  /** Tokens that come back in a second. */
  readonly perSecond: number;
  /** Tokens that may be saved up, and that there are at first. */
  readonly burst: number;
}

/** One bucket. Takes no memory beyond itself and no timer. */
export class TokenBucket {
  #tokens: number;
  #filledAtMs: number;

  constructor(rate: Rate, nowMs: number) {
    this.#tokens = rate.burst;
    this.#filledAtMs = nowMs;
  }

  /** Takes `cost` tokens, or none and returns false when there are not enough. */
  take(rate: Rate, cost: number, nowMs: number): boolean {
    if (rate.perSecond === Infinity) return true;
    const gained = ((nowMs - this.#filledAtMs) / 1000) * rate.perSecond;
    this.#filledAtMs = nowMs;
    this.#tokens = Math.min(rate.burst, this.#tokens + gained);
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }
}
