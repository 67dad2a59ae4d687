/**
 * Hairpin mode: relayed addresses are virtual. They have a port number, and no socket; what is sent
 * to them is handed to the other allocation inside this process. So nothing but the allocations of
 * the same room can ever be reached, one port of the machine is enough, and IPv4 meets IPv6.
 * @module
 */
import { randomInt } from 'node:crypto';
import { copyAddress, emptyAddress, isSameAddress } from '../wire/transport-address.ts';
import type { AddressFamily, TransportAddress } from '../wire/transport-address.ts';
import type { AllocateRequest } from './allocate-request.ts';
import type { Allocation } from './allocation.ts';
import type { AllocationTable } from './allocation-table.ts';
import type { Reach } from './permission-list.ts';
import { PortReservations } from './port-reservations.ts';
import type { RelayGrant, RelayMode, RelayRefusal } from './relay-mode.ts';
import type { RelayRoom } from './relay-room.ts';

/** Ports to choose from, both ends included. The first one is even, the last one odd. */
export interface VirtualPorts {
  readonly first: number;
  readonly last: number;
}

/** The dynamic ports; each room has all of them to itself. */
const DYNAMIC_PORTS: VirtualPorts = { first: 49_152, last: 65_535 };
/** Rooms are far from full: the first try nearly always finds a free port. */
const MAX_TRIES = 64;

/** The IP addresses relayed addresses show; no packet is ever sent to them by this server. */
export interface RelayedIps {
  readonly ipv4: TransportAddress | undefined;
  readonly ipv6: TransportAddress | undefined;
}

/** What hairpin mode is made of. */
export interface HairpinRelayOptions {
  readonly allocations: AllocationTable;
  readonly ips: RelayedIps;
  readonly nowMs: () => number;
  /** @default the dynamic ports */
  readonly ports?: VirtualPorts;
}

/** The ports of one of `shares` threads: no two of them ever choose the same one. */
export function shareOfPorts(share: number, shares: number): VirtualPorts {
  const pairs = (DYNAMIC_PORTS.last + 1 - DYNAMIC_PORTS.first) / 2;
  const firstPair = Math.floor((pairs * share) / shares);
  const nextPair = Math.floor((pairs * (share + 1)) / shares);
  const { first } = DYNAMIC_PORTS;
  return { first: first + firstPair * 2, last: first + nextPair * 2 - 1 };
}

/** Hands out virtual ports. */
export class HairpinRelay implements RelayMode {
  readonly #options: HairpinRelayOptions;
  readonly #reservations = new PortReservations<TransportAddress>(() => undefined);

  constructor(options: HairpinRelayOptions) {
    this.#options = options;
  }

  provide(allocation: Allocation, wanted: AllocateRequest): RelayGrant | RelayRefusal {
    if (wanted.reservationToken !== undefined) {
      return this.#redeem(allocation, wanted.reservationToken);
    }
    const [first, second] = this.#familiesFor(wanted);
    if (first === undefined || this.#ipOf(first) === undefined) return 440;
    const { evenPort } = wanted;
    if (evenPort !== undefined) return this.#assignEven(allocation, first, evenPort.reserveNext);
    if (!this.#assign(allocation, this.#freeAddress(allocation.room, first))) return 508;
    if (second === undefined) return {};
    if (this.#ipOf(second) === undefined) return { additionalRefusal: 440 };
    const isAssigned = this.#assign(allocation, this.#freeAddress(allocation.room, second));
    return isAssigned ? {} : { additionalRefusal: 508 };
  }

  reachOf(allocation: Allocation, peer: TransportAddress): Reach | undefined {
    const { allocations, nowMs } = this.#options;
    const target = allocations.findRelayed(allocation.room, peer);
    return target?.isLive(nowMs()) === true ? 'internal' : undefined;
  }

  tick(nowMs: number): void {
    this.#reservations.tick(nowMs);
  }

  close(): void {
    this.#reservations.close();
  }

  /** Without a named family IPv4, as the RFC says; IPv6 on a machine that has only that. */
  #familiesFor({ families, isFamilyNamed }: AllocateRequest): readonly AddressFamily[] {
    return isFamilyNamed || this.#ipOf(4) !== undefined ? families : [6];
  }

  #ipOf(family: AddressFamily): TransportAddress | undefined {
    const { ipv4, ipv6 } = this.#options.ips;
    return family === 4 ? ipv4 : ipv6;
  }

  #assignEven(
    allocation: Allocation,
    family: AddressFamily,
    reserveNext: boolean,
  ): RelayGrant | RelayRefusal {
    const { room, user } = allocation;
    if (reserveNext && this.#reservations.isFull(user)) return 508;
    const address = this.#freeAddress(room, family, (candidate) => {
      const isEven = candidate.port % 2 === 0;
      return isEven && (!reserveNext || this.#isFree(room, nextPort(candidate)));
    });
    if (address === undefined || !this.#assign(allocation, address)) return 508;
    if (!reserveNext) return {};
    const reserved = nextPort(address);
    const nowMs = this.#options.nowMs();
    return { reservationToken: this.#reservations.add(reserved, user, nowMs) };
  }

  #redeem(allocation: Allocation, token: string): RelayGrant | RelayRefusal {
    const address = this.#reservations.redeem(token, allocation.user, this.#options.nowMs());
    return this.#assign(allocation, address) ? {} : 508;
  }

  /** A random address that nobody in the room has, and that suits. */
  #freeAddress(
    room: RelayRoom,
    family: AddressFamily,
    suits: (candidate: TransportAddress) => boolean = () => true,
  ): TransportAddress | undefined {
    const candidate = emptyAddress();
    copyAddress(candidate, this.#ipOf(family) ?? candidate);
    const { first, last } = this.#options.ports ?? DYNAMIC_PORTS;
    for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
      candidate.port = randomInt(first, last + 1);
      if (this.#isFree(room, candidate) && suits(candidate)) return candidate;
    }
    return undefined;
  }

  #isFree(room: RelayRoom, address: TransportAddress): boolean {
    if (this.#options.allocations.findRelayed(room, address) !== undefined) return false;
    const isReserved = (port: TransportAddress, tag: string): boolean =>
      tag === room.tag && isSameAddress(port, address);
    return !this.#reservations.some(isReserved);
  }

  #assign(allocation: Allocation, address: TransportAddress | undefined): boolean {
    if (address === undefined) return false;
    this.#options.allocations.addRelayed(allocation, { address, socket: undefined });
    return true;
  }
}

/** The port above an even one: never beyond the last. */
function nextPort(address: TransportAddress): TransportAddress {
  return { ...address, port: address.port + 1 };
}
