/**
 * Rooms for tests of tools: what one sends, the others have at once.
 * @module
 */
import type { PeerId } from '@parley/client';
import type { ToolChannel, ToolRoom } from './tool-room.ts';

type PeerListener = (peer: { readonly id: PeerId }) => void;
type LeftListener = (payload: { readonly peer: { readonly id: PeerId } }) => void;
type MessageListener = (message: { readonly from: PeerId; readonly data: unknown }) => void;

/** Narrows a text of a test. */
export function isPeerId(text: string): text is PeerId {
  return text !== '';
}

/** The room as one person has it. */
export class FakeToolRoom implements ToolRoom {
  readonly id: PeerId;
  readonly self: { readonly name: string };
  /** Everything sent so far. */
  readonly sent: unknown[] = [];
  readonly #listeners = new Map<string, Set<MessageListener>>();
  readonly #handlers = new Map<string, () => unknown>();
  readonly #onPeer = new Set<PeerListener>();
  readonly #onLeft = new Set<LeftListener>();
  #others: readonly FakeToolRoom[] = [];

  constructor(name: string) {
    const id = name.toLowerCase();
    if (!isPeerId(id)) throw new Error('a person of a test has a name');
    this.id = id;
    this.self = { name };
  }

  /** Somebody comes. */
  meet(other: FakeToolRoom): void {
    this.#others = [...this.#others, other];
    for (const listener of this.#onPeer) listener(other);
  }

  /** Somebody goes. */
  lose(other: FakeToolRoom): void {
    this.#others = this.#others.filter((peer) => peer !== other);
    for (const listener of this.#onLeft) listener({ peer: other });
  }

  /** Something comes on a channel. */
  deliver(channel: string, from: PeerId, data: unknown): void {
    for (const listener of this.#listeners.get(channel) ?? []) listener({ from, data });
  }

  channel(name: string): ToolChannel {
    const listeners = new Set<MessageListener>();
    this.#listeners.set(name, listeners);
    return {
      send: async (data, { to } = {}) => {
        this.sent.push(data);
        for (const other of this.#others) {
          if (to === undefined || to === other.id) other.deliver(name, this.id, data);
        }
      },
      on: (_event, listener) => remember(listeners, listener),
    };
  }

  handle(name: string, handler: () => unknown): () => void {
    this.#handlers.set(name, handler);
    return () => this.#handlers.delete(name);
  }

  async request(name: string, _value: unknown, { to }: { readonly to: PeerId }): Promise<unknown> {
    const handler = this.#others.find(({ id }) => id === to)?.answerTo(name);
    if (handler === undefined) throw new Error('nobody answers');
    return handler();
  }

  /** The handler of a request. */
  answerTo(name: string): (() => unknown) | undefined {
    return this.#handlers.get(name);
  }

  on(event: 'peer', listener: PeerListener): () => void;
  on(event: 'peerLeft', listener: LeftListener): () => void;
  on(...what: ['peer', PeerListener] | ['peerLeft', LeftListener]): () => void {
    if (what[0] === 'peerLeft') return remember(this.#onLeft, what[1]);
    for (const other of this.#others) what[1](other);
    return remember(this.#onPeer, what[1]);
  }
}

function remember<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** People who are in one room from the start. */
export function gather(...names: readonly string[]): readonly FakeToolRoom[] {
  const rooms = names.map((name) => new FakeToolRoom(name));
  for (const room of rooms) for (const other of rooms) if (other !== room) room.meet(other);
  return rooms;
}
