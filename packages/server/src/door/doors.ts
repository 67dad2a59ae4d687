/**
 * The doors of all rooms: who may come in, and who decides that. Knows nothing of sockets.
 * Rules: docs/SPEC-signaling.md, DOOR-1 and the following.
 * @module
 */
import type {
  Accepted,
  DoorState,
  HostRequest,
  JoinMessage,
  PeerId,
  Refused,
  Role,
  RoomName,
} from '@parley/protocol';
import type { Clock } from '../clock.ts';
import type { Membership } from '../membership/membership.ts';
import type { Room, RoomRegistry } from '../room-registry.ts';
import { Attempts } from './attempts.ts';
import type { Passcodes } from './passcode.ts';
import {
  ENTRY_REFUSED,
  KNOCK_WAITING,
  LOCKED,
  NOT_HOST,
  PASSCODE_WANTED,
  PASSCODE_WRONG,
  PEER_UNKNOWN,
  ROOM_FULL,
  TOO_MANY_TRIES,
} from './refusals.ts';
import { isWideOpen, openDoor } from './room-door.ts';
import type { DoorRecord, RoomDoor } from './room-door.ts';
import type { Visitor } from './visitor.ts';

/** What doors work with. */
export interface DoorsOptions {
  readonly rooms: RoomRegistry<Membership>;
  readonly passcodes: Passcodes;
  readonly mintPeerId: () => PeerId;
  readonly clock: Clock;
  /** Tells somebody inside how the door is now. */
  readonly tell: (member: Membership) => void;
  /** Sends somebody out. */
  readonly remove: (member: Membership) => void;
}

/** Somebody who wants to come in. */
export interface Approach {
  readonly message: JoinMessage;
  readonly visitor: Visitor;
  /** What an access token says they are. */
  readonly standing: Role | undefined;
  /** Who they were in this room, if they have shown a good session of it. */
  readonly before: PeerId | undefined;
}

/** What a member brings along from before a restart. */
export interface DoorClaims {
  readonly record: DoorRecord;
  readonly holds: boolean;
}

type Verdict = Accepted | Refused;

const COME_IN: Accepted = { ok: true };
/** Guesses of one address: a class behind one NAT can mistype, a program gets nowhere. */
const GUESSES_PER_ADDRESS = { burst: 20, perSecond: 0.1 };
/** Guesses at one room from everywhere: four digits last half a day on average. */
const GUESSES_PER_ROOM = { burst: 60, perSecond: 0.1 };
const KNOCKS_PER_ADDRESS = { burst: 60, perSecond: 0.5 };
/** Passcodes that are hashed at the same time, all rooms together. */
const MAX_HASHING = 16;
/** People who wait before one door. */
const MAX_KNOCKS = 32;
/** Whoever was admitted comes in within this time. */
const ADMISSION_MS = 60_000;
/** A host who reloads the page sees to the camera first, and is back within this time. */
const RELOAD_GRACE_MS = 30_000;
/** The door of a room that nobody has left on purpose is kept for so long. */
const EMPTY_GRACE_MS = 30_000;
/** After a restart, or when rooms have moved here, an earlier room of the same name wins over one that was made since, for so long. */
const RESTART_MS = 60_000;

/** See the module comment. Its owner must `close` it. */
export class Doors {
  readonly #options: DoorsOptions;
  readonly #doors = new Map<RoomName, RoomDoor>();
  readonly #guessesOfAddress: Attempts;
  readonly #guessesAtRoom: Attempts;
  readonly #knocksOfAddress: Attempts;
  /** Since when earlier rooms may turn up. */
  #freshAtMs: number;
  #hashing = 0;

  constructor(options: DoorsOptions) {
    const { now } = options.clock;
    this.#options = options;
    this.#freshAtMs = now();
    this.#guessesOfAddress = new Attempts(GUESSES_PER_ADDRESS, now);
    this.#guessesAtRoom = new Attempts(GUESSES_PER_ROOM, now);
    this.#knocksOfAddress = new Attempts(KNOCKS_PER_ADDRESS, now);
  }

  /** Doors that are remembered. */
  get count(): number {
    return this.#doors.size;
  }

  /** May they come in? Takes a moment only where a passcode has to be compared. */
  ask(approach: Approach): Verdict | Promise<Verdict> {
    const { message, visitor, standing, before } = approach;
    const { room, passcode } = message;
    const door = this.#doors.get(room);
    if (visitor.refusedBy === room) return ENTRY_REFUSED;
    if (door === undefined || standing === 'host') return COME_IN;
    if (this.#isAdmitted(visitor, room) || this.#holdsSeat(door, before)) return COME_IN;
    if (door.record.locked) return LOCKED;
    if (door.record.passcode === undefined) return this.#knock(door, approach);
    if (passcode === undefined) return PASSCODE_WANTED;
    return this.#guess(door, passcode, approach);
  }

  /** Whether anybody may walk in. */
  isOpen(room: RoomName): boolean {
    const door = this.#doors.get(room);
    return door === undefined || isWideOpen(door.record);
  }

  /** They do not wait any more: gone, or inside. */
  withdraw(visitor: Visitor): void {
    const { knock } = visitor;
    visitor.knock = undefined;
    const door = knock && this.#doors.get(knock.room);
    if (knock !== undefined && door?.knocks.delete(knock.id) === true) this.#tellHosts(door);
  }

  /** Somebody has come in. The first one who can holds the room. */
  entered(self: Membership, before?: PeerId): void {
    const known = this.#doors.get(self.roomName);
    const door = known ?? openDoor(self.roomName, this.#options.clock.unixSeconds());
    this.#doors.set(self.roomName, door);
    if (this.#holdsSeat(door, before)) {
      this.#stopTimer(door);
      this.#hold(door, self);
    } else if (door.holder === undefined && canHold(self)) {
      this.#hold(door, self);
    } else if (self.standing === 'host') {
      this.#tellAll(door, self);
    }
  }

  /** Somebody is back whom this process has never seen, with what they know of the door. */
  restored(self: Membership, claims: DoorClaims | undefined): void {
    if (claims === undefined) return this.entered(self);
    const { record, holds } = claims;
    const known = this.#doors.get(self.roomName);
    const door = known ?? openDoor(self.roomName, record.born);
    this.#doors.set(self.roomName, door);
    if (known === undefined || this.#isNewer(record, known.record)) {
      door.record = record;
      door.holder = holds ? self.peer.id : undefined;
      this.#tellAll(door, self);
    } else if (holds && door.holder === undefined && record.born === door.record.born) {
      this.#hold(door, self);
    }
    if (door.holder === undefined) this.#passLater(door, EMPTY_GRACE_MS);
  }

  /** Somebody is gone: on purpose, by closing the page (which may be a reload), or lost. */
  gone(self: Membership, how: 'on purpose' | 'closing' | 'lost'): void {
    const door = this.#doors.get(self.roomName);
    if (door === undefined) return;
    const isEmpty = this.#roomOf(door) === undefined;
    if (isEmpty && (how === 'on purpose' || isWideOpen(door.record))) return this.#forget(door);
    if (isEmpty) {
      this.#stopTimer(door);
      door.timer = this.#options.clock.setTimeout(() => this.#forget(door), EMPTY_GRACE_MS);
    } else if (door.holder === self.peer.id) {
      if (how === 'closing') this.#passLater(door, RELOAD_GRACE_MS);
      else this.#pass(door);
    }
  }

  /** A host wants something. */
  act(self: Membership, request: HostRequest): Verdict | Promise<Verdict> {
    const door = this.#doors.get(self.roomName);
    if (door === undefined || !this.#isHost(door, self)) return NOT_HOST;
    switch (request.do) {
      case 'admit':
      case 'refuse':
        return this.#decide(door, request.id, request.do === 'admit');
      case 'door':
        return this.#change(door, self, request);
      case 'remove':
      case 'mute':
      case 'promote': {
        const target = this.#roomOf(door)?.members.get(request.id);
        if (target === undefined || target === self) return PEER_UNKNOWN;
        return this.#actOn(door, request.do, { self, target });
      }
    }
  }

  /** The door as `self` may see it. */
  stateFor(self: Membership): DoorState | undefined {
    const door = this.#doors.get(self.roomName);
    if (door === undefined) return undefined;
    const { locked, knock, passcode } = door.record;
    const role = this.#isHost(door, self) ? 'host' : 'guest';
    const hosts = [...this.#members(door)].filter((one) => this.#isHost(door, one));
    return {
      role,
      hosts: hosts.map(({ peer }) => peer.id),
      locked,
      knock,
      passcode: passcode !== undefined,
      knocks: role === 'host' ? Array.from(door.knocks.values(), ({ peer }) => peer) : [],
    };
  }

  /** What `self` is to bring back after a restart. */
  claimsOf(self: Membership): DoorClaims | undefined {
    const door = this.#doors.get(self.roomName);
    return door && { record: door.record, holds: door.holder === self.peer.id };
  }

  /** Rooms have moved between nodes: doors of those that are not ours go without a word, and others may come. */
  handOver(isOurs: (room: RoomName) => boolean): void {
    this.#freshAtMs = this.#options.clock.now();
    for (const door of this.#doors.values()) {
      if (isOurs(door.room)) continue;
      this.#stopTimer(door);
      this.#doors.delete(door.room);
    }
  }

  /** Forgets every door and every timer. */
  close(): void {
    for (const door of this.#doors.values()) this.#stopTimer(door);
    this.#doors.clear();
  }

  async #guess(door: RoomDoor, passcode: string, approach: Approach): Promise<Verdict> {
    const { record, room } = door;
    const { address } = approach.visitor;
    if (record.passcode === undefined || this.#hashing >= MAX_HASHING) return TOO_MANY_TRIES;
    if (!this.#guessesOfAddress.take(address) || !this.#guessesAtRoom.take(room)) {
      return TOO_MANY_TRIES;
    }
    this.#hashing += 1;
    try {
      const isRight = await this.#options.passcodes.matches(passcode, record.passcode);
      if (!isRight) return PASSCODE_WRONG;
    } finally {
      this.#hashing -= 1;
    }
    this.#guessesOfAddress.giveBack(address);
    this.#guessesAtRoom.giveBack(room);
    // Meanwhile the host may have changed the door.
    if (door.record.locked) return LOCKED;
    if (door.record.passcode !== record.passcode) return PASSCODE_WRONG;
    return this.#knock(door, approach);
  }

  #knock(door: RoomDoor, { message, visitor }: Approach): Verdict {
    const { room, name } = message;
    if (!door.record.knock) return COME_IN;
    if (visitor.knock?.room === room) return KNOCK_WAITING;
    if (this.#options.rooms.isFull(room) || door.knocks.size >= MAX_KNOCKS) return ROOM_FULL;
    if (!this.#knocksOfAddress.take(visitor.address)) return TOO_MANY_TRIES;
    this.withdraw(visitor);
    const id = this.#options.mintPeerId();
    visitor.knock = { room, id };
    door.knocks.set(id, { peer: { id, name }, visitor });
    this.#tellHosts(door);
    return KNOCK_WAITING;
  }

  #decide(door: RoomDoor, id: PeerId, isWelcome: boolean): Verdict {
    if (!this.#answer(door, id, isWelcome)) return PEER_UNKNOWN;
    this.#tellHosts(door);
    return COME_IN;
  }

  #answer(door: RoomDoor, id: PeerId, isWelcome: boolean): boolean {
    const visitor = door.knocks.get(id)?.visitor;
    if (visitor === undefined) return false;
    door.knocks.delete(id);
    visitor.knock = undefined;
    const untilMs = this.#options.clock.now() + ADMISSION_MS;
    if (isWelcome) visitor.admission = { room: door.room, untilMs };
    else visitor.refusedBy = door.room;
    visitor.knocked(isWelcome ? 'admitted' : 'refused');
    return true;
  }

  #isAdmitted({ admission }: Visitor, room: RoomName): boolean {
    return admission?.room === room && this.#options.clock.now() < admission.untilMs;
  }

  #actOn(
    door: RoomDoor,
    action: 'remove' | 'mute' | 'promote',
    { self, target }: { readonly self: Membership; readonly target: Membership },
  ): Verdict {
    if (action === 'mute') {
      target.tell({ event: 'mute', from: self.peer.id });
      return COME_IN;
    }
    if (action === 'promote') {
      if (!target.features.has('door')) return PEER_UNKNOWN;
      this.#stopTimer(door);
      this.#handTo(door, target);
      return COME_IN;
    }
    // Whom the application has made a host, nobody can send away who only came first.
    if (target.standing === 'host' && self.standing !== 'host') return NOT_HOST;
    this.#options.remove(target);
    return COME_IN;
  }

  #change(
    door: RoomDoor,
    self: Membership,
    request: Extract<HostRequest, { do: 'door' }>,
  ): Verdict | Promise<Verdict> {
    const { passcode, locked = door.record.locked, knock = door.record.knock } = request;
    if (typeof passcode === 'string') return this.#setPasscode(door, self, request);
    const code = passcode === null ? undefined : door.record.passcode;
    this.#renew(door, { locked, knock, passcode: code });
    return COME_IN;
  }

  async #setPasscode(
    door: RoomDoor,
    self: Membership,
    request: Extract<HostRequest, { do: 'door' }>,
  ): Promise<Verdict> {
    if (this.#hashing >= MAX_HASHING) return TOO_MANY_TRIES;
    this.#hashing += 1;
    let passcode;
    try {
      passcode = await this.#options.passcodes.record(request.passcode ?? '');
    } finally {
      this.#hashing -= 1;
    }
    if (this.#doors.get(door.room) !== door || !this.#isHost(door, self)) return NOT_HOST;
    const { locked = door.record.locked, knock = door.record.knock } = request;
    this.#renew(door, { locked, knock, passcode });
    return COME_IN;
  }

  #renew(door: RoomDoor, settings: Pick<DoorRecord, 'locked' | 'knock' | 'passcode'>): void {
    door.record = { ...door.record, ...settings, version: door.record.version + 1 };
    if (!door.record.knock && !door.record.locked) this.#admitAll(door);
    this.#tellAll(door);
  }

  #admitAll(door: RoomDoor): void {
    for (const id of door.knocks.keys()) this.#answer(door, id, true);
  }

  /** They learn it from the answer they are about to get, or have to be told. */
  #hold(door: RoomDoor, self: Membership): void {
    door.holder = self.peer.id;
    door.record = { ...door.record, version: door.record.version + 1 };
    this.#tellAll(door, self);
  }

  /** The oldest of those inside holds the room from now on. */
  #pass(door: RoomDoor): void {
    this.#stopTimer(door);
    const heir = [...this.#members(door)].find(canHold);
    door.holder = undefined;
    if (heir !== undefined) this.#handTo(door, heir);
  }

  #handTo(door: RoomDoor, heir: Membership): void {
    this.#hold(door, heir);
    this.#tellOne(heir);
  }

  #passLater(door: RoomDoor, delayMs: number): void {
    this.#stopTimer(door);
    door.timer = this.#options.clock.setTimeout(() => {
      const { holder } = door;
      const isInside = holder !== undefined && this.#roomOf(door)?.members.has(holder);
      if (isInside !== true) this.#pass(door);
    }, delayMs);
  }

  #forget(door: RoomDoor): void {
    this.#stopTimer(door);
    this.#doors.delete(door.room);
    this.#admitAll(door);
  }

  #stopTimer(door: RoomDoor): void {
    if (door.timer !== undefined) this.#options.clock.clearTimeout(door.timer);
    door.timer = undefined;
  }

  /** True when `before` held the room, nobody has taken that over, and they are not inside: a copy of their tab is a guest. */
  #holdsSeat(door: RoomDoor, before: PeerId | undefined): boolean {
    if (before === undefined || door.holder !== before) return false;
    return this.#roomOf(door)?.members.get(before)?.isConnected !== true;
  }

  #isNewer(record: DoorRecord, known: DoorRecord): boolean {
    if (record.born === known.born) return record.version > known.version;
    const isYoung = this.#options.clock.now() - this.#freshAtMs < RESTART_MS;
    return isYoung && record.born < known.born;
  }

  #isHost(door: RoomDoor, { standing, peer }: Membership): boolean {
    return standing === 'host' || door.holder === peer.id;
  }

  #roomOf({ room }: RoomDoor): Room<Membership> | undefined {
    return this.#options.rooms.get(room);
  }

  #members(door: RoomDoor): Iterable<Membership> {
    return this.#roomOf(door)?.members.values() ?? [];
  }

  #tellOne(member: Membership): void {
    if (member.features.has('door')) this.#options.tell(member);
  }

  /** Everybody but `except`, who has the news with the answer. */
  #tellAll(door: RoomDoor, except?: Membership): void {
    for (const member of this.#members(door)) if (member !== except) this.#tellOne(member);
  }

  #tellHosts(door: RoomDoor): void {
    for (const member of this.#members(door)) if (this.#isHost(door, member)) this.#tellOne(member);
  }
}

/** Whoever can be told about the door, unless the application has made them a guest. */
function canHold({ features, standing }: Membership): boolean {
  return features.has('door') && standing !== 'guest';
}
