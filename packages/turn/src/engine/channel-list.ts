/**
 * The channels of one allocation: a number stands for one peer address, for ten minutes from its
 * last refresh. Neither side of the pair may change while it lives.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-12
 * @module
 */
import { copyAddress, emptyAddress, isSameAddress } from '../wire/transport-address.ts';
import type { TransportAddress } from '../wire/transport-address.ts';
import type { Reach } from './permission-list.ts';

/** Fixed by the RFC, so that clients know when to refresh. */
export const CHANNEL_LIFETIME_MS = 600_000;

/** One channel. */
export interface ChannelBinding {
  readonly number: number;
  readonly peer: TransportAddress;
  readonly reach: Reach;
  expiresAtMs: number;
}

/** What became of a wish to bind. */
export type BindResult = 'bound' | 'conflict' | 'full';

/** The channels of one allocation: a few, so a list. */
export class ChannelList {
  readonly #bindings: ChannelBinding[];

  constructor(bindings: readonly ChannelBinding[] = []) {
    this.#bindings = [...bindings];
  }

  /** All of them, expired ones included until they are swept. */
  list(): readonly ChannelBinding[] {
    return this.#bindings;
  }

  /** Channels held, expired ones included until they are swept. */
  get size(): number {
    return this.#bindings.length;
  }

  /** The live channel of this number. */
  findByNumber(number: number, nowMs: number): ChannelBinding | undefined {
    for (const binding of this.#bindings) {
      if (binding.number === number && binding.expiresAtMs > nowMs) return binding;
    }
    return undefined;
  }

  /** The live channel that stands for `peer`. */
  findByPeer(peer: TransportAddress, nowMs: number): ChannelBinding | undefined {
    for (const binding of this.#bindings) {
      if (isSameAddress(binding.peer, peer) && binding.expiresAtMs > nowMs) return binding;
    }
    return undefined;
  }

  /** What `bind` would return, with at most `limit` channels. Changes nothing that lives. */
  check(number: number, peer: TransportAddress, limit: number, nowMs: number): BindResult {
    this.sweep(nowMs);
    const byNumber = this.findByNumber(number, nowMs);
    const byPeer = this.findByPeer(peer, nowMs);
    if (byNumber !== byPeer) return 'conflict';
    return byNumber === undefined && this.#bindings.length >= limit ? 'full' : 'bound';
  }

  /** Binds, or refreshes the same pair. `check` must have said `bound`. */
  bind(number: number, peer: TransportAddress, reach: Reach, nowMs: number): void {
    const expiresAtMs = nowMs + CHANNEL_LIFETIME_MS;
    const existing = this.findByNumber(number, nowMs);
    if (existing !== undefined) {
      existing.expiresAtMs = expiresAtMs;
      return;
    }
    const copy = emptyAddress();
    copyAddress(copy, peer);
    this.#bindings.push({ number, peer: copy, reach, expiresAtMs });
  }

  /** Forgets what has expired. */
  sweep(nowMs: number): void {
    for (let index = this.#bindings.length - 1; index >= 0; index -= 1) {
      const expiresAtMs = this.#bindings[index]?.expiresAtMs ?? 0;
      if (expiresAtMs <= nowMs) this.#bindings.splice(index, 1);
    }
  }
}
