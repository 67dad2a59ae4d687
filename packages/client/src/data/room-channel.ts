/**
 * What a channel does for those who have opened it on this page.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import { Emitter } from '../emitter.ts';
import type {
  Channel,
  ChannelEvents,
  ChannelMessage,
  ReadOptions,
  SendOptions,
} from './channel.ts';
import { Inbox } from './inbox.ts';
import { receiverOf, sendMessage } from './messages.ts';
import type { ChannelPort, RoomChannelOptions } from './messages.ts';
import type { PeerData } from './peer-data.ts';

/** See the module comment. */
export class RoomChannel implements Channel<unknown> {
  readonly name: string;
  readonly #events = new Emitter<ChannelEvents<unknown>>();
  readonly #inboxes = new Set<Inbox<ChannelMessage<unknown>>>();
  readonly #port: ChannelPort;
  #closed = false;

  constructor(options: RoomChannelOptions) {
    this.name = options.name;
    this.#port = {
      ...options,
      isClosed: () => this.#closed,
      events: this.#events,
      inboxes: this.#inboxes,
    };
    for (const [id, data] of options.peers) this.addPeer(id, data);
  }

  send(value: unknown, options: SendOptions = {}): Promise<void> {
    const sent = sendMessage(this.#port, value, options);
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

  /** Misses nothing that comes between this call and the first step of the loop. */
  read({ signal }: ReadOptions = {}): AsyncGenerator<ChannelMessage<unknown>, void> {
    const inbox = new Inbox<ChannelMessage<unknown>>();
    const end = (): void => {
      signal?.removeEventListener('abort', end);
      this.#inboxes.delete(inbox);
      inbox.drop();
      inbox.close();
    };
    if (this.#closed) inbox.close();
    else this.#inboxes.add(inbox);
    signal?.addEventListener('abort', end);
    return readInbox(inbox, end, signal);
  }

  /** Receives from this peer as well. */
  addPeer(id: PeerId, data: PeerData): void {
    data[this.#port.delivery].listen(this.name, receiverOf(this.#port, id));
  }

  /** The room has been left; to be called before its peers are closed. Idempotent. */
  close(): void {
    this.#closed = true;
    for (const inbox of this.#inboxes) inbox.close();
  }
}

async function* readInbox<Item>(
  inbox: Inbox<Item>,
  end: () => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item, void> {
  try {
    signal?.throwIfAborted();
    for (let next = await inbox.next(); next !== undefined; next = await inbox.next()) yield next;
    signal?.throwIfAborted();
  } finally {
    end();
  }
}
