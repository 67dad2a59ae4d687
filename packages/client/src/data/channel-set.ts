/**
 * The channels of a room, and the peers they reach.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import type { Logger } from '../logger.ts';
import type { Channel, ChannelOptions } from './channel.ts';
import { closedError, peerLeftError } from './data-error.ts';
import type { PeerData } from './peer-data.ts';
import { deliveryOf } from './peer-pipes.ts';
import { RoomChannel } from './room-channel.ts';

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

  /** The channel of this name, the same object each time. */
  open<T>(name: string, options?: ChannelOptions<T>): Channel<T>;
  open(name: string, options: ChannelOptions = {}): Channel<unknown> {
    const known = this.#channels.get(name);
    if (known !== undefined) return known;
    const channel = new RoomChannel({
      name,
      delivery: deliveryOf(options),
      codec: options.codec,
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
