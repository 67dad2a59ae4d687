/**
 * How often something may be tried: by one address, at one room. What costs a try and succeeds is
 * given back, so that only guessing is slowed down.
 * @module
 */
import type { Now } from '../clock.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { RateLimit } from '../token-bucket.ts';

/** More keys than this are not told apart: the oldest is forgotten. */
const MAX_KEYS = 10_000;

/** A bucket for each key. Keeps no timer. */
export class Attempts {
  readonly #limit: RateLimit;
  readonly #now: Now;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(limit: RateLimit, now: Now) {
    this.#limit = limit;
    this.#now = now;
  }

  /** False when there have been too many. */
  take(key: string): boolean {
    const bucket = this.#buckets.get(key) ?? new TokenBucket(this.#limit, this.#now);
    // At the end of the line again: the map forgets whoever has not tried for longest.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MAX_KEYS && oldest !== undefined) this.#buckets.delete(oldest);
    return bucket.take();
  }

  /** The try was no guess. */
  giveBack(key: string): void {
    this.#buckets.get(key)?.charge(-1);
  }
}
