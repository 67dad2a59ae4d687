/**
 * How much strangers may ask for before anything is computed for them: one token bucket per source
 * address, in a table of fixed size. A flood from forged sources fills no memory; sources that fall
 * into the same slot share its bucket.
 * @module
 */
import { randomInt } from 'node:crypto';
import type { TransportAddress } from '../wire/transport-address.ts';
import type { Rate } from './token-bucket.ts';

/** 512 KiB, whatever happens. */
const SLOTS = 2 ** 16;

/** One bucket per IPv4 address and per IPv6 /64 (one subscriber). */
export class SourceLimiter {
  readonly #rate: Rate;
  readonly #tokens: Float32Array;
  /** Milliseconds since the start, so that they fit 32 bits. */
  readonly #filledAtMs = new Uint32Array(SLOTS);
  readonly #startMs: number;
  /** Makes it impossible to choose sources that share a slot with a victim. */
  readonly #seed: number;

  constructor(rate: Rate, nowMs: number, seed: number = randomInt(2 ** 32)) {
    this.#rate = rate;
    this.#tokens = new Float32Array(SLOTS).fill(Math.min(rate.burst, Number.MAX_SAFE_INTEGER));
    this.#startMs = nowMs;
    this.#seed = seed;
  }

  /** Takes one token of the bucket of `source`; false when it is empty. */
  take(source: TransportAddress, nowMs: number): boolean {
    const { perSecond, burst } = this.#rate;
    if (perSecond === Infinity) return true;
    const slot = this.#slotOf(source);
    const sinceStartMs = Math.trunc(nowMs - this.#startMs) >>> 0;
    const elapsedMs = (sinceStartMs - (this.#filledAtMs[slot] ?? 0)) >>> 0;
    const tokens = Math.min(burst, (this.#tokens[slot] ?? 0) + (elapsedMs / 1000) * perSecond);
    this.#filledAtMs[slot] = sinceStartMs;
    this.#tokens[slot] = tokens < 1 ? tokens : tokens - 1;
    return tokens >= 1;
  }

  #slotOf(source: TransportAddress): number {
    const isIpv4 = source.family === 4;
    let hash = Math.imul(this.#seed ^ (isIpv4 ? source.word3 : source.word0), 0x9e3779b1);
    hash ^= hash >>> 15;
    hash = Math.imul(hash ^ (isIpv4 ? 0 : source.word1), 0x85ebca77);
    hash ^= hash >>> 13;
    return (Math.imul(hash, 0xc2b2ae3d) >>> 16) & (SLOTS - 1);
  }
}
