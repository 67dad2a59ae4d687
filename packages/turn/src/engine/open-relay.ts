/**
 * Open mode: each relayed address is a socket of this machine, and peers may be anywhere the gate
 * lets them be. Allocations of the same server still meet inside the process.
 * @module
 */
import type { PeerGate } from '../policy/peer-gate.ts';
import type { AddressFamily, TransportAddress } from '../wire/transport-address.ts';
import type { AllocateRequest } from './allocate-request.ts';
import type { Allocation } from './allocation.ts';
import type { AllocationTable } from './allocation-table.ts';
import type { PacketReceiver } from './packet-socket.ts';
import type { Reach } from './permission-list.ts';
import { PortReservations } from './port-reservations.ts';
import type { RelayGrant, RelayMode, RelayRefusal } from './relay-mode.ts';
import type { RelayPort, RelayPorts } from './relay-ports.ts';

/** What open mode is made of. */
export interface OpenRelayOptions {
  readonly allocations: AllocationTable;
  readonly ports: RelayPorts;
  readonly gate: PeerGate;
  /** Gets what peers send. */
  readonly receiver: PacketReceiver;
  readonly nowMs: () => number;
}

/** Hands out real ports. */
export class OpenRelay implements RelayMode {
  readonly #options: OpenRelayOptions;
  readonly #reservations = new PortReservations<RelayPort>((port) => port.socket.close());

  constructor(options: OpenRelayOptions) {
    this.#options = options;
  }

  provide(
    allocation: Allocation,
    wanted: AllocateRequest,
  ): RelayRefusal | RelayGrant | Promise<RelayGrant | RelayRefusal> {
    if (wanted.reservationToken !== undefined) {
      return this.#redeem(allocation, wanted.reservationToken);
    }
    const isPair = wanted.evenPort?.reserveNext === true;
    if (isPair && this.#reservations.isFull(allocation.user)) return 508;
    const { families } = this.#options.ports;
    const [first, second] =
      wanted.isFamilyNamed || families.includes(4) ? wanted.families : ([6] as const);
    if (!families.includes(first)) return 440;
    return this.#openAll(allocation, wanted, { first, second });
  }

  reachOf(allocation: Allocation, peer: TransportAddress): Reach | undefined {
    const { allocations, gate, nowMs } = this.#options;
    const target = allocations.findRelayed(allocation.room, peer);
    if (target !== undefined) {
      const isReachable = target.room === allocation.room && target.isLive(nowMs());
      return isReachable ? 'internal' : undefined;
    }
    return gate.denialOf(peer) === undefined ? 'external' : undefined;
  }

  tick(nowMs: number): void {
    this.#reservations.tick(nowMs);
  }

  close(): void {
    this.#reservations.close();
  }

  async #openAll(
    allocation: Allocation,
    wanted: AllocateRequest,
    { first, second }: { first: AddressFamily; second: AddressFamily | undefined },
  ): Promise<RelayGrant | RelayRefusal> {
    const { ports, receiver } = this.#options;
    const parity = parityOf(wanted);
    const port = await ports.open({ family: first, parity, receiver }).catch(() => undefined);
    if (port === undefined) return 508;
    if (!this.#assign(allocation, port)) return 508;
    if (port.next !== undefined) return { reservationToken: this.#reserve(allocation, port.next) };
    if (second === undefined) return {};
    if (!ports.families.includes(second)) return { additionalRefusal: 440 };
    const other = await ports
      .open({ family: second, parity: 'any', receiver })
      .catch(() => undefined);
    return other !== undefined && this.#assign(allocation, other) ? {} : { additionalRefusal: 508 };
  }

  /** False when the allocation is gone by now; the port is given back then. */
  #assign(allocation: Allocation, port: RelayPort): boolean {
    if (allocation.state === 'closed') {
      port.socket.close();
      port.next?.socket.close();
      return false;
    }
    const { address, socket } = port;
    this.#options.allocations.addRelayed(allocation, { address, socket });
    return true;
  }

  #reserve(allocation: Allocation, port: RelayPort): string {
    return this.#reservations.add(port, allocation.user, this.#options.nowMs());
  }

  #redeem(allocation: Allocation, token: string): RelayGrant | RelayRefusal {
    const port = this.#reservations.redeem(token, allocation.user, this.#options.nowMs());
    return port !== undefined && this.#assign(allocation, port) ? {} : 508;
  }
}

function parityOf({ evenPort }: AllocateRequest): 'any' | 'even' | 'even-with-next' {
  if (evenPort === undefined) return 'any';
  return evenPort.reserveNext ? 'even-with-next' : 'even';
}
