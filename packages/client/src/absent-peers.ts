/**
 * People whom the server does not see (any more) while our connection to them may live on: it was
 * restarted and they have not come back yet, or only their way to the server is broken. They are gone
 * when nothing connects us to them and there has been time enough.
 * Rules: docs/SPEC-signaling.md, SIG-82.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import type { SetTimer } from './platform.ts';

/** What absence is judged by. */
export interface AbsentPeersOptions {
  readonly setTimer: SetTimer;
  /** Whether our own connection to the peer is there. */
  readonly isReached: (id: PeerId) => boolean;
  /** The peer is gone. */
  readonly drop: (id: PeerId) => void;
}

const CHECK_INTERVAL_MS = 5_000;

/** See the module comment. Its owner must `close` it. */
export class AbsentPeers {
  readonly #options: AbsentPeersOptions;
  /** How many more checks each one is given. */
  readonly #checksLeft = new Map<PeerId, number>();
  #cancelTimer: (() => void) | undefined;

  constructor(options: AbsentPeersOptions) {
    this.#options = options;
  }

  /** The server does not see this one, who has `graceMs` to come back. */
  add(id: PeerId, graceMs = 0): void {
    this.#checksLeft.set(id, graceMs / CHECK_INTERVAL_MS);
    this.#cancelTimer ??= this.#options.setTimer(() => this.#check(), CHECK_INTERVAL_MS);
  }

  /** The server sees this one again, or everybody knows that they are gone. */
  delete(id: PeerId): void {
    this.#checksLeft.delete(id);
    if (this.#checksLeft.size === 0) this.close();
  }

  /** Idempotent. */
  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#checksLeft.clear();
  }

  #check(): void {
    const { isReached, drop } = this.#options;
    const checks = [...this.#checksLeft];
    this.close();
    for (const [id, left] of checks) {
      if (left <= 1 && !isReached(id)) drop(id);
      else this.add(id, (left - 1) * CHECK_INTERVAL_MS);
    }
  }
}
