/**
 * What the parts of the engine share: the allocations and how they begin and end.
 * @module
 */
import type { Allocation } from './allocation.ts';
import { AllocationTable } from './allocation-table.ts';
import type { NewAllocation } from './allocation-table.ts';
import type { TurnCounters } from './counters.ts';
import type { Logger } from './logger.ts';
import type { Neighbours } from './neighbour.ts';
import type { RelayLimits } from './relay-limits.ts';

/** Why an allocation ended. */
export type EndReason =
  | 'released'
  | 'expired'
  | 'revoked'
  | 'disconnected'
  | 'refused'
  | 'shutdown';

/** What an {@link EngineCore} is made of. */
export interface EngineCoreOptions {
  readonly limits: RelayLimits;
  readonly counters: TurnCounters;
  readonly logger: Logger;
  /** Relayed addresses are virtual: two rooms may use the same one. */
  readonly areVirtual: boolean;
  /** Other threads that share the port. */
  readonly neighbours?: Neighbours | undefined;
}

/** The allocations, counted and logged. */
export class EngineCore {
  readonly limits: RelayLimits;
  readonly counters: TurnCounters;
  readonly allocations: AllocationTable;
  readonly #logger: Logger;
  readonly #neighbours: Neighbours | undefined;

  constructor({ limits, counters, logger, areVirtual, neighbours }: EngineCoreOptions) {
    this.limits = limits;
    this.counters = counters;
    this.allocations = new AllocationTable(limits, areVirtual);
    this.#logger = logger;
    this.#neighbours = neighbours;
  }

  /** Other threads learn of a change before the client does. */
  publish(allocation: Allocation): void {
    if (allocation.state === 'open') this.#neighbours?.publish(allocation);
  }

  /** Begins an allocation, still without relayed addresses. */
  open(seed: NewAllocation): Allocation {
    const allocation = this.allocations.open(seed);
    this.counters.allocationsStarted += 1;
    this.counters.allocations += 1;
    return allocation;
  }

  /** The allocation has its relayed addresses and works. */
  start(allocation: Allocation, lifetimeSeconds: number, nowMs: number): void {
    allocation.state = 'open';
    allocation.expiresAtMs = nowMs + lifetimeSeconds * 1000;
    const { room, peer } = allocation.user;
    this.#logger.info('allocation started', {
      allocation: allocation.id,
      room,
      peer,
      transport: allocation.socket.transport,
      clientFamily: allocation.client.family,
      relayedFamilies: relayedFamilies(allocation),
    });
  }

  /** Ends an allocation, whatever state it is in. */
  close(allocation: Allocation, reason: EndReason, nowMs: number): void {
    if (allocation.state === 'closed') return;
    this.allocations.close(allocation);
    this.#neighbours?.withdraw(allocation);
    this.counters.allocationsEnded += 1;
    this.counters.allocations -= 1;
    const { room, peer } = allocation.user;
    this.#logger.info('allocation ended', {
      allocation: allocation.id,
      room,
      peer,
      reason,
      seconds: Math.round((nowMs - allocation.startedAtMs) / 1000),
      packetsSent: allocation.packetsSent,
      bytesSent: allocation.bytesSent,
      packetsReceived: allocation.packetsReceived,
      bytesReceived: allocation.bytesReceived,
    });
  }
}

function relayedFamilies({ ipv4, ipv6 }: Allocation): string {
  if (ipv4 === undefined) return '6';
  return ipv6 === undefined ? '4' : '4+6';
}
