/**
 * The way of a room to its channels, files and requests, whose code is loaded when somebody first uses
 * one, here or at the other end: most calls never do. What happens before waits at this door, in order.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import { clientError } from './client-error.ts';
import type {
  Channel,
  ChannelEvents,
  ChannelMessage,
  ChannelOptions,
  ReadOptions,
  SendOptions,
} from './data/channel.ts';
import { MAX_NAME_BYTES } from './data/data-limits.ts';
import { deliveryOf } from './data/peer-pipes.ts';
import type { Delivery, PeerPipes } from './data/peer-pipes.ts';
import type { Files } from './files/file-transfer.ts';
import { lazily } from './lazily.ts';
import type { RequestHandler, RequestOptions } from './requests/room-requests.ts';
import type * as roomData from './room-data.ts';
import type { RoomData, RoomDataOptions } from './room-data.ts';

/** What a door works with. */
export interface DataDoorOptions extends RoomDataOptions {
  /** @default the code of this page */
  readonly load?: () => Promise<typeof roomData>;
}

type Use = (data: RoomData) => unknown;
type Failed = (error: unknown) => void;

/** See the module comment. */
export class DataDoor {
  readonly #load: () => Promise<typeof roomData>;
  readonly #options: DataDoorOptions;
  readonly #peers = new Map<PeerId, PeerPipes>();
  readonly #channels = new Map<string, { delivery: Delivery; channel: Channel<unknown> }>();
  readonly #handlers = new Map<string, RequestHandler>();
  #files: Files | undefined;
  #data: RoomData | undefined;
  #waiting: { readonly use: Use; readonly failed: Failed | undefined }[] = [];
  #closed = false;

  constructor(options: DataDoorOptions) {
    this.#options = options;
    this.#load = lazily(options.load ?? (() => import('./room-data.ts')));
  }

  /** As `Room.channel` says. */
  channel<T>(name: string, options?: ChannelOptions<T>): Channel<T>;
  channel(name: string, options: ChannelOptions = {}): Channel<unknown> {
    const delivery = deliveryOf(options);
    const known = this.#channels.get(name);
    if (known?.delivery === delivery) return known.channel;
    checkName(name);
    if (known !== undefined) {
      throw clientError('ERR_OPTIONS', `The channel "${name}" cannot be opened like this.`);
    }
    const channel = this.#openChannel(name, options);
    this.#channels.set(name, { delivery, channel });
    return channel;
  }

  /** As `Room.files` says. */
  get files(): Files {
    this.#files ??= this.#openFiles();
    return this.#files;
  }

  /** As `Room.handle` says. */
  handle(name: string, handler: RequestHandler): () => void {
    checkName(name);
    if (this.#handlers.has(name)) {
      throw clientError('ERR_OPTIONS', `Requests "${name}" have a handler already.`);
    }
    this.#handlers.set(name, handler);
    this.#use((data) => data.requests(this.#handlers));
    return () => {
      if (this.#handlers.get(name) === handler) this.#handlers.delete(name);
    };
  }

  /** As `Room.request` says. */
  async request(name: string, value: unknown, options: RequestOptions): Promise<unknown> {
    checkName(name);
    return this.#ask((data) => data.requests(this.#handlers).request(name, value, options));
  }

  /** Somebody is in the room. */
  addPeer(id: PeerId, pipes: PeerPipes): void {
    this.#peers.set(id, pipes);
    if (this.#data === undefined) pipes.onUnheard = () => this.#begin();
    else pipes.listen(this.#data.addPeer(id));
  }

  /** Somebody has left; to be called before their pipes are closed. */
  removePeer(id: PeerId): void {
    this.#peers.delete(id);
    this.#data?.channels.removePeer(id);
  }

  /** The room has been left; to be called before the pipes of the others are closed. */
  close(): void {
    this.#closed = true;
    this.#peers.clear();
    this.#data?.channels.close();
  }

  #openChannel(name: string, options: ChannelOptions): Channel<unknown> {
    const open = ({ channels }: RoomData): Channel<unknown> => channels.open(name, options);
    const ask = <Value>(use: (channel: Channel<unknown>) => Value | Promise<Value>) =>
      this.#ask((data) => use(open(data)));
    this.#use(open);
    return {
      name,
      send(value: unknown, how?: SendOptions) {
        const sent = ask((channel) => channel.send(value, how));
        sent.catch(() => {}); // whoever does not wait for it does not want to know
        return sent;
      },
      on: <E extends keyof ChannelEvents<unknown>>(
        event: E,
        listener: (payload: ChannelEvents<unknown>[E]) => void,
      ) => this.#listen((data) => open(data).on(event, listener)),
      async *read(how: ReadOptions = {}): AsyncGenerator<ChannelMessage<unknown>, void> {
        how.signal?.throwIfAborted();
        yield* await ask((channel) => channel.read(how));
      },
      [Symbol.asyncIterator]() {
        return this.read();
      },
    };
  }

  #openFiles(): Files {
    this.#use(({ files }) => files);
    return {
      on: (event, listener) => this.#listen(({ files }) => files.on(event, listener)),
      send: (file, options) => this.#ask(({ files }) => files.send(file, options)),
    };
  }

  #listen(on: (data: RoomData) => () => void): () => void {
    let undo: (() => void) | undefined;
    let isOver = false;
    this.#use((data) => {
      if (!isOver) undo = on(data);
    });
    return () => {
      isOver = true;
      undo?.();
    };
  }

  /** Rejects with a ParleyError `ERR_SDK_LOAD` when the code does not come. */
  #ask<Value>(use: (data: RoomData) => Value | Promise<Value>): Promise<Value> {
    const asked = async (data: RoomData): Promise<Value> => use(data);
    return new Promise((resolve, reject) => {
      this.#use((data) => resolve(asked(data)), reject);
    });
  }

  /** At once where the code is there. What cannot fail waits until it comes. */
  #use(use: Use, failed?: Failed): void {
    if (this.#data !== undefined) return void use(this.#data);
    this.#waiting.push({ use, failed });
    this.#begin();
  }

  #begin(): void {
    this.#load().then(
      (part) => this.#open(part),
      (error: unknown) => {
        const waiting = this.#waiting;
        this.#waiting = waiting.filter(({ failed }) => failed === undefined);
        for (const { failed } of waiting) failed?.(error);
      },
    );
  }

  /** Whatever waits for messages is there before the first one comes in. */
  #open(part: typeof roomData): void {
    if (this.#data !== undefined) return;
    const data = new part.RoomData(this.#options);
    this.#data = data;
    if (this.#closed) data.channels.close();
    const peers = [...this.#peers].map(([id, pipes]) => ({ pipes, data: data.addPeer(id) }));
    for (const { use } of this.#waiting.splice(0)) use(data);
    for (const peer of peers) peer.pipes.listen(peer.data);
  }
}

/** @throws {ParleyError} `ERR_OPTIONS` */
function checkName(name: string): void {
  if (new TextEncoder().encode(name).length > MAX_NAME_BYTES) {
    throw clientError('ERR_OPTIONS', `The name "${name}" is too long.`);
  }
}
