/**
 * A link that has made its offer before anybody is there to take it: connection, sections, channels
 * and candidates are ready when the person presses Join, and the offer travels with the join.
 * @module
 */
import type { Payload, RelayedEvent } from '@parley/protocol';
import { PeerData } from '../data/peer-data.ts';
import { PeerLink } from './peer-link.ts';
import type { PeerLinkHooks, PeerLinkOptions } from './peer-link.ts';

/** What is known of a link only when it has a peer. */
export type LinkOwner = Pick<PeerLinkOptions, 'polite' | 'send' | 'hooks'>;

/** Its owner must `close` it, or give it to a peer. */
export class WarmLink {
  readonly data: PeerData = new PeerData();
  readonly #link: PeerLink;
  #owner: LinkOwner | undefined;
  #isSent = false;
  /** Candidates that came when the offer was under way already. */
  #late: readonly Payload[] = [];

  constructor(options: Omit<PeerLinkOptions, keyof LinkOwner | 'data'>) {
    const isPolite = (): boolean => this.#owner?.polite === true;
    const hooks: PeerLinkHooks = {
      stateChanged: () => this.#owner?.hooks.stateChanged(),
      trackReceived: (source, track) => this.#owner?.hooks.trackReceived(source, track),
      mediaDeclared: (media) => this.#owner?.hooks.mediaDeclared(media),
    };
    this.#link = new PeerLink({
      ...options,
      get polite() {
        return isPolite();
      },
      data: this.data,
      send: (event, payload) => this.#send(event, payload),
      hooks,
    });
    this.#link.open();
  }

  /** The offer with the candidates known by now; `undefined` when it has not been made yet. */
  get offer(): Payload | undefined {
    return this.#link.offer;
  }

  /** The offer is on its way: what comes from now on has to be sent after it. */
  sent(): void {
    this.#isSent = true;
  }

  /** Hands the link over to the peer that got the offer. */
  adopt(owner: LinkOwner): PeerLink {
    this.#owner = owner;
    for (const payload of this.#late) owner.send('icecandidate', payload);
    this.#late = [];
    return this.#link;
  }

  /** Nobody got the offer. */
  close(): void {
    this.#link.close();
    this.data.close();
  }

  #send(event: RelayedEvent, payload: Payload): void {
    if (this.#owner !== undefined) this.#owner.send(event, payload);
    // Before the offer is sent it holds every candidate itself.
    else if (this.#isSent && event === 'icecandidate') this.#late = [...this.#late, payload];
  }
}
