/**
 * A room we are in: who is here, and the connection to each of them. Only wires parts together.
 * @module
 */
import { DEFAULT_RESUME_GRACE_MS, ParleyError } from '@parley/protocol';
import type {
  DoorState,
  Feature,
  IceServer,
  Joined,
  JoinRequest,
  Payload,
  PeerDescription,
  PeerId,
  RelayedEvent,
  Resumed,
} from '@parley/protocol';
import { AbsentPeers } from './absent-peers.ts';
import { withDeadline } from './abortable.ts';
import { isKnockWaiting } from './client-error.ts';
import type { QualityOptions } from './client-options.ts';
import type { Channel, ChannelOptions } from './data/channel.ts';
import { DataDoor } from './data-door.ts';
import { hostControls } from './door/host-controls.ts';
import type { HostControls } from './door/host-controls.ts';
import { Emitter } from './emitter.ts';
import type { Files } from './files/file-transfer.ts';
import { OnDemand } from './insight/on-demand.ts';
import type { Logger } from './logger.ts';
import { Store } from './observable.ts';
import { MeshPeer } from './peer/mesh-peer.ts';
import type { PeerContext } from './peer/mesh-peer.ts';
import type { RemotePeer } from './peer/remote-peer.ts';
import { decodeSignals } from './peer/signal.ts';
import type { SetTimer } from './platform.ts';
import type { WarmLink } from './peer/warm-link.ts';
import type { Envelope, Unwrapped } from './privacy/envelope.ts';
import type { Governor } from './quality/governor.ts';
import type { TuneFor } from './quality/opening-part.ts';
import type { RequestHandler, RequestOptions } from './requests/room-requests.ts';
import type {
  LeaveReason,
  LocalPeer,
  Room,
  RoomEvents,
  RoomSnapshot,
  SpeakerSnapshot,
} from './room.ts';
import { Membership } from './signaling/membership.ts';
import type { RelayedSignal, Signaling, Welcome } from './signaling/signaling.ts';

export { openLink } from './peer/mesh-peer.ts';

/** How the uplink is shared, and how a connection begins. */
export interface GovernedQuality extends Required<QualityOptions> {
  readonly tuneFor: TuneFor;
}

/** What a room works with. */
export interface MeshRoomOptions {
  readonly room: string;
  readonly name: string;
  /** What opens the door. */
  readonly keys?: Pick<JoinRequest, 'passcode' | 'session'>;
  readonly signaling: Signaling;
  readonly envelope: Envelope;
  readonly slots: Pick<LocalPeer, 'camera' | 'microphone' | 'screen'>;
  readonly peers: PeerContext;
  /** Its offer travels with the join. @default none */
  readonly warm?: WarmLink | undefined;
  /** Undefined: nothing is governed. */
  readonly quality: GovernedQuality | undefined;
  readonly setTimer: SetTimer;
  readonly logger: Logger;
  /**
   * The room is closed and needs its signaling no more. `isClean`: the server knows, so that nothing
   * of this room is under way and another one can use it. Called once.
   */
  readonly release: (isClean: boolean) => void;
}

/** What this client knows how to do. */
const FEATURES: readonly Feature[] = ['resume', 'offer', 'door'];
/** How long a goodbye may wait for the server's answer. */
const LEAVE_TIMEOUT_MS = 2_000;

/** A mesh: one connection to every other person. */
export class MeshRoom extends Store<RoomSnapshot> implements Room {
  readonly name: string;
  readonly activeSpeaker: OnDemand<SpeakerSnapshot>;
  readonly host: HostControls = hostControls((request) => this.#options.signaling.host(request));
  readonly #options: MeshRoomOptions;
  readonly #events = new Emitter<RoomEvents>({ peer: () => this.snapshot.peers });
  readonly #peers = new Map<PeerId, MeshPeer>();
  readonly #data: DataDoor;
  readonly #membership: Membership;
  readonly #absent: AbsentPeers;
  /** Of those whom we have lost: if they come back, the next connection follows the last one of before. */
  readonly #epochs = new Map<PeerId, number>();
  /** The link whose offer travels with the join, until there is an answer to that. */
  #warm: WarmLink | undefined;
  #self: LocalPeer | undefined;
  #left: Promise<void> | undefined;
  readonly #governing = new AbortController();
  #governor: Governor | undefined;

  constructor(options: MeshRoomOptions) {
    super({ state: 'connected', closeReason: undefined, peers: [], door: undefined });
    this.name = options.room;
    this.#options = options;
    this.#data = new DataDoor(options);
    this.#warm = options.warm;
    this.activeSpeaker = new OnDemand<SpeakerSnapshot>({ peer: undefined }, async (set, signal) => {
      const { followSpeaker } = await import('./insight/active-speaker.ts');
      const { setTimer } = options;
      const people = (): readonly RemotePeer[] => this.snapshot.peers;
      followSpeaker({ people, setTimer, set: (peer) => set({ peer }), signal });
    });
    this.#membership = new Membership(options);
    this.#absent = new AbsentPeers({
      setTimer: options.setTimer,
      isReached: (id) => this.#peers.get(id)?.isReached === true,
      drop: (id) => this.#remove(id, 'lost'),
    });
    this.#listen();
  }

  get self(): LocalPeer {
    if (this.#self === undefined) throw new TypeError('The room has not been joined.');
    return this.#self;
  }

  get session(): string | undefined {
    return this.#membership.session;
  }

  on<E extends keyof RoomEvents>(event: E, listener: (payload: RoomEvents[E]) => void): () => void {
    return this.#events.on(event, listener);
  }

  channel<T = unknown>(name: string, options?: ChannelOptions<T>): Channel<T> {
    return this.#data.channel(name, options);
  }

  get files(): Files {
    return this.#data.files;
  }

  handle<Value = unknown>(name: string, handler: RequestHandler<Value>): () => void;
  handle(name: string, handler: RequestHandler): () => void {
    return this.#data.handle(name, handler);
  }

  request<Answer = unknown>(name: string, value: unknown, options: RequestOptions): Promise<Answer>;
  request(name: string, value: unknown, options: RequestOptions): Promise<unknown> {
    return this.#data.request(name, value, options);
  }

  /** Enters the room. On failure the room is closed, unless we wait to be let in. */
  async join(signal: AbortSignal): Promise<void> {
    const { envelope, room, name, keys } = this.#options;
    try {
      const ready = this.#warm?.offer ?? null;
      this.#warm?.sent();
      const offer = ready && (await envelope.wrapJoinOffer(ready));
      await this.#membership.join({ room, name, features: FEATURES, offer, ...keys }, signal);
    } catch (error) {
      this.#warm?.close();
      this.#warm = undefined; // it would be old when somebody has decided
      if (!isKnockWaiting(error)) this.#close('lost');
      throw error;
    }
  }

  hintNetworkChange(): void {
    for (const peer of this.#peers.values()) peer.hintNetworkChange();
  }

  leave(): Promise<void> {
    this.#left ??= this.#sayGoodbye();
    return this.#left;
  }

  /** Leaves a page that is being closed. */
  leaveAtOnce(): void {
    this.#membership.sayFarewell();
    this.#shut('left');
  }

  async #sayGoodbye(): Promise<void> {
    if (this.snapshot.state === 'closed') return;
    const { setTimer, logger, release } = this.#options;
    this.#shut('left');
    try {
      await withDeadline(
        { setTimer, delayMs: LEAVE_TIMEOUT_MS, error: () => new Error('no answer') },
        (signal) => this.#membership.leave(signal),
      );
      release(true);
    } catch (error) {
      logger.debug('the server did not confirm the goodbye', { error });
      release(false);
    }
  }

  #listen(): void {
    const { quality } = this.#options;
    if (quality !== undefined) void this.#govern(quality);
    const membership = this.#membership;
    membership.on('joined', (joined) => this.#enter(joined));
    membership.on('offline', () => this.update({ state: 'reconnecting' }));
    membership.on('resumed', (resumed) => this.#resume(resumed));
    membership.on('refused', () => this.#close('lost'));
    membership.on('welcome', (welcome) => this.#welcome(welcome));
    membership.on('signal', (signal) => this.#deliver(signal));
    membership.on('bye', ({ peer, reason }) => this.#bye(peer.id, reason));
    membership.on('iceServers', (list) => this.#useIceServers(list));
    membership.on('door', (door) => this.#useDoor(door));
    membership.on('mute', (from) => this.#events.emit('muteRequest', { from }));
  }

  /** Each one who was here before will send an offer, or has got ours: a connection stands ready. */
  #enter({ self, peers, iceServers, offered, door }: Joined): void {
    const before = this.#self?.id;
    const warm = this.#warm;
    this.#warm = undefined;
    if (offered === undefined) warm?.close();
    this.#self = { ...self, ...this.#options.slots };
    this.#options.envelope.useSelf(self.id);
    this.#options.peers.connections.useIceServers(iceServers);
    for (const id of this.#peers.keys()) this.#remove(id, 'lost');
    this.#epochs.clear(); // to them we are somebody else
    this.update({ state: 'connected' });
    this.#useDoor(door);
    for (const peer of peers) {
      // The server may not have noticed yet that our former connection is gone.
      if (peer.id !== before) this.#add(peer, peer.id === offered ? warm : undefined);
    }
  }

  /** Nothing has happened, unless the server could not tell us what we have missed. */
  #resume({ peers, iceServers, missed, door }: Resumed): void {
    this.#useIceServers(iceServers);
    this.#useDoor(door);
    if (missed === 'lost') this.#reconcile(peers);
    this.update({ state: 'connected' });
  }

  #useDoor(door: DoorState | undefined): void {
    const known = new Set(this.snapshot.door?.knocks.map(({ id }) => id));
    this.update({ door });
    for (const knock of door?.knocks ?? []) {
      if (!known.has(knock.id)) this.#events.emit('knock', knock);
    }
  }

  #reconcile(present: readonly PeerDescription[]): void {
    const missing = new Set(this.#peers.keys());
    for (const peer of present) {
      const isKnown = missing.delete(peer.id) || this.#epochs.has(peer.id);
      const here = this.#meet(peer);
      // Signals under way may be lost; and whom we had lost does not know that.
      if (isKnown) here?.open();
    }
    for (const id of missing) this.#absent.add(id, DEFAULT_RESUME_GRACE_MS);
  }

  /** Calls go on as they are; whatever they look for next, they look for with the new ones. */
  #useIceServers(iceServers: readonly IceServer[]): void {
    const { connections } = this.#options.peers;
    connections.useIceServers(iceServers);
    for (const { connection } of this.#peers.values()) connections.reconfigure(connection);
  }

  /** Also comes for somebody who is here: they have come back, or we have missed it. */
  #welcome({ peer, offer }: Welcome): void {
    const here = this.#meet(peer);
    if (offer === null) here?.open();
    else void this.#open(peer.id, 'offer', this.#options.envelope.unwrapJoinOffer(offer));
  }

  /** The server sees this one. */
  #meet(peer: PeerDescription): MeshPeer | undefined {
    this.#absent.delete(peer.id);
    return this.#peers.get(peer.id) ?? this.#add(peer);
  }

  #deliver({ event, payload, from }: RelayedSignal): void {
    if (!this.#peers.has(from)) return;
    void this.#open(from, event, this.#options.envelope.unwrap(from, event, payload));
  }

  async #open(
    from: PeerId,
    event: RelayedEvent,
    opening: Unwrapped | Promise<Unwrapped>,
  ): Promise<void> {
    const peer = this.#peers.get(from);
    const unwrapped = await opening;
    if (peer === undefined || this.#peers.get(from) !== peer) return; // gone meanwhile
    if (unwrapped instanceof ParleyError) {
      this.#options.logger.warn('signal refused', { from, event, code: unwrapped.code });
      // In our form, and without any content: the other side then knows why we do not connect.
      if (peer.refuse(unwrapped)) void this.#send('icecandidate', null, from);
      return;
    }
    for (const signal of decodeSignals(event, unwrapped)) peer.receive(signal);
  }

  #add(peer: PeerDescription, warm?: WarmLink): MeshPeer | undefined {
    const { quality } = this.#options;
    if (this.#self === undefined || this.#peers.has(peer.id)) return undefined;
    const added = new MeshPeer(this.#options.peers, {
      peer,
      selfId: this.#self.id,
      send: (event, payload) => void this.#send(event, payload, peer.id),
      isOnline: () => this.snapshot.state === 'connected',
      checkServer: () => this.#options.signaling.check(),
      // Rejects while the server cannot be reached; those we have must do then.
      refreshIceServers: async () => this.#useIceServers(await this.#membership.credentials()),
      epoch: this.#epochs.get(peer.id),
      warm,
      viewChanged: () => this.#governor?.replan(),
      tune: quality?.tuneFor(peer.id, this.#peers),
    });
    this.#peers.set(peer.id, added);
    this.#data.addPeer(peer.id, added.data);
    this.update({ peers: [...this.#peers.values()] });
    this.#events.emit('peer', added);
    return added;
  }

  #bye(id: PeerId, reason: LeaveReason): void {
    if (id === this.#self?.id) this.#close(reason);
    else if (reason === 'lost' && this.#peers.get(id)?.isReached === true) this.#absent.add(id);
    else this.#remove(id, reason);
  }

  #remove(id: PeerId, reason: LeaveReason): void {
    const peer = this.#peers.get(id);
    if (peer === undefined) return;
    this.#peers.delete(id);
    if (reason === 'lost') this.#epochs.set(id, peer.epoch + 1);
    this.#options.envelope.forget(id);
    this.#absent.delete(id);
    this.#data.removePeer(id);
    peer.close();
    this.update({ peers: [...this.#peers.values()] });
    this.#events.emit('peerLeft', { peer, reason });
  }

  async #send(event: RelayedEvent, payload: Payload, to: PeerId): Promise<void> {
    const { envelope, room, logger } = this.#options;
    try {
      const wrapped = await envelope.wrap(to, event, payload);
      this.#membership.send({ event, payload: wrapped, room, to });
    } catch (error) {
      logger.warn('signal not sent', { event, to, error });
    }
  }

  /** A call whose governor cannot be loaded goes on without. */
  async #govern({ maxUplinkBitrate }: GovernedQuality): Promise<void> {
    const { peers, logger } = this.#options;
    try {
      const { Governor } = await import('./quality/governor.ts');
      this.#governor = new Governor({
        ...this.#options,
        maxUplinkBitrate,
        room: this,
        peers: () => this.#peers.values(),
        sources: peers.sources,
        signal: this.#governing.signal,
      });
    } catch (error) {
      logger.warn('the call goes on ungoverned', { error });
    }
  }

  /** The room is over for us, and not by our wish. */
  #close(reason: LeaveReason): void {
    if (this.snapshot.state === 'closed') return; // left meanwhile
    this.#membership.close();
    this.#shut(reason);
    this.#options.release(false);
  }

  #shut(reason: LeaveReason): void {
    this.#governing.abort();
    this.#absent.close();
    const peers = [...this.#peers.values()];
    this.#peers.clear();
    this.#data.close();
    for (const peer of peers) peer.close();
    this.update({ state: 'closed', closeReason: reason, peers: [] });
    this.#events.emit('closed', { reason });
  }
}
