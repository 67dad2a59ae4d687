/**
 * Rooms in memory: what the server does for a client, without a server. Messages arrive in order, each
 * in a microtask of its own.
 * @module
 */
import { ParleyError, isPeerId } from '@parley/protocol';
import type {
  IceServer,
  Joined,
  JoinRequest,
  Payload,
  PeerDescription,
  PeerId,
  Prepared,
  PrepareRequest,
} from '@parley/protocol';
import { abortable } from '../../src/abortable.ts';
import { Emitter } from '../../src/emitter.ts';
import type { OutgoingSignal, Signaling, SignalingEvents } from '../../src/signaling/signaling.ts';

/** Makes a peer id of a readable text. */
export function peerId(text: string): PeerId {
  if (!isPeerId(text)) throw new TypeError(`"${text}" is no peer id`);
  return text;
}

/** See the module comment. */
export class FakeServer {
  readonly rooms = new Map<string, Map<PeerId, FakeSignaling>>();
  readonly sockets: FakeSignaling[] = [];
  iceServers: readonly IceServer[] = [{ urls: ['stun:127.0.0.1:7000'] }];
  maxPeers = 12;
  reachable = true;
  /** Requests wait for this before they are answered. */
  answers: Promise<void> = Promise.resolve();
  #lastId = 100;

  open(): FakeSignaling {
    const socket = new FakeSignaling(this);
    this.sockets.push(socket);
    return socket;
  }

  /** Ids grow, so that a later peer is the polite one. */
  mintId(): PeerId {
    this.#lastId += 1;
    return peerId(`p${this.#lastId}`);
  }
}

/** One client's connection to a {@link FakeServer}. */
export class FakeSignaling implements Signaling {
  readonly #events = new Emitter<SignalingEvents>();
  readonly #server: FakeServer;
  #self: PeerDescription | undefined;
  #room: string | undefined;
  connected = false;
  closed = false;
  lastError: Error | undefined;
  readonly sent: OutgoingSignal[] = [];
  readonly prepared: PrepareRequest[] = [];
  readonly joined: JoinRequest[] = [];
  /** As a page written by hand: gets no early offer. */
  isPlain = false;

  constructor(server: FakeServer) {
    this.#server = server;
  }

  on<E extends keyof SignalingEvents>(
    event: E,
    listener: (payload: SignalingEvents[E]) => void,
  ): () => void {
    return this.#events.on(event, listener);
  }

  async prepare(request: PrepareRequest, signal: AbortSignal): Promise<Prepared> {
    await this.#connect(signal);
    this.prepared.push(request);
    return { ok: true, iceServers: this.#server.iceServers };
  }

  async join(request: JoinRequest, signal: AbortSignal): Promise<Joined> {
    await this.#connect(signal);
    this.joined.push(request);
    const { room, name = '', offer } = request;
    const members = this.#server.rooms.get(room) ?? new Map<PeerId, FakeSignaling>();
    if (members.size >= this.#server.maxPeers) throw new ParleyError('ERR_ROOM_FULL', 'Full.');
    this.#server.rooms.set(room, members);
    const self = { id: this.#server.mintId(), name };
    const peers = [...members.values()].flatMap((member) => member.#self ?? []);
    const all = [...members.values()];
    const taker = offer ? all.find(({ isPlain }) => !isPlain) : undefined;
    for (const member of all) {
      member.tell('welcome', { peer: self, offer: member === taker ? copyOf(offer) : null });
    }
    members.set(self.id, this);
    this.#self = self;
    this.#room = room;
    await abortable(this.#server.answers, signal);
    const offered = taker?.id;
    const { iceServers } = this.#server;
    return { ok: true, self, peers, iceServers, ...(offered && { offered }) };
  }

  get id(): PeerId | undefined {
    return this.#self?.id;
  }

  leave(_signal: AbortSignal): Promise<void> {
    this.#goodbye('left');
    return Promise.resolve();
  }

  async send(message: OutgoingSignal): Promise<void> {
    if (!this.connected) throw new ParleyError('ERR_SERVER_UNREACHABLE', 'Offline.');
    this.sent.push(message);
    const target = this.#server.rooms.get(message.room)?.get(message.to);
    if (target === undefined) throw new ParleyError('ERR_PEER_UNKNOWN', 'Gone.');
    const payload = copyOf(message.payload);
    const from = this.#self?.id ?? peerId('nobody');
    target.tell('signal', { event: message.event, payload, from });
  }

  close(): void {
    this.#goodbye('left');
    this.#events.clear();
    this.connected = false;
    this.closed = true;
  }

  /** Plays a broken connection. */
  drop(): void {
    this.#goodbye('lost');
    this.connected = false;
    this.#events.emit('disconnected', { reason: 'transport close' });
  }

  /** Plays its return. */
  restore(): void {
    this.connected = true;
    this.#events.emit('connected', undefined);
  }

  /** Something arrives. */
  tell<E extends keyof SignalingEvents>(event: E, payload: SignalingEvents[E]): void {
    queueMicrotask(() => this.#events.emit(event, payload));
  }

  async #connect(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#server.reachable) {
      this.lastError = new Error('websocket error');
      await abortable(new Promise(() => {}), signal);
    }
    if (this.connected) return;
    await Promise.resolve();
    this.restore();
  }

  #goodbye(reason: 'left' | 'lost'): void {
    const members = this.#server.rooms.get(this.#room ?? '');
    if (this.#self === undefined || !members?.delete(this.#self.id)) return;
    for (const member of members.values()) member.tell('bye', { peer: this.#self, reason });
    this.#self = undefined;
  }
}

/** What is left of a payload after its journey. */
function copyOf(payload: Payload = null): Payload {
  const copy: Payload = JSON.parse(JSON.stringify(payload));
  return copy;
}
