/**
 * Who is in which room. Pure state: knows nothing of sockets, messages or time.
 * @module
 */
import type { PeerDescription, PeerId, RoomName } from '@parley/protocol';

/** Whatever represents a person in a room; the registry only needs to tell them apart. */
export interface Member {
  readonly peer: PeerDescription;
}

/** One room and those inside, oldest first. */
export interface Room<M extends Member> {
  readonly name: RoomName;
  readonly members: ReadonlyMap<PeerId, M>;
}

interface OpenRoom<M extends Member> extends Room<M> {
  readonly members: Map<PeerId, M>;
}

/** All rooms of a server. A room exists while somebody is in it. */
export class RoomRegistry<M extends Member> {
  readonly #rooms = new Map<RoomName, OpenRoom<M>>();
  readonly #maxPeers: number;
  readonly #maxRooms: number;

  constructor(maxPeers: number, maxRooms: number = Number.POSITIVE_INFINITY) {
    this.#maxPeers = maxPeers;
    this.#maxRooms = maxRooms;
  }

  /** True when nobody else fits into this room. */
  isFull(name: RoomName): boolean {
    return (this.#rooms.get(name)?.members.size ?? 0) >= this.#maxPeers;
  }

  /** True when this room does not exist, and no more of them may. */
  isBeyond(name: RoomName): boolean {
    return this.#rooms.size >= this.#maxRooms && !this.#rooms.has(name);
  }

  /** Rooms with somebody inside. */
  get roomCount(): number {
    return this.#rooms.size;
  }

  /** People in all rooms together. */
  get memberCount(): number {
    let count = 0;
    for (const room of this.#rooms.values()) count += room.members.size;
    return count;
  }

  /** Somebody in any room; for the owner of the server, not for every message. */
  find(id: PeerId): M | undefined {
    for (const { members } of this.#rooms.values()) {
      const member = members.get(id);
      if (member !== undefined) return member;
    }
    return undefined;
  }

  /** The people in all rooms. */
  *everybody(): Iterable<M> {
    for (const { members } of this.#rooms.values()) yield* members.values();
  }

  /** The room, when somebody is in it. */
  get(name: RoomName): Room<M> | undefined {
    return this.#rooms.get(name);
  }

  /** Puts `member` into the room, opening it if need be; `undefined` when there is no room for them. */
  enter(name: RoomName, member: M): Room<M> | undefined {
    return this.isFull(name) || this.isBeyond(name) ? undefined : this.restore(name, member);
  }

  /** Puts back somebody who was inside before, full or not. */
  restore(name: RoomName, member: M): Room<M> {
    const room = this.#rooms.get(name) ?? { name, members: new Map<PeerId, M>() };
    room.members.set(member.peer.id, member);
    this.#rooms.set(name, room);
    return room;
  }

  /** Takes a person out; the room vanishes with its last member. */
  leave(name: RoomName, id: PeerId): void {
    const room = this.#rooms.get(name);
    if (room === undefined) return;
    room.members.delete(id);
    if (room.members.size === 0) this.#rooms.delete(name);
  }
}
