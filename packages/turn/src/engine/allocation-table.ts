/**
 * Every allocation of an engine, found by the client's 5-tuple, by relayed address, by room.
 * @module
 */
import type { Authenticated } from '../auth/long-term.ts';
import type { AddressFamily, TransportAddress } from '../wire/transport-address.ts';
import { AddressTable } from './address-table.ts';
import { Allocation } from './allocation.ts';
import type { RelayedAddress } from './allocation.ts';
import { Neighbour } from './neighbour.ts';
import type { AllocationSnapshot } from './neighbour.ts';
import type { PacketSocket } from './packet-socket.ts';
import type { RelayLimits } from './relay-limits.ts';
import { RelayRoom } from './relay-room.ts';

/** Relayed addresses that are real are unique on this machine; virtual ones only in their room. */
const GLOBAL_SCOPE = 0;

/** Who opens an allocation, and from where. */
export interface NewAllocation {
  readonly socket: PacketSocket;
  readonly client: TransportAddress;
  readonly user: Authenticated;
  readonly nowMs: number;
}

/** Owns the allocations and their relay sockets. Says nothing to clients. */
export class AllocationTable {
  readonly #limits: RelayLimits;
  readonly #scopeOf: (room: RelayRoom) => number;
  readonly #byClient = new AddressTable<Allocation>();
  readonly #byRelayed = new AddressTable<Allocation | Neighbour>();
  /** By the numbers of relay sockets, and of the connections of TCP and TLS clients. */
  readonly #byRelaySocket = new Map<number, Allocation>();
  readonly #byStream = new Map<number, Allocation>();
  readonly #rooms = new Map<string, RelayRoom>();
  readonly #all = new Set<Allocation>();
  /** Allocations of other threads, by keys that those chose. */
  readonly #neighbours = new Map<string, Neighbour>();
  #lastId = 0;
  #lastRoomId = GLOBAL_SCOPE;

  /** @param areVirtual relayed addresses are virtual: two rooms may use the same one */
  constructor(limits: RelayLimits, areVirtual: boolean) {
    this.#limits = limits;
    this.#scopeOf = areVirtual ? (room) => room.id : () => GLOBAL_SCOPE;
  }

  /** Allocations alive. */
  get size(): number {
    return this.#all.size;
  }

  /** Rooms with allocations. */
  get rooms(): number {
    return this.#rooms.size;
  }

  /** The allocation of the client at this 5-tuple. */
  find(socket: PacketSocket, client: TransportAddress): Allocation | undefined {
    return this.#byClient.find(socket.id, client);
  }

  /** The allocation `peer` is a relayed address of, as seen from `room`. */
  findRelayed(room: RelayRoom, peer: TransportAddress): Allocation | Neighbour | undefined {
    return this.#byRelayed.find(this.#scopeOf(room), peer);
  }

  /** The allocation that relays through this socket. */
  findByRelaySocket(socket: PacketSocket): Allocation | undefined {
    return this.#byRelaySocket.get(socket.id);
  }

  /** The allocations whose clients reach us through this socket: at most one on a connection. */
  clientsOf(socket: PacketSocket): Allocation[] {
    if (socket.transport === 'udp') return this.list().filter((one) => one.socket === socket);
    const allocation = this.#byStream.get(socket.id);
    return allocation === undefined ? [] : [allocation];
  }

  /** Why this user cannot have one more allocation. */
  refusal(user: Authenticated): 486 | 508 | undefined {
    const limits = this.#limits;
    if (this.#all.size + this.#neighbours.size >= limits.allocationsTotal) return 508;
    const room = this.#rooms.get(user.room);
    if (room === undefined) return undefined;
    if (room.size >= limits.allocationsPerRoom) return 486;
    return room.countOf(user.peer) >= limits.allocationsPerPeer ? 486 : undefined;
  }

  /** Makes an allocation without relayed addresses. Its 5-tuple must be free. */
  open({ socket, client, user, nowMs }: NewAllocation): Allocation {
    const room = this.#roomOf(user.room);
    this.#lastId += 1;
    const limits = this.#limits;
    const id = this.#lastId;
    const allocation = new Allocation({ id, socket, client, user, room, limits, nowMs });
    this.#all.add(allocation);
    room.allocations.add(allocation);
    this.#byClient.set(socket.id, allocation.client, allocation);
    if (socket.transport !== 'udp') this.#byStream.set(socket.id, allocation);
    return allocation;
  }

  /** Gives an allocation a relayed address. */
  addRelayed(allocation: Allocation, relayed: RelayedAddress): void {
    if (relayed.address.family === 4) allocation.ipv4 = relayed;
    else allocation.ipv6 = relayed;
    this.#byRelayed.set(this.#scopeOf(allocation.room), relayed.address, allocation);
    if (relayed.socket !== undefined) this.#byRelaySocket.set(relayed.socket.id, allocation);
  }

  /** Takes the relayed address of one family away again, and closes its socket. */
  removeRelayed(allocation: Allocation, family: AddressFamily): void {
    const relayed = allocation.relayed(family);
    if (relayed === undefined) return;
    this.#byRelayed.delete(this.#scopeOf(allocation.room), relayed.address);
    if (family === 4) allocation.ipv4 = undefined;
    else allocation.ipv6 = undefined;
    if (relayed.socket === undefined) return;
    this.#byRelaySocket.delete(relayed.socket.id);
    relayed.socket.close();
  }

  /** Ends an allocation and closes its relay sockets. Idempotent. */
  close(allocation: Allocation): void {
    if (allocation.state === 'closed') return;
    allocation.state = 'closed';
    this.removeRelayed(allocation, 4);
    this.removeRelayed(allocation, 6);
    this.#byClient.delete(allocation.socket.id, allocation.client);
    this.#byStream.delete(allocation.socket.id);
    this.#all.delete(allocation);
    allocation.room.allocations.delete(allocation);
    this.#leaveRoom(allocation.room);
  }

  /** The allocation of another thread with this key. */
  neighbour(key: string): Neighbour | undefined {
    return this.#neighbours.get(key);
  }

  /** Takes an allocation of another thread in, in place of what was known of it before. */
  setNeighbour(key: string, snapshot: AllocationSnapshot, socket: PacketSocket): void {
    this.removeNeighbour(key);
    const room = this.#roomOf(snapshot.room);
    const neighbour = new Neighbour({ snapshot, socket, room });
    this.#neighbours.set(key, neighbour);
    room.neighbours.add(neighbour);
    for (const address of neighbour.relayed) {
      this.#byRelayed.set(this.#scopeOf(room), address, neighbour);
    }
  }

  /** Forgets an allocation of another thread. Idempotent. */
  removeNeighbour(key: string): void {
    const neighbour = this.#neighbours.get(key);
    if (neighbour === undefined) return;
    const { room } = neighbour;
    this.#neighbours.delete(key);
    room.neighbours.delete(neighbour);
    for (const address of neighbour.relayed) {
      const scope = this.#scopeOf(room);
      // The same port may be somebody else's by now.
      const isOurs = this.#byRelayed.find(scope, address) === neighbour;
      if (isOurs) this.#byRelayed.delete(scope, address);
    }
    this.#leaveRoom(room);
  }

  /** All allocations, or those of one room. A copy: they may be closed while it is read. */
  list(roomTag?: string): Allocation[] {
    if (roomTag === undefined) return [...this.#all];
    return [...(this.#rooms.get(roomTag)?.allocations ?? [])];
  }

  #leaveRoom(room: RelayRoom): void {
    if (room.size === 0) this.#rooms.delete(room.tag);
  }

  #roomOf(tag: string): RelayRoom {
    const known = this.#rooms.get(tag);
    if (known !== undefined) return known;
    this.#lastRoomId += 1;
    const room = new RelayRoom(this.#lastRoomId, tag);
    this.#rooms.set(tag, room);
    return room;
  }
}
