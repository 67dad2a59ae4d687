/**
 * The ways from one relay thread to each of the others. A message is in the queue of the other thread
 * before anybody is answered, and a counter in shared memory says that it is there: so whoever acts
 * upon an answer finds every thread informed, and a look for news costs no system call.
 * @module
 */
import { receiveMessageOnPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { Allocation } from '../engine/allocation.ts';
import type { AllocationTable } from '../engine/allocation-table.ts';
import { shareOfPorts } from '../engine/hairpin-relay.ts';
import { snapshotOf } from '../engine/neighbour.ts';
import type { AllocationSnapshot, Neighbours } from '../engine/neighbour.ts';
import type { PacketSocket } from '../engine/packet-socket.ts';
import type { ServerTeam } from '../turn-server.ts';
import type { AddressFamily } from '../wire/transport-address.ts';
import type { ThreadTeam } from './thread-messages.ts';

/** How a client is reached: through the shared UDP port, or a connection the main thread numbers. */
export type ClientPath =
  | { readonly transport: 'udp'; readonly family: AddressFamily }
  | { readonly transport: 'tcp' | 'tls'; readonly stream: number };

/** What threads tell each other. */
type Told =
  | {
      readonly type: 'allocation';
      readonly snapshot: AllocationSnapshot;
      readonly path: ClientPath;
    }
  | { readonly type: 'gone'; readonly id: number }
  /** Packets for a client of the reader that another thread sent. */
  | {
      readonly type: 'tally';
      readonly id: number;
      readonly packets: number;
      readonly bytes: number;
    };

/** What links do their work with, once the thread listens. */
export interface LinkedServer {
  readonly allocations: AllocationTable;
  /** How the client behind a socket of this thread is reached. */
  pathOf(socket: PacketSocket): ClientPath | undefined;
  /** A socket of this thread for a client of another one. */
  socketFor(path: ClientPath): PacketSocket | undefined;
}

interface Origin {
  readonly seat: number;
  readonly id: number;
}

/** All of them. */
export class NeighbourLinks implements Neighbours {
  /** What the server of this thread has to share. */
  readonly serverTeam: ServerTeam;
  readonly #seat: number;
  readonly #news: Int32Array;
  readonly #ports = new Map<number, MessagePort>();
  readonly #published = new Map<number, Allocation>();
  /** Where the allocations come from that were taken in, by their keys in the table. */
  readonly #origins = new Map<string, Origin>();
  #server: LinkedServer | undefined;
  #seen = 0;

  constructor({ seat, seats, nonceKey, news }: ThreadTeam) {
    this.#seat = seat;
    this.#news = news;
    const ports = shareOfPorts(seat, seats);
    this.serverTeam = { neighbours: this, nonceKey: Buffer.from(nonceKey), ports };
  }

  /** From now on what is told can be used. */
  attach(server: LinkedServer): void {
    this.#server = server;
  }

  /** A thread has taken a seat: what its predecessor told is void, and it knows nothing yet. */
  connect(seat: number, port: MessagePort): void {
    this.read();
    for (const [key, origin] of this.#origins) if (origin.seat === seat) this.#forget(key);
    this.#ports.get(seat)?.close();
    this.#ports.set(seat, port);
    for (const allocation of this.#published.values()) {
      const told = this.#describe(allocation);
      if (told !== undefined) this.#tell(seat, told);
    }
  }

  publish(allocation: Allocation): void {
    const told = this.#describe(allocation);
    if (told === undefined) return;
    this.#published.set(allocation.id, allocation);
    for (const seat of this.#ports.keys()) this.#tell(seat, told);
  }

  withdraw({ id }: Allocation): void {
    if (!this.#published.delete(id)) return;
    for (const seat of this.#ports.keys()) this.#tell(seat, { type: 'gone', id });
  }

  read(): void {
    const count = Atomics.load(this.#news, this.#seat);
    if (count === this.#seen || this.#server === undefined) return;
    this.#seen = count;
    for (const [seat, port] of this.#ports) {
      for (;;) {
        const received: { message: Told } | undefined = receiveMessageOnPort(port);
        if (received === undefined) break;
        this.#hear(seat, received.message);
      }
    }
  }

  tick(): void {
    for (const [key, { seat, id }] of this.#origins) {
      const neighbour = this.#server?.allocations.neighbour(key);
      if (neighbour === undefined || neighbour.packetsReceived === 0) continue;
      const { packetsReceived: packets, bytesReceived: bytes } = neighbour;
      neighbour.packetsReceived = 0;
      neighbour.bytesReceived = 0;
      this.#tell(seat, { type: 'tally', id, packets, bytes });
    }
  }

  #describe(allocation: Allocation): Told | undefined {
    const path = this.#server?.pathOf(allocation.socket);
    return path && { type: 'allocation', snapshot: snapshotOf(allocation), path };
  }

  #tell(seat: number, told: Told): void {
    this.#ports.get(seat)?.postMessage(told);
    Atomics.add(this.#news, seat, 1);
  }

  #hear(seat: number, told: Told): void {
    if (told.type === 'allocation') this.#takeIn(seat, told);
    else if (told.type === 'gone') this.#forget(keyOf(seat, told.id));
    else {
      const allocation = this.#published.get(told.id);
      if (allocation === undefined) return;
      allocation.packetsReceived += told.packets;
      allocation.bytesReceived += told.bytes;
    }
  }

  #takeIn(seat: number, { snapshot, path }: Extract<Told, { type: 'allocation' }>): void {
    const socket = this.#server?.socketFor(path);
    if (socket === undefined) return;
    const key = keyOf(seat, snapshot.id);
    this.#origins.set(key, { seat, id: snapshot.id });
    this.#server?.allocations.setNeighbour(key, snapshot, socket);
  }

  #forget(key: string): void {
    this.#origins.delete(key);
    this.#server?.allocations.removeNeighbour(key);
  }
}

function keyOf(seat: number, id: number): string {
  return `${seat}.${id}`;
}
