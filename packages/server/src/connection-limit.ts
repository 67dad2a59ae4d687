/**
 * How many connections one address may have, and how fast it may open them. What is too much is
 * refused before anything is kept of it.
 * Rules: docs/SPEC-signaling.md, LIMIT-1 and the following.
 * @module
 */
import type { Now } from './clock.ts';
import { addressKey, isLoopback } from './door/address-key.ts';
import { Attempts } from './door/attempts.ts';

const DEFAULT_MAX = 256;
/** A school that comes at nine gets in; a program that reconnects all the time does not. */
const NEW_CONNECTIONS = { perSecond: 10 };

/** Counts the connections of a server. */
export class ConnectionLimit {
  readonly #max: number | undefined;
  readonly #counts = new Map<string, number>();
  readonly #attempts: Attempts;

  /** @param max undefined: 256, and no limit for this machine, where a proxy may stand for everybody */
  constructor(max: number | undefined, now: Now) {
    this.#max = max;
    this.#attempts = new Attempts({ ...NEW_CONNECTIONS, burst: max ?? DEFAULT_MAX }, now);
  }

  /** True when one more may come from there. */
  allows(address: string): boolean {
    if (this.#max === undefined && isLoopback(address)) return true;
    const key = addressKey(address);
    const count = this.#counts.get(key) ?? 0;
    return count < (this.#max ?? DEFAULT_MAX) && this.#attempts.take(key);
  }

  /** To be followed by `closed` once. */
  opened(address: string): void {
    const key = addressKey(address);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  closed(address: string): void {
    const key = addressKey(address);
    const count = (this.#counts.get(key) ?? 0) - 1;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }
}
