/**
 * A named channel of a room: what one person sends, everybody else who has opened the channel of the
 * same name receives.
 * @module
 */
import type { ParleyError, PeerId } from '@parley/protocol';
import { Emitter } from '../emitter.ts';
import type { Logger } from '../logger.ts';
import type { Codec } from './codec.ts';
import { dataError } from './data-error.ts';
import { Inbox } from './inbox.ts';
import { LANE_CODE } from './lane-door.ts';
import type { Delivery, PeerData } from './peer-data.ts';

/** A message and who sent it. */
export interface ChannelMessage<T> {
  readonly from: PeerId;
  /** Untrusted: a value of the codec's kind, but of the shape the sender chose. */
  readonly data: T;
}

/** What a channel tells. */
export interface ChannelEvents<T> {
  message: ChannelMessage<T>;
  /** A peer has not opened this channel; what was sent to them on it is dropped. */
  unheard: { readonly peer: PeerId };
}

/** How to send. */
export interface SendOptions {
  /** Only to these. @default everybody who is in the room now */
  readonly to?: PeerId | readonly PeerId[];
  /** Takes the message back, where its end has not been sent; `send` rejects with the reason. */
  readonly signal?: AbortSignal;
}

/** How to read a channel as a loop. */
export interface ReadOptions {
  /** Ends the loop, which throws the reason then. */
  readonly signal?: AbortSignal;
}

/** A named channel of a room. It is open for as long as the room is. */
export interface Channel<T> extends AsyncIterable<ChannelMessage<T>> {
  readonly name: string;
  /**
   * Sends a value; resolves when the browsers' connections to all receivers have taken it. Rejects with
   * a ParleyError. Need not be awaited by those who send little.
   */
  send(value: T, options?: SendOptions): Promise<void>;
  /** What `for await` over the channel itself does, with an end that is up to the caller. */
  read(options?: ReadOptions): AsyncGenerator<ChannelMessage<T>, void>;
  on<E extends keyof ChannelEvents<T>>(
    event: E,
    listener: (payload: ChannelEvents<T>[E]) => void,
  ): () => void;
}

/** What a channel works with. */
export interface RoomChannelOptions {
  readonly name: string;
  readonly delivery: Delivery;
  readonly codec: Codec<unknown> | undefined;
  /** Those who are in the room; the owner keeps it up to date. */
  readonly peers: ReadonlyMap<PeerId, PeerData>;
  readonly logger: Logger;
}

/** What the code that is loaded later needs of a channel. */
export interface ChannelPort extends RoomChannelOptions {
  readonly isClosed: () => boolean;
  readonly events: Emitter<ChannelEvents<unknown>>;
  readonly inboxes: ReadonlySet<Inbox<ChannelMessage<unknown>>>;
}

/** See the module comment. */
export class RoomChannel implements Channel<unknown> {
  readonly name: string;
  readonly delivery: Delivery;
  readonly #events = new Emitter<ChannelEvents<unknown>>();
  readonly #inboxes = new Set<Inbox<ChannelMessage<unknown>>>();
  readonly #port: ChannelPort;
  #closed = false;

  constructor(options: RoomChannelOptions) {
    this.name = options.name;
    this.delivery = options.delivery;
    this.#port = {
      ...options,
      isClosed: () => this.#closed,
      events: this.#events,
      inboxes: this.#inboxes,
    };
    for (const [id, data] of options.peers) this.addPeer(id, data);
  }

  send(value: unknown, options: SendOptions = {}): Promise<void> {
    const sent = LANE_CODE.use((part) => part.sendMessage(this.#port, value, options));
    sent.catch(() => {}); // whoever does not wait for it does not want to know
    return sent;
  }

  on<E extends keyof ChannelEvents<unknown>>(
    event: E,
    listener: (payload: ChannelEvents<unknown>[E]) => void,
  ): () => void {
    return this.#events.on(event, listener);
  }

  [Symbol.asyncIterator](): AsyncGenerator<ChannelMessage<unknown>, void> {
    return this.read();
  }

  async *read({ signal }: ReadOptions = {}): AsyncGenerator<ChannelMessage<unknown>, void> {
    signal?.throwIfAborted();
    if (this.#closed) return;
    const inbox = new Inbox<ChannelMessage<unknown>>();
    const end = (): void => {
      this.#inboxes.delete(inbox);
      inbox.drop();
      inbox.close();
    };
    this.#inboxes.add(inbox);
    signal?.addEventListener('abort', end);
    try {
      for (let next = await inbox.next(); next !== undefined; next = await inbox.next()) yield next;
      signal?.throwIfAborted();
    } finally {
      signal?.removeEventListener('abort', end);
      end();
    }
  }

  /** Receives from this peer as well. */
  addPeer(id: PeerId, data: PeerData): void {
    data[this.delivery].listen(this.name, (part) => part.receiverOf(this.#port, id));
  }

  /** The room has been left; to be called before its peers are closed. Idempotent. */
  close(): void {
    this.#closed = true;
    for (const inbox of this.#inboxes) inbox.close();
  }
}

/** The error for what was under way when the room was left. */
export function closedError(): ParleyError {
  return dataError('ERR_CHANNEL_CLOSED', 'The room of this channel has been left.');
}
