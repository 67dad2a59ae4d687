/**
 * Lets people into rooms, keeps the place of those whose connection broke, lets them back in, and
 * tells the others who came and who went. Rules: docs/SPEC-signaling.md, SIG-60 to SIG-69 and SIG-80 to SIG-84.
 * @module
 */
import type {
  ByeReason,
  Feature,
  IceServer,
  JoinMessage,
  Payload,
  PeerId,
  Refused,
  ResumeMessage,
  RoomName,
} from '@parley/protocol';
import type { Granted } from '../access/access-tokens.ts';
import { DEFAULT_TOKEN_GRACE_SECONDS } from '../access/auth-options.ts';
import type { Grant } from '../access/grant.ts';
import type { Clock, Timer } from '../clock.ts';
import type { DoorLedger } from '../door/door-ledger.ts';
import type { DoorMemory } from '../door/door-memory.ts';
import { Doors } from '../door/doors.ts';
import { Peephole } from '../door/peephole.ts';
import type { Passcodes } from '../door/passcode.ts';
import { ENTRY_REFUSED, ROOM_FULL, SERVER_FULL } from '../door/refusals.ts';
import type { HeldPlace, Place } from '../held-places.ts';
import type { Logger } from '../logger.ts';
import type { Admission, ClientIceServers } from '../relay/admissions.ts';
import type { Room, RoomRegistry } from '../room-registry.ts';
import { Membership } from './membership.ts';
import type { MembershipOptions, MemberSocket } from './membership.ts';
import { Departed } from './departed.ts';
import { Expiries } from './expiries.ts';
import { Graces } from './graces.ts';
import { Lingering } from './lingering.ts';
import { SESSION_EXPIRED } from './session-token.ts';
import type { AcceptedClaims, SessionTokens } from './session-token.ts';

/** What memberships are made with. */
export interface MembershipsOptions {
  readonly rooms: RoomRegistry<Membership>;
  readonly tokens: SessionTokens;
  /** How long a place is kept; 0: not at all. */
  readonly graceMs: number;
  readonly mintPeerId: () => PeerId;
  readonly passcodes: Passcodes;
  /** Who has to stay outside after a restart as well. @default it is not kept */
  readonly ledger?: DoorLedger | undefined;
  /** What other nodes know of closed doors. @default there are none */
  readonly neighbours?: DoorMemory | undefined;
  /** How long an access token may have ended. @default DEFAULT_TOKEN_GRACE_SECONDS */
  readonly tokenGraceSeconds?: number | undefined;
  /** Somebody was sent away who had shown this access token. */
  readonly revoke: (grant: Grant) => void;
  /** Names this process in sessions, where there are several. @default there is one */
  readonly node?: string;
  /** Whether we would know of somebody who came back elsewhere in the last `ms`. @default always */
  readonly hasHeardAllFor?: ((ms: number) => boolean) | undefined;
  /** Somebody is gone for good. @default nobody wants to know */
  readonly onGone?: (peer: PeerId, reason: ByeReason) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A client that wants to be in a room. */
export interface Caller {
  readonly socket: MemberSocket;
  readonly iceServers: ClientIceServers;
}

/** Somebody who wants to enter. */
export interface Entrance extends Caller {
  readonly message: JoinMessage;
  /** May hold a place in the room. */
  readonly held: HeldPlace;
  /** What their access token allows. */
  readonly granted: Granted | undefined;
  /** Who they were here before they reloaded the page. */
  readonly before: PeerId | undefined;
}

/** Somebody who was let in. */
export interface Entered {
  readonly ok: true;
  readonly self: Membership;
  /** Who got the offer that came with the join. */
  readonly offered: PeerId | undefined;
}

/** Somebody who was let back in. */
export interface Return {
  readonly ok: true;
  readonly self: Membership;
  readonly missed: 'exact' | 'lost';
  /** Sends what was missed. To be called right behind the answer. */
  readonly catchUp: () => void;
}

/** Of what is sent before the join. */
const NO_NUMBER = 0;
/** How often what has arrived is forgotten. */
const TIDY_INTERVAL_MS = 15_000;

/** All memberships of a server. Its owner must `close` it. */
export class Memberships {
  readonly #options: MembershipsOptions;
  readonly #graces: Graces;
  readonly #departed: Departed;
  readonly #expiries: Expiries;
  readonly #lingering: Lingering;
  /** Who may come in. */
  readonly doors: Doors;
  /** Who is inside, for those outside. */
  readonly peephole: Peephole;
  #tidying: Timer | undefined;

  constructor(options: MembershipsOptions) {
    const { ledger, neighbours, clock, tokenGraceSeconds = DEFAULT_TOKEN_GRACE_SECONDS } = options;
    this.#options = options;
    this.#departed = new Departed(ledger);
    this.#expiries = new Expiries(clock, tokenGraceSeconds, (self) => this.end(self, 'expired'));
    this.#lingering = new Lingering(clock);
    this.#graces = new Graces({ ...options, giveUp: (self) => this.end(self, 'lost') });
    this.doors = new Doors({
      ...options,
      memories: [neighbours, ledger].filter((memory) => memory !== undefined),
      tell: (self) => this.#tellDoor(self),
      remove: (self) => this.end(self, 'removed'),
    });
    const isOpen = (room: RoomName): boolean => this.doors.isOpen(room);
    this.peephole = new Peephole({ rooms: options.rooms, isOpen, now: options.clock.now });
  }

  /** Lets somebody in whom the door does not keep out, and tells those inside. */
  enter({ message, held, granted, before, ...caller }: Entrance): Entered | Refused {
    const { rooms, graceMs, mintPeerId } = this.#options;
    const { room, name, features, offer } = message;
    const self = this.#open(caller, {
      roomName: room,
      peer: { id: held.placeIn(room)?.peer ?? mintPeerId(), name: granted?.name ?? name },
      features: graceMs > 0 ? features : without(features, 'resume'),
      grant: granted,
    });
    if (rooms.enter(room, self) === undefined) return this.whyFull(room) ?? ROOM_FULL;
    this.#admit(self, held.claim(room)?.admission ?? this.#apply(self.peer.id, room, caller));
    this.doors.entered(self, before);
    return { ok: true, self, offered: this.#announce(self, offer) };
  }

  /** Why nobody else fits in, if so. */
  whyFull(room: RoomName): Refused | undefined {
    const { rooms } = this.#options;
    if (rooms.isBeyond(room)) return SERVER_FULL;
    return rooms.isFull(room) ? ROOM_FULL : undefined;
  }

  /** Who somebody was in this room, by the session that they show; refused to whoever was sent away. */
  recognise(session: string | undefined, room: RoomName): PeerId | Refused | undefined {
    const claims = session === undefined ? undefined : this.#options.tokens.read(session);
    if (claims?.ok !== true || claims.room !== room) return undefined;
    return this.#departed.wasRemoved(claims.peer.id) ? ENTRY_REFUSED : claims.peer.id;
  }

  /** Another access token replaces the one that is about to end. */
  regrant(self: Membership, grant: Grant): void {
    self.grant = grant;
    this.#expiries.follow(self);
  }

  /** Gets the relay ready for somebody who may come. */
  openPlace(room: RoomName, caller: Caller): Place {
    const peer = this.#options.mintPeerId();
    return { room, peer, admission: this.#apply(peer, room, caller) };
  }

  /** Gives somebody their place back, also when this process has never seen them. */
  resume({ session, lastSeen, sent }: ResumeMessage, caller: Caller): Return | Refused {
    const claims = this.#options.tokens.read(session);
    if (!claims.ok) return claims;
    const { room, peer } = claims;
    const isOver = this.#departed.has(peer.id) || this.#expiries.isOver(claims.grant);
    if (isOver) return SESSION_EXPIRED;
    const self = this.#options.rooms.get(room)?.members.get(peer.id);
    if (self === undefined) return this.#rebuild(claims, { lastSeen, sent }, caller);
    this.#graces.end(self);
    self.attach(caller.socket);
    // Numbers that another node has given say nothing about ours.
    if (claims.node === this.#options.node && self.canReplay(lastSeen)) {
      return { ok: true, self, missed: 'exact', catchUp: () => self.replay(lastSeen) };
    }
    self.skip(lastSeen);
    return { ok: true, self, missed: 'lost', catchUp: () => this.#introduceAll(self) };
  }

  /** Everybody else in the room of `self`, oldest first. */
  *othersOf(self: Membership): Iterable<Membership> {
    for (const other of this.roomOf(self)?.members.values() ?? []) if (other !== self) yield other;
  }

  roomOf(self: Membership): Room<Membership> | undefined {
    return this.#options.rooms.get(self.roomName);
  }

  /** A token with which `self` can come back; `undefined` for those whose place is not kept. */
  tokenOf(self: Membership): string | undefined {
    const { resumes, roomName: room, peer, features, grant } = self;
    const door = this.doors.claimsOf(self);
    const { tokens, node } = this.#options;
    return resumes ? tokens.issue({ room, peer, features, door, grant, node }) : undefined;
  }

  /** The connection of `self` broke: the place is kept for a while if `self` can come back. */
  disconnected(self: Membership): void {
    // Who has never said anything may not even know that they are inside.
    if (!self.resumes || self.received === 0) return this.end(self, 'lost');
    self.detach();
    this.#options.logger.info('away', { peer: self.peer.id });
    this.#graces.begin(self);
  }

  /**
   * Takes `self` out of the room; without a reason nobody is told. Idempotent.
   * @param isClosing the page is being closed, or perhaps only reloaded
   */
  end(self: Membership, reason: ByeReason | undefined, isClosing: boolean = false): void {
    const { rooms, logger } = this.#options;
    const room = this.roomOf(self);
    if (room?.members.get(self.peer.id) !== self) return;
    this.#graces.end(self);
    this.#expiries.stop(self);
    self.admission?.end();
    rooms.leave(self.roomName, self.peer.id);
    if (reason !== undefined && reason !== 'lost') this.#rememberEnd(self, reason);
    logger.info('gone', { peer: self.peer.id, reason, people: room.members.size });
    if (reason === 'removed' || reason === 'expired') {
      self.tell({ event: 'bye', peer: self.peer, reason });
    }
    self.detach();
    if (rooms.roomCount === 0) this.#stopTidying();
    if (reason === undefined) return;
    this.#tellGone(self, { reason, isClosing, room });
    this.#options.onGone?.(self.peer.id, reason);
  }

  /** At another node somebody is gone for good. */
  noteGone(peer: PeerId, reason: ByeReason): void {
    this.#lingering.end(peer);
    if (reason === 'removed') this.#noteRemoved(peer);
    else if (reason !== 'lost') this.#departed.add(peer);
  }

  /** They may have been faster than the news. */
  #noteRemoved(peer: PeerId): void {
    if (this.#departed.wasRemoved(peer)) return;
    this.#departed.remove(peer);
    for (const self of this.#options.rooms.everybody()) {
      if (self.peer.id === peer) return this.end(self, 'removed');
    }
  }

  /** Those who were sent away, for a node that has just come. */
  get removed(): Iterable<PeerId> {
    return this.#departed.removed;
  }

  /**
   * Rooms that are not ours any more go without a word: their people come to the new home. What they
   * relay here goes on.
   */
  handOver(isOurs: (room: RoomName) => boolean): void {
    const { rooms, logger } = this.#options;
    const leaving = [...rooms.everybody()].filter(({ roomName }) => !isOurs(roomName));
    for (const self of leaving) {
      this.#graces.end(self);
      this.#expiries.stop(self);
      rooms.leave(self.roomName, self.peer.id);
      self.detach();
      if (self.admission !== undefined) this.#lingering.keep(self.peer.id, self.admission);
    }
    this.doors.handOver(isOurs);
    if (rooms.roomCount === 0) this.#stopTidying();
    if (leaving.length > 0) logger.info('rooms have another home', { people: leaving.length });
  }

  #tellGone(
    self: Membership,
    { reason, isClosing, room }: { reason: ByeReason; isClosing: boolean; room: Room<Membership> },
  ): void {
    const { peer } = self;
    for (const other of room.members.values()) other.tell({ event: 'bye', peer, reason });
    const how = isClosing ? 'closing' : 'on purpose';
    this.doors.gone(self, reason === 'lost' ? 'lost' : how);
  }

  /** A closing page says goodbye with its token. False when that is not ours, or has ended. */
  leaveWith(token: string): boolean {
    const claims = this.#options.tokens.read(token);
    if (!claims.ok) return false;
    const { room, peer } = claims;
    const self = this.#options.rooms.get(room)?.members.get(peer.id);
    if (self === undefined) this.#departed.add(peer.id);
    else this.end(self, 'left', true);
    return true;
  }

  /** Ends every stay. Nobody is told: the calls between peers go on. */
  close(): void {
    for (const self of this.#options.rooms.everybody()) this.end(self, undefined);
    this.doors.close();
    this.#options.ledger?.close();
    this.#lingering.close();
    this.#stopTidying();
  }

  #open({ socket }: Caller, options: Omit<MembershipOptions, 'socket' | 'now'>): Membership {
    return new Membership({ ...options, socket, now: this.#options.clock.now });
  }

  /** A server that was restarted learns from its members who they are. */
  #rebuild(
    { room, peer, features, door, grant }: AcceptedClaims,
    { lastSeen, sent }: Pick<ResumeMessage, 'lastSeen' | 'sent'>,
    caller: Caller,
  ): Return {
    const self = this.#open(caller, {
      roomName: room,
      peer,
      features,
      seq: lastSeen,
      received: sent,
      grant,
    });
    this.#options.rooms.restore(room, self);
    this.#admit(self, this.#lingering.take(peer.id) ?? this.#apply(peer.id, room, caller));
    this.doors.restored(self, door);
    this.#announce(self, null);
    return { ok: true, self, missed: 'lost', catchUp: () => {} };
  }

  #apply(peer: PeerId, room: RoomName, { iceServers, socket }: Caller): Admission {
    const renewed = (fresh: readonly IceServer[]): void =>
      socket.send({ event: 'iceServers', iceServers: fresh }, NO_NUMBER);
    return iceServers.admit({ room, peer, renewed });
  }

  #admit(self: Membership, admission: Admission): void {
    admission.renewed = (iceServers) => self.tell({ event: 'iceServers', iceServers });
    self.admission = admission;
    this.#expiries.follow(self);
    this.#tidyLater();
    const people = this.roomOf(self)?.members.size;
    this.#options.logger.info('joined', { peer: self.peer.id, people });
  }

  /** Tells those inside. One of them gets the offer; its id is returned. */
  #announce(self: Membership, offer: Payload): PeerId | undefined {
    const { peer } = self;
    const others = [...this.othersOf(self)];
    const taker = offer && others.find(({ features }) => features.has('offer'));
    for (const other of others) {
      other.tell({ event: 'welcome', peer, offer: other === taker ? offer : null });
    }
    return taker?.peer.id;
  }

  /** `self` has missed too much to know who came meanwhile: those wait for an offer. */
  #introduceAll(self: Membership): void {
    for (const { peer } of this.othersOf(self)) self.tell({ event: 'welcome', peer, offer: null });
  }

  #tellDoor(self: Membership): void {
    const state = this.doors.stateFor(self);
    if (state !== undefined) self.tell({ event: 'door', state, session: this.tokenOf(self) });
  }

  #rememberEnd({ peer, resumes, grant }: Membership, reason: ByeReason): void {
    const isRemoved = reason === 'removed';
    if (resumes && isRemoved) this.#departed.remove(peer.id);
    else if (resumes) this.#departed.add(peer.id);
    if (isRemoved && grant !== undefined) this.#options.revoke(grant);
  }

  #tidyLater(): void {
    this.#tidying ??= this.#options.clock.setTimeout(() => {
      this.#tidying = undefined;
      for (const self of this.#options.rooms.everybody()) self.tidy();
      if (this.#options.rooms.roomCount > 0) this.#tidyLater();
    }, TIDY_INTERVAL_MS);
  }

  #stopTidying(): void {
    if (this.#tidying !== undefined) this.#options.clock.clearTimeout(this.#tidying);
    this.#tidying = undefined;
  }
}

function without(features: ReadonlySet<Feature>, feature: Feature): ReadonlySet<Feature> {
  return new Set([...features].filter((one) => one !== feature));
}
