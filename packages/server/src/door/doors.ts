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
import type { RoomRegistry } from '../room-registry.ts';
import type { DoorMemory, KeptDoor } from './door-memory.ts';
import { DoorView, isHost } from './door-view.ts';
import { Guesses } from './guesses.ts';
import { Knocking } from './knocking.ts';
import type { Passcodes } from './passcode.ts';
import {
  ENTRY_REFUSED,
  KNOCK_WAITING,
  LOCKED,
  NOT_HOST,
  PASSCODE_WANTED,
  PASSCODE_WRONG,
  PEER_UNKNOWN,
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
  /** Of doors that keep people out when this process, or another one, is gone; the better one first. */
  readonly memories: readonly DoorMemory[];
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
  readonly #guesses: Guesses;
  readonly #knocking: Knocking;
  readonly #view: DoorView;
  /** Since when earlier rooms may turn up. */
  #freshAtMs: number;

  constructor(options: DoorsOptions) {
    const { rooms, passcodes, mintPeerId, clock } = options;
    const { now } = clock;
    this.#options = options;
    this.#freshAtMs = now();
    this.#guesses = new Guesses({ passcodes, now });
    this.#view = new DoorView(options);
    this.#knocking = new Knocking({ isFull: (room) => rooms.isFull(room), mintPeerId, now });
  }

  /** Doors that are remembered. */
  get count(): number {
    return this.#doors.size;
  }

  /** May they come in? Takes a moment only where a passcode has to be compared. */
  ask(approach: Approach): Verdict | Promise<Verdict> {
    const { message, visitor, standing, before } = approach;
    const { room, passcode } = message;
    const door = this.#find(room);
    if (visitor.refusedBy === room) return ENTRY_REFUSED;
    if (door === undefined || standing === 'host') return COME_IN;
    const isAdmitted = this.#knocking.isAdmitted(visitor, room);
    if (isAdmitted || this.#holdsSeat(door, before)) return COME_IN;
    if (door.record.locked) return LOCKED;
    if (door.record.passcode === undefined) return this.#knock(door, approach);
    if (passcode === undefined) return PASSCODE_WANTED;
    return this.#guess(door, passcode, approach);
  }

  /** Whether anybody may walk in. */
  isOpen(room: RoomName): boolean {
    const door = this.#find(room);
    return door === undefined || isWideOpen(door.record);
  }

  /** They do not wait any more: gone, or inside. */
  withdraw(visitor: Visitor): void {
    const { knock } = visitor;
    visitor.knock = undefined;
    const door = knock && this.#doors.get(knock.room);
    if (knock !== undefined && door?.knocks.delete(knock.id) === true) this.#view.tellHosts(door);
  }

  /** Somebody has come in. The first one who can holds the room. */
  entered(self: Membership, before?: PeerId): void {
    const known = this.#find(self.roomName);
    const door = known ?? openDoor(self.roomName, this.#options.clock.unixSeconds());
    this.#doors.set(self.roomName, door);
    if (this.#holdsSeat(door, before)) {
      this.#stopTimer(door);
      this.#hold(door, self);
    } else if (door.holder === undefined && canHold(self)) {
      this.#hold(door, self);
    } else if (self.standing === 'host') {
      this.#view.tellAll(door, self);
    }
  }

  /** Somebody is back whom this process has never seen, with what they know of the door. */
  restored(self: Membership, claims: DoorClaims | undefined): void {
    if (claims === undefined) return this.entered(self);
    const { record, holds } = claims;
    const known = this.#find(self.roomName);
    const door = known ?? openDoor(self.roomName, record.born);
    this.#doors.set(self.roomName, door);
    if (known === undefined || this.#isNewer(record, known.record)) {
      this.#set(door, { record, holder: holds ? self.peer.id : undefined });
      this.#view.tellAll(door, self);
    } else if (holds && door.holder === undefined && record.born === door.record.born) {
      this.#hold(door, self);
    }
    if (door.holder === undefined) this.#passLater(door, EMPTY_GRACE_MS);
  }

  /** Somebody is gone: on purpose, by closing the page (which may be a reload), or lost. */
  gone(self: Membership, how: 'on purpose' | 'closing' | 'lost'): void {
    const door = this.#doors.get(self.roomName);
    if (door === undefined) return;
    const isEmpty = this.#view.roomOf(door) === undefined;
    if (isEmpty && (how === 'on purpose' || isWideOpen(door.record))) return this.#forget(door);
    if (isEmpty) this.#passLater(door, EMPTY_GRACE_MS);
    else if (door.holder === self.peer.id) {
      if (how === 'closing') this.#passLater(door, RELOAD_GRACE_MS);
      else this.#pass(door);
    }
  }

  /** A host wants something. */
  act(self: Membership, request: HostRequest): Verdict | Promise<Verdict> {
    const door = this.#doors.get(self.roomName);
    if (door === undefined || !isHost(door, self)) return NOT_HOST;
    switch (request.do) {
      case 'admit':
      case 'refuse':
        return this.#decide(door, request.id, request.do === 'admit');
      case 'door':
        return this.#change(door, self, request);
      case 'remove':
      case 'mute':
      case 'promote': {
        const target = this.#view.roomOf(door)?.members.get(request.id);
        if (target === undefined || target === self) return PEER_UNKNOWN;
        return this.#actOn(door, request.do, { self, target });
      }
    }
  }

  /** The door as `self` may see it. */
  stateFor(self: Membership): DoorState | undefined {
    const door = this.#doors.get(self.roomName);
    return door && this.#view.stateFor(door, self);
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
      this.#drop(door);
      for (const memory of this.#options.memories) memory.handOver(door.room);
    }
  }

  /** Forgets every door and every timer; memories go on knowing. */
  close(): void {
    for (const door of this.#doors.values()) this.#stopTimer(door);
    this.#doors.clear();
  }

  /** Also one of before a restart or of another node, as if the connections of everybody inside had broken. */
  #find(room: RoomName): RoomDoor | undefined {
    const known = this.#doors.get(room);
    const kept = known === undefined ? this.#recall(room) : undefined;
    if (kept === undefined) return known;
    const door = openDoor(room, kept.record.born);
    this.#doors.set(room, door);
    this.#set(door, kept);
    this.#passLater(door, EMPTY_GRACE_MS);
    return door;
  }

  /** Asks all memories, as each of them tells once. */
  #recall(room: RoomName): KeptDoor | undefined {
    const doors = this.#options.memories.map((memory) => memory.recall(room));
    return doors.find((door) => door !== undefined);
  }

  #set(door: RoomDoor, { record, holder }: KeptDoor): void {
    door.record = record;
    door.holder = holder;
    for (const memory of this.#options.memories) memory.keep(door.room, door);
  }

  async #guess(door: RoomDoor, passcode: string, approach: Approach): Promise<Verdict> {
    const { record, room } = door;
    if (record.passcode === undefined) return TOO_MANY_TRIES;
    const guess = { passcode, room, address: approach.visitor.address };
    const isRight = await this.#guesses.isRight(guess, record.passcode);
    if (isRight === undefined) return TOO_MANY_TRIES;
    if (!isRight) return PASSCODE_WRONG;
    // Meanwhile the host may have changed the door.
    if (door.record.locked) return LOCKED;
    if (door.record.passcode !== record.passcode) return PASSCODE_WRONG;
    return this.#knock(door, approach);
  }

  #knock(door: RoomDoor, { message, visitor }: Approach): Verdict {
    if (!door.record.knock) return COME_IN;
    const refusal = this.#knocking.whyNot(door, visitor);
    if (refusal !== undefined) return refusal;
    this.withdraw(visitor);
    this.#knocking.wait(door, visitor, message.name);
    this.#view.tellHosts(door);
    return KNOCK_WAITING;
  }

  #decide(door: RoomDoor, id: PeerId, isWelcome: boolean): Verdict {
    if (!this.#knocking.answer(door, id, isWelcome)) return PEER_UNKNOWN;
    this.#view.tellHosts(door);
    return COME_IN;
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
    const passcode = await this.#guesses.record(request.passcode ?? '');
    if (passcode === undefined) return TOO_MANY_TRIES;
    if (this.#doors.get(door.room) !== door || !isHost(door, self)) return NOT_HOST;
    const { locked = door.record.locked, knock = door.record.knock } = request;
    this.#renew(door, { locked, knock, passcode });
    return COME_IN;
  }

  #renew(door: RoomDoor, settings: Pick<DoorRecord, 'locked' | 'knock' | 'passcode'>): void {
    const record = { ...door.record, ...settings, version: door.record.version + 1 };
    this.#set(door, { ...door, record });
    if (!record.knock && !record.locked) this.#knocking.admitAll(door);
    this.#view.tellAll(door);
  }

  /** They learn it from the answer they are about to get, or have to be told. */
  #hold(door: RoomDoor, self: Membership): void {
    const record = { ...door.record, version: door.record.version + 1 };
    this.#set(door, { record, holder: self.peer.id });
    this.#view.tellAll(door, self);
  }

  /** The oldest of those inside holds the room from now on. */
  #pass(door: RoomDoor): void {
    this.#stopTimer(door);
    const heir = [...this.#view.members(door)].find(canHold);
    this.#set(door, { ...door, holder: undefined });
    if (heir !== undefined) this.#handTo(door, heir);
  }

  #handTo(door: RoomDoor, heir: Membership): void {
    this.#hold(door, heir);
    this.#view.tellOne(heir);
  }

  /** Unless the host is back by then; a room that is empty then is forgotten. */
  #passLater(door: RoomDoor, delayMs: number): void {
    this.#stopTimer(door);
    door.timer = this.#options.clock.setTimeout(() => {
      const room = this.#view.roomOf(door);
      if (room === undefined) this.#forget(door);
      else if (door.holder === undefined || !room.members.has(door.holder)) this.#pass(door);
    }, delayMs);
  }

  #forget(door: RoomDoor): void {
    this.#drop(door);
    for (const memory of this.#options.memories) memory.forget(door.room);
    this.#knocking.admitAll(door);
  }

  #drop(door: RoomDoor): void {
    this.#stopTimer(door);
    this.#doors.delete(door.room);
  }

  #stopTimer(door: RoomDoor): void {
    if (door.timer !== undefined) this.#options.clock.clearTimeout(door.timer);
    door.timer = undefined;
  }

  /** True when `before` held the room, nobody has taken that over, and they are not inside: a copy of their tab is a guest. */
  #holdsSeat(door: RoomDoor, before: PeerId | undefined): boolean {
    if (before === undefined || door.holder !== before) return false;
    return this.#view.roomOf(door)?.members.get(before)?.isConnected !== true;
  }

  #isNewer(record: DoorRecord, known: DoorRecord): boolean {
    if (record.born === known.born) return record.version > known.version;
    const isYoung = this.#options.clock.now() - this.#freshAtMs < RESTART_MS;
    return isYoung && record.born < known.born;
  }
}

/** Whoever can be told about the door, unless the application has made them a guest. */
function canHold({ features, standing }: Membership): boolean {
  return features.has('door') && standing !== 'guest';
}
