/**
 * Allocations of other threads that share the port of this one. The system chooses a thread for each
 * client, so the callers of a room are spread over all threads. Each thread knows what the others
 * hold, and sends to their clients itself: its sockets have the same address and port.
 * @module
 */
import type { TransportAddress } from '../wire/transport-address.ts';
import type { Allocation } from './allocation.ts';
import { ChannelList } from './channel-list.ts';
import type { ChannelBinding } from './channel-list.ts';
import type { PacketSocket } from './packet-socket.ts';
import { PermissionList } from './permission-list.ts';
import type { Permission } from './permission-list.ts';
import type { RelayRoom } from './relay-room.ts';

/** Who gets packets: an allocation of this thread or of another one. */
export interface Receiver {
  /** The socket its client is reached through, and where the client is. */
  readonly socket: PacketSocket;
  readonly client: TransportAddress;
  readonly room: RelayRoom;
  readonly permissions: PermissionList;
  readonly channels: ChannelList;
  packetsReceived: number;
  bytesReceived: number;
  isLive(nowMs: number): boolean;
}

/** What other threads have to know of an allocation. Times are those of `systemClock`. */
export interface AllocationSnapshot {
  /** Unique in its thread. */
  readonly id: number;
  readonly room: string;
  readonly peer: string;
  readonly client: TransportAddress;
  readonly relayed: readonly TransportAddress[];
  readonly expiresAtMs: number;
  readonly permissions: readonly Permission[];
  readonly channels: readonly ChannelBinding[];
}

/** Takes the snapshot of an allocation. */
export function snapshotOf(allocation: Allocation): AllocationSnapshot {
  const { id, user, client, ipv4, ipv6, expiresAtMs, permissions, channels } = allocation;
  const relayed = [ipv4, ipv6].flatMap((one) => (one === undefined ? [] : [one.address]));
  return {
    id,
    room: user.room,
    peer: user.peer,
    client,
    relayed,
    expiresAtMs,
    permissions: permissions.list(),
    channels: channels.list(),
  };
}

/** Everything a {@link Neighbour} is made of. */
export interface NeighbourSeed {
  readonly snapshot: AllocationSnapshot;
  readonly socket: PacketSocket;
  readonly room: RelayRoom;
}

/** An allocation of another thread, as that thread last told. */
export class Neighbour implements Receiver {
  readonly socket: PacketSocket;
  readonly client: TransportAddress;
  readonly room: RelayRoom;
  readonly peer: string;
  readonly relayed: readonly TransportAddress[];
  readonly permissions: PermissionList;
  readonly channels: ChannelList;
  readonly #expiresAtMs: number;
  /** What this thread sent to its client since this was last told to the other one. */
  packetsReceived = 0;
  bytesReceived = 0;

  constructor({ snapshot, socket, room }: NeighbourSeed) {
    this.socket = socket;
    this.client = snapshot.client;
    this.room = room;
    this.peer = snapshot.peer;
    this.relayed = snapshot.relayed;
    this.permissions = new PermissionList(snapshot.permissions);
    this.channels = new ChannelList(snapshot.channels);
    this.#expiresAtMs = snapshot.expiresAtMs;
  }

  isLive(nowMs: number): boolean {
    return this.#expiresAtMs > nowMs;
  }
}

/** The way to the other threads. */
export interface Neighbours {
  /** Tells them what an allocation is like now, before anybody else is told. */
  publish(allocation: Allocation): void;
  /** Tells them that it is gone. */
  withdraw(allocation: Allocation): void;
  /** Takes in what they told. Called for each packet: costs next to nothing when there is no news. */
  read(): void;
  /** Called about once a second. */
  tick(): void;
}
