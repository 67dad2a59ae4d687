/**
 * People who are gone for good: a session of theirs that is shown late opens nothing. Those who were sent away stay
 * outside after a restart as well.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import type { DoorLedger } from '../door/door-ledger.ts';

/** Remembered of each kind, newest first; a session ends after a day anyhow. */
const MAX_DEPARTED = 4096;

/** See the module comment. */
export class Departed {
  readonly #ledger: DoorLedger | undefined;
  readonly #ended = new Set<PeerId>();
  /** Those of them who were sent away. */
  readonly #removed = new Set<PeerId>();

  constructor(ledger: DoorLedger | undefined) {
    this.#ledger = ledger;
    for (const peer of ledger?.removed ?? []) this.#note(peer);
  }

  /** Whether their session is over. */
  has(peer: PeerId): boolean {
    return this.#ended.has(peer);
  }

  wasRemoved(peer: PeerId): boolean {
    return this.#removed.has(peer);
  }

  /** Those who were sent away. */
  get removed(): Iterable<PeerId> {
    return this.#removed;
  }

  /** They have left, or their time is over. */
  add(peer: PeerId): void {
    remember(this.#ended, peer);
  }

  /** They were sent away. */
  remove(peer: PeerId): void {
    this.#note(peer);
    this.#ledger?.remove(peer);
  }

  #note(peer: PeerId): void {
    remember(this.#ended, peer);
    remember(this.#removed, peer);
  }
}

/** Forgets the oldest when there are too many. */
function remember(ids: Set<PeerId>, id: PeerId): void {
  ids.add(id);
  const [oldest] = ids;
  if (ids.size > MAX_DEPARTED && oldest !== undefined) ids.delete(oldest);
}
