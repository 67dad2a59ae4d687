/**
 * A link that has made its offer before anybody is there to take it: connection, sections, channels
 * and candidates are ready when the person presses Join, and the offer travels with the join.
 * Loaded with `prepared-room.ts`: it takes nothing but types from the rest of the SDK.
 * @module
 */
import type { Payload, RelayedEvent } from '@parley/protocol';
import type { LinkOwner } from './peer-link.ts';
import type { OpenedLink } from './mesh-peer.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Its owner must `close` it, or give it to a peer. */
export class WarmLink {
  readonly #opened: OpenedLink;
  /** Becomes what the peer is as soon as there is one. */
  readonly #owner: Writable<LinkOwner> = {
    polite: false,
    send: (event, payload) => this.#hold(event, payload),
    hooks: { stateChanged() {}, trackReceived() {}, mediaDeclared() {}, viewDeclared() {} },
    shown: new Map(),
    limits: new Map(),
    tune: undefined,
  };
  #isSent = false;
  /** Candidates that came when the offer was under way already. */
  #late: readonly Payload[] = [];

  constructor(open: (owner: LinkOwner) => OpenedLink) {
    this.#opened = open(this.#owner);
    this.#opened.link.open();
  }

  /** The offer with the candidates known by now; `undefined` when it has not been made yet. */
  get offer(): Payload | undefined {
    return this.#opened.link.offer;
  }

  /** The offer is on its way: what comes from now on has to be sent after it. */
  sent(): void {
    this.#isSent = true;
  }

  /** Hands the link over to the peer that got the offer. */
  adopt(owner: LinkOwner): OpenedLink {
    Object.assign(this.#owner, owner);
    for (const payload of this.#late) owner.send('icecandidate', payload);
    this.#late = [];
    return this.#opened;
  }

  /** Nobody got the offer. */
  close(): void {
    this.#opened.link.close();
    this.#opened.data.close();
  }

  #hold(event: RelayedEvent, payload: Payload): void {
    // Before the offer is sent it holds every candidate itself.
    if (this.#isSent && event === 'icecandidate') this.#late = [...this.#late, payload];
  }
}
