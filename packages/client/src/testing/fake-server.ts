/**
 * Rooms in memory: what the server does for a client, without a server. Messages arrive in order, each
 * in a microtask of its own.
 * @module
 */
import { ParleyError, isPeerId } from '@parley/protocol';
import type {
  DoorState,
  HostRequest,
  IceServer,
  Joined,
  JoinRequest,
  KnockVerdict,
  Payload,
  PeerDescription,
  PeerId,
  Prepared,
  PrepareRequest,
  Resumed,
  ResumeRequest,
} from '@parley/protocol';
import { abortable } from '../abortable.ts';
import { Emitter } from '../emitter.ts';
import type {
  Bye,
  OutgoingSignal,
  RelayedSignal,
  ServerSignal,
  Signaling,
  SignalingEvents,
  Welcome,
} from '../signaling/signaling.ts';

/** Makes a peer id of a readable text. */
export function peerId(text: string): PeerId {
  if (!isPeerId(text)) throw new TypeError(`"${text}" is no peer id`);
  return text;
}

/** What a test can have a server say. */
interface Told {
  welcome: Welcome;
  signal: RelayedSignal;
  bye: Bye;
  iceServers: readonly IceServer[];
  door: DoorState;
  mute: PeerId;
}

/** See the module comment. */
export class FakeServer {
  readonly rooms: Map<string, Map<PeerId, FakeSignaling>> = new Map();
  readonly sockets: FakeSignaling[] = [];
  iceServers: readonly IceServer[] = [{ urls: ['stun:127.0.0.1:7000'] }];
  maxPeers = 12;
  reachable = true;
  /** The next ones who join are refused with these. */
  readonly refusals: ParleyError[] = [];
  /** Whoever joins without having been admitted has to wait. */
  isKnocking = false;
  door: DoorState | undefined;
  /** Everything that somebody missed counts as forgotten. */
  isForgetful = false;
  /** Requests wait for this before they are answered. */
  answers: Promise<void> = Promise.resolve();
  /** Passes a signal on; a test may lose it, repeat it or put it off. */
  pass: (deliver: () => void) => void = (deliver) => deliver();
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

  /** Who is in a room, by name. */
  namesIn(room: string): readonly string[] {
    return Array.from(this.rooms.get(room)?.values() ?? [], ({ name }) => name);
  }

  /** The process is killed: every connection breaks, and another process knows nothing. */
  restart(): void {
    const rooms = [...this.rooms.values()];
    this.rooms.clear();
    for (const room of rooms) for (const member of room.values()) member.drop();
  }
}

/** One client's connection to a {@link FakeServer}. It keeps its place in a room when it breaks. */
export class FakeSignaling implements Signaling {
  readonly #events = new Emitter<SignalingEvents>();
  readonly #server: FakeServer;
  #self: PeerDescription | undefined;
  #room: string | undefined;
  #told: SignalingEvents['told'][] = [];
  #seq = 0;
  #received = 0;
  /** Those who wait for the connection. */
  readonly #waking: (() => void)[] = [];
  /** Somebody has asked for the connection before it was needed. */
  isConnecting = false;
  connected = false;
  closed = false;
  lastError: Error | undefined;
  readonly sent: OutgoingSignal[] = [];
  readonly prepared: PrepareRequest[] = [];
  readonly joined: JoinRequest[] = [];
  readonly hosted: HostRequest[] = [];
  isAdmitted = false;
  /** As a page written by hand: gets no early offer. */
  isPlain = false;
  /** Sessions of those who left past the connection. */
  readonly farewells: string[] = [];
  /** How often there was doubt about the connection. */
  checks = 0;
  /** Messages are taken, and the connection breaks before the sender knows. */
  isMute = false;
  /** The server can be reached from here. */
  reachable = true;

  constructor(server: FakeServer) {
    this.#server = server;
  }

  on<E extends keyof SignalingEvents>(
    event: E,
    listener: (payload: SignalingEvents[E]) => void,
  ): () => void {
    return this.#events.on(event, listener);
  }

  connect(): void {
    this.isConnecting = true;
  }

  async prepare(request: PrepareRequest, signal: AbortSignal): Promise<Prepared> {
    await this.#connect(signal);
    this.prepared.push(request);
    const { iceServers } = this.#server;
    if (request.look !== true) return { ok: true, iceServers };
    const names = this.#server.namesIn(request.room ?? '');
    return { ok: true, iceServers, inside: { count: names.length, names } };
  }

  async join(request: JoinRequest, signal: AbortSignal): Promise<Joined> {
    await this.#connect(signal);
    this.joined.push(request);
    const refusal = this.#server.refusals.shift();
    if (refusal !== undefined) throw refusal;
    const { room, name = '', offer } = request;
    if (this.#server.isKnocking && !this.isAdmitted) {
      throw new ParleyError('ERR_KNOCK_WAITING', 'Wait.');
    }
    const members = this.#server.rooms.get(room) ?? new Map<PeerId, FakeSignaling>();
    if (members.size >= this.#server.maxPeers) throw new ParleyError('ERR_ROOM_FULL', 'Full.');
    const self = { id: this.#server.mintId(), name };
    this.#seq = 0;
    this.#received = 0;
    const taker = offer ? [...members.values()].find(({ isPlain }) => !isPlain) : undefined;
    const peers = this.#enter(room, self, (member) => (member === taker ? copyOf(offer) : null));
    await abortable(this.#server.answers, signal);
    const offered = taker?.id;
    const { iceServers } = this.#server;
    const session = self.id;
    const { door } = this.#server;
    const rest = { ...(offered && { offered }), ...(door && { door }) };
    return { ok: true, self, peers, iceServers, session, ...rest };
  }

  host(request: HostRequest): Promise<void> {
    this.hosted.push(request);
    return Promise.resolve();
  }

  /** A host has decided about a knock. */
  decide(verdict: KnockVerdict): void {
    this.isAdmitted = verdict === 'admitted';
    queueMicrotask(() => this.#events.emit('knocked', verdict));
  }

  get id(): PeerId | undefined {
    return this.#self?.id;
  }

  get name(): string {
    return this.#self?.name ?? '';
  }

  async resume({ session, lastSeen, sent = 0 }: ResumeRequest): Promise<Resumed> {
    await this.#server.answers;
    if (!this.connected) throw new ParleyError('ERR_SERVER_UNREACHABLE', 'Offline.');
    const self = this.#self;
    if (self === undefined || this.#room === undefined || session !== self.id) {
      throw new ParleyError('ERR_SESSION_EXPIRED', 'Gone.');
    }
    const isKnown = this.#members.has(self.id);
    const missed = isKnown && !this.#server.isForgetful ? 'exact' : 'lost';
    if (!isKnown) this.#received = sent;
    this.#seq = Math.max(this.#seq, lastSeen);
    const peers = isKnown ? this.#others : this.#enter(this.#room, self);
    const again = missed === 'exact' ? this.#told.filter(({ seq }) => seq > lastSeen) : [];
    queueMicrotask(() => {
      for (const told of again) this.#events.emit('told', told);
    });
    const { iceServers } = this.#server;
    return { ok: true, self, peers, iceServers, session, received: this.#received, missed };
  }

  credentials(): Promise<Prepared> {
    return Promise.resolve({ ok: true, iceServers: this.#server.iceServers });
  }

  leave(_signal: AbortSignal): Promise<void> {
    if (this.connected) this.#goodbye('left');
    return Promise.resolve();
  }

  check(): void {
    this.checks += 1;
  }

  farewell(session: string): void {
    this.farewells.push(session);
    if (session === this.#self?.id) this.#goodbye('left');
  }

  async send(message: OutgoingSignal): Promise<void> {
    if (!this.connected) throw new ParleyError('ERR_SERVER_UNREACHABLE', 'Offline.');
    this.sent.push(message);
    this.#received += 1;
    const target = this.#server.rooms.get(message.room)?.get(message.to);
    if (target === undefined) throw new ParleyError('ERR_PEER_UNKNOWN', 'Gone.');
    const payload = copyOf(message.payload);
    const from = this.#self?.id ?? peerId('nobody');
    this.#server.pass(() => target.tell('signal', { event: message.event, payload, from }));
    if (this.isMute) throw new ParleyError('ERR_SERVER_UNREACHABLE', 'No answer.');
  }

  close(): void {
    this.#goodbye('left');
    this.#events.clear();
    this.connected = false;
    this.closed = true;
  }

  /** Plays a broken connection. */
  drop(): void {
    this.connected = false;
    this.#events.emit('disconnected', { reason: 'transport close' });
  }

  /** Plays its return. */
  restore(): void {
    this.connected = true;
    for (const wake of this.#waking.splice(0)) wake();
    this.#events.emit('connected', undefined);
  }

  /** The server waits no longer, and does not take us back. */
  expire(): void {
    this.#goodbye('lost');
  }

  /** Something arrives, or waits until the connection is there again. */
  tell<E extends keyof Told>(event: E, payload: Told[E]): void {
    const signal = signalOf({ [event]: payload });
    if (this.#self === undefined && signal.event === 'iceServers') {
      queueMicrotask(() => this.#events.emit('iceServers', signal.iceServers));
      return;
    }
    this.#seq += 1;
    const told = { seq: this.#seq, signal };
    this.#told.push(told);
    if (this.connected) queueMicrotask(() => this.#events.emit('told', told));
  }

  get #members(): Map<PeerId, FakeSignaling> {
    return this.#server.rooms.get(this.#room ?? '') ?? new Map();
  }

  get #others(): PeerDescription[] {
    const others = [...this.#members.values()].filter((member) => member !== this);
    return others.flatMap((member) => member.#self ?? []);
  }

  #enter(
    room: string,
    self: PeerDescription,
    offerFor: (member: FakeSignaling) => Payload = () => null,
  ): PeerDescription[] {
    this.#room = room;
    this.#self = self;
    const members = this.#server.rooms.get(room) ?? new Map<PeerId, FakeSignaling>();
    this.#server.rooms.set(room, members);
    for (const member of members.values()) {
      member.tell('welcome', { peer: self, offer: offerFor(member) });
    }
    members.set(self.id, this);
    return this.#others;
  }

  async #connect(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#server.reachable || !this.reachable) {
      this.lastError = new Error('websocket error');
      await abortable(new Promise<void>((resolve) => this.#waking.push(resolve)), signal);
    }
    if (this.connected) return;
    await Promise.resolve();
    this.restore();
  }

  #goodbye(reason: 'left' | 'lost'): void {
    const self = this.#self;
    this.#self = undefined;
    if (self === undefined || !this.#members.delete(self.id)) return;
    for (const member of this.#members.values()) member.tell('bye', { peer: self, reason });
  }
}

/** What is left of a payload after its journey. */
function copyOf(payload: Payload = null): Payload {
  const copy: Payload = JSON.parse(JSON.stringify(payload));
  return copy;
}

function signalOf({ welcome, signal, bye, iceServers, ...told }: Partial<Told>): ServerSignal {
  if (welcome !== undefined) return { event: 'welcome', ...welcome };
  if (bye !== undefined) return { event: 'bye', ...bye };
  if (iceServers !== undefined) return { event: 'iceServers', iceServers };
  if (signal !== undefined) return signal;
  if (told.mute !== undefined) return { event: 'mute', from: told.mute };
  if (told.door !== undefined) return { event: 'door', state: told.door, session: 'renewed' };
  throw new TypeError('nothing to tell');
}
