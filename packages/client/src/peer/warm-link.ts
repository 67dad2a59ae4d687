/**
 * A link that has made its offer before anybody is there to take it: connection, sections, channels
 * and candidates are ready when the person presses Join, and the offer travels with the join.
 * Loaded with `prepared-room.ts`: it takes nothing but types from the rest of the SDK.
 * @module
 */
import type { Payload, RelayedEvent } from '@parley/protocol';
import type { LinkOwner } from './peer-link.ts';
import type { OpenedLink } from './remote-peer.ts';

/** Its owner must `close` it, or give it to a peer. */
export class WarmLink {
  readonly #opened: OpenedLink;
  #owner: LinkOwner | undefined;
  #isSent = false;
  /** Candidates that came when the offer was under way already. */
  #late: readonly Payload[] = [];

  constructor(open: (owner: LinkOwner) => OpenedLink) {
    const isPolite = (): boolean => this.#owner?.polite === true;
    this.#opened = open({
      get polite() {
        return isPolite();
      },
      send: (event, payload) => this.#send(event, payload),
      hooks: {
        stateChanged: () => this.#owner?.hooks.stateChanged(),
        trackReceived: (source, track) => this.#owner?.hooks.trackReceived(source, track),
        mediaDeclared: (media) => this.#owner?.hooks.mediaDeclared(media),
      },
    });
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
    this.#owner = owner;
    for (const payload of this.#late) owner.send('icecandidate', payload);
    this.#late = [];
    return this.#opened;
  }

  /** Nobody got the offer. */
  close(): void {
    this.#opened.link.close();
    this.#opened.data.close();
  }

  #send(event: RelayedEvent, payload: Payload): void {
    if (this.#owner !== undefined) this.#owner.send(event, payload);
    // Before the offer is sent it holds every candidate itself.
    else if (this.#isSent && event === 'icecandidate') this.#late = [...this.#late, payload];
  }
}
