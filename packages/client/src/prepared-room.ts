/**
 * A room that somebody is about to enter: the server holds a place, and an offer is ready to travel
 * with the join. What grows old is made anew, for as long as the person takes to press Join.
 * @module
 */
import type { Inside, PrepareRequest } from '@parley/protocol';
import type { LinkOwner } from './peer/peer-link.ts';
import type { OpenedLink, PeerContext } from './peer/mesh-peer.ts';
import { WarmLink } from './peer/warm-link.ts';
import type { Signaling } from './signaling/signaling.ts';

/** What a prepared room works with. */
export interface PreparedRoomOptions {
  readonly room: string;
  /** It holds the place. */
  readonly signaling: Signaling;
  readonly peers: PeerContext;
  readonly openLink: (owner: LinkOwner) => OpenedLink;
  /** Absent: nobody wants to know who is inside. */
  readonly onInside?: (inside: Inside | undefined) => void;
  /** Closes it. */
  readonly signal?: AbortSignal;
}

/**
 * An offer names addresses that NATs keep open for so long, and not always longer.
 * @see https://www.rfc-editor.org/rfc/rfc4787#section-4.3
 */
const OFFER_LIFETIME_MS = 120_000;
/** Who is inside is looked at so often. */
const LOOK_INTERVAL_MS = 4_000;
/** The address of a candidate that says nothing outside this network. */
const HIDDEN_ADDRESS = / [\w-]+\.local /u;

/** Its owner must `close` it, or `take` the link. */
export class PreparedRoom {
  readonly #options: PreparedRoomOptions;
  readonly #lifetime = new AbortController();
  #link: WarmLink | undefined;
  #isLost = false;
  #cancelTimer = (): void => {};
  #cancelLook = (): void => {};

  constructor(options: PreparedRoomOptions) {
    this.#options = options;
    this.#listen();
    options.signal?.addEventListener('abort', () => this.close());
  }

  /** Asks the server for a place; resolves when an offer is being made. */
  async hold(signal: AbortSignal): Promise<void> {
    const { signaling, peers } = this.#options;
    const [prepared] = await Promise.all([
      signaling.prepare(this.#request, signal),
      peers.connections.warm(),
    ]);
    if (this.#lifetime.signal.aborted) return;
    peers.connections.useIceServers(prepared.iceServers);
    this.#renew();
    this.#tell(prepared.inside);
  }

  get #request(): PrepareRequest {
    const { room, onInside } = this.#options;
    return onInside === undefined ? { room } : { room, look: true };
  }

  /** Tells who is inside, and looks again after a while; a look that fails is followed by the next one. */
  #tell(inside: Inside | undefined): void {
    const { onInside, signaling, peers } = this.#options;
    if (onInside === undefined || this.#lifetime.signal.aborted) return;
    onInside(inside);
    this.#cancelLook();
    this.#cancelLook = peers.platform.setTimer(() => {
      signaling
        .prepare(this.#request, this.#lifetime.signal)
        .then((prepared) => this.#tell(prepared.inside))
        .catch(() => this.#tell(undefined));
    }, LOOK_INTERVAL_MS);
  }

  /**
   * Ends the preparation and gives away the link whose offer is to travel with the join; none when
   * that is not ready, or another room is joined.
   */
  take(room: string): WarmLink | undefined {
    const link =
      this.#link?.offer === undefined || room !== this.#options.room ? undefined : this.#link;
    if (link !== undefined) this.#link = undefined;
    this.close();
    return link;
  }

  /** Idempotent. */
  close(): void {
    this.#lifetime.abort();
    this.#cancelLook();
    this.#drop();
  }

  #listen(): void {
    const { signaling, peers } = this.#options;
    const { signal } = this.#lifetime;
    const undo = [
      signaling.on('iceServers', (list) => {
        peers.connections.useIceServers(list);
        this.#renew();
      }),
      signaling.on('disconnected', () => {
        // The place is gone, and so are its relays.
        this.#isLost = true;
        this.#cancelLook();
        this.#options.onInside?.(undefined);
        this.#drop();
      }),
      signaling.on('connected', () => {
        if (this.#isLost) void this.hold(signal).catch(() => {}); // then it is joined without an offer
      }),
      ...Object.values(peers.sources).map((source) =>
        source.subscribe(() => this.#deviceChanged()),
      ),
    ];
    signal.addEventListener('abort', () => {
      for (const end of undo) end();
    });
  }

  #renew(): void {
    const { peers, openLink } = this.#options;
    this.#drop();
    this.#link = new WarmLink(openLink);
    this.#cancelTimer = peers.platform.setTimer(() => this.#renew(), OFFER_LIFETIME_MS);
  }

  #drop(): void {
    this.#cancelTimer();
    this.#link?.close();
    this.#link = undefined;
  }

  /** Browsers hide local addresses behind names until a device may be used. */
  #deviceChanged(): void {
    const { sources } = this.#options.peers;
    const isAllowed = Object.values(sources).some(({ snapshot }) => snapshot.track !== undefined);
    if (isAllowed && HIDDEN_ADDRESS.test(JSON.stringify(this.#link?.offer ?? null))) this.#renew();
  }
}
