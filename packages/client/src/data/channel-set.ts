/**
 * The channels of a room, and the peers they reach.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import { clientError } from '../client-error.ts';
import type { Logger } from '../logger.ts';
import { closedError, RoomChannel } from './channel.ts';
import type { Channel } from './channel.ts';
import type { Codec } from './codec.ts';
import { MAX_NAME_BYTES } from './data-limits.ts';
import { encodeText } from './text.ts';
import { peerLeftError } from './peer-data.ts';
import type { PeerData } from './peer-data.ts';

/** How a channel delivers. Everybody in the room should open it in the same way. */
export interface ChannelOptions<T = unknown> {
  /** `false`, together with `maxRetransmits: 0`: at most once, in any order, never late. @default true */
  readonly ordered?: boolean;
  readonly maxRetransmits?: 0;
  /** For much data: it stands back for all other channels. @default false */
  readonly bulk?: boolean;
  /** @default JSON, and Uint8Array as it is */
  readonly codec?: Codec<T>;
}

/** See the module comment. */
export class ChannelSet {
  readonly #logger: Logger;
  readonly #peers = new Map<PeerId, PeerData>();
  readonly #channels = new Map<string, RoomChannel>();
  readonly #goneListeners: ((peer: PeerId, error: Error) => void)[] = [];
  #closed = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** The channel of this name, the same object each time. @throws {ParleyError} `ERR_OPTIONS` */
  open<T>(name: string, options?: ChannelOptions<T>): Channel<T>;
  open(name: string, options: ChannelOptions = {}): Channel<unknown> {
    const { maxRetransmits, bulk, codec } = options;
    const delivery = maxRetransmits === 0 ? 'unreliable' : bulk ? 'bulk' : 'reliable';
    const known = this.#channels.get(name);
    const nameBytes = encodeText(name).length;
    if (nameBytes > MAX_NAME_BYTES || (known !== undefined && known.delivery !== delivery)) {
      throw clientError('ERR_OPTIONS', `The channel "${name}" cannot be opened like this.`);
    }
    if (known !== undefined) return known;
    const channel = new RoomChannel({
      name,
      delivery,
      codec,
      peers: this.#peers,
      logger: this.#logger,
    });
    if (this.#closed) channel.close();
    this.#channels.set(name, channel);
    return channel;
  }

  addPeer(id: PeerId, data: PeerData): void {
    this.#peers.set(id, data);
    for (const channel of this.#channels.values()) channel.addPeer(id, data);
  }

  removePeer(id: PeerId): void {
    if (this.#peers.delete(id)) this.#tellGone(id, peerLeftError());
  }

  has(id: PeerId): boolean {
    return this.#peers.has(id);
  }

  /** Calls back with each peer that nothing reaches any more, and why. */
  onGone(listener: (peer: PeerId, error: Error) => void): void {
    this.#goneListeners.push(listener);
  }

  /** The room has been left; to be called before its peers are closed. */
  close(): void {
    this.#closed = true;
    for (const channel of this.#channels.values()) channel.close();
    for (const id of this.#peers.keys()) this.#tellGone(id, closedError());
    this.#peers.clear();
  }

  #tellGone(peer: PeerId, error: Error): void {
    for (const tell of this.#goneListeners) tell(peer, error);
  }
}
