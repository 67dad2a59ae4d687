/**
 * The envelope of a link with a key: one {@link Sealing} for each other person.
 * @module
 */
import { ParleyError } from '@parley/protocol';
import type { Payload, PeerId, RelayedEvent } from '@parley/protocol';
import type { Envelope, Unwrapped } from './envelope.ts';
import { Sealing, importLinkKey } from './sealing.ts';
import { Sequence } from './sequence.ts';

/** So many who are gone are remembered: after a fault of the network somebody may return as they were. */
const MAX_DEPARTED = 16;

/** @throws {ParleyError} `ERR_LINK_KEY`, `ERR_CRYPTO_UNAVAILABLE` */
export async function openSealedEnvelope(link: string, room: string): Promise<Envelope> {
  return new SealedEnvelope(await importLinkKey(link), room);
}

/** Seals everything, and takes nothing that is not sealed. */
class SealedEnvelope implements Envelope {
  readonly #key: CryptoKey;
  readonly #room: string;
  /** They outlast connections and sessions: each knows what has come already. */
  readonly #sealings = new Map<PeerId, Sealing>();
  readonly #departed = new Set<PeerId>();
  /** Across all peers and both kinds of seals, so that a candidate never overtakes its offer. */
  readonly #opened = new Sequence();
  #self: PeerId | undefined;

  constructor(key: CryptoKey, room: string) {
    this.#key = key;
    this.#room = room;
  }

  useSelf(self: PeerId): void {
    if (self !== this.#self) this.#sealings.clear();
    this.#self = self;
  }

  wrap(to: PeerId, event: RelayedEvent, payload: Payload): Promise<Payload> {
    return this.#sealingFor(to).seal(event, payload);
  }

  unwrap(from: PeerId, event: RelayedEvent, payload: Payload): Promise<Unwrapped> {
    return this.#open(() => this.#sealingFor(from).open(event, payload));
  }

  wrapJoinOffer(payload: Payload): Promise<Payload> {
    return this.#createSealing(undefined, undefined).seal('offer', payload);
  }

  unwrapJoinOffer(payload: Payload): Promise<Unwrapped> {
    return this.#open(() => this.#createSealing(undefined, undefined).open('offer', payload));
  }

  forget(peer: PeerId): void {
    this.#departed.add(peer);
    if (this.#departed.size <= MAX_DEPARTED) return;
    const [oldest = peer] = this.#departed;
    this.#departed.delete(oldest);
    this.#sealings.delete(oldest);
  }

  #open(task: () => Promise<Payload>): Promise<Unwrapped> {
    return this.#opened.run(task).catch((error: unknown) => {
      if (error instanceof ParleyError) return error;
      throw error;
    });
  }

  #sealingFor(peer: PeerId): Sealing {
    this.#departed.delete(peer);
    const sealing = this.#sealings.get(peer) ?? this.#createSealing(this.#self, peer);
    this.#sealings.set(peer, sealing);
    return sealing;
  }

  #createSealing(self: PeerId | undefined, peer: PeerId | undefined): Sealing {
    return new Sealing({ key: this.#key, room: this.#room, self, peer });
  }
}
