/**
 * The allocations of one room: the only ones that can reach each other through this server.
 * @module
 */
import type { Allocation } from './allocation.ts';

/** Exists while it has allocations. */
export class RelayRoom {
  /** Unique in its engine; scope of virtual relayed addresses. Never 0. */
  readonly id: number;
  /** As in user names; empty for users without a room. */
  readonly tag: string;
  readonly allocations: Set<Allocation> = new Set();

  constructor(id: number, tag: string) {
    this.id = id;
    this.tag = tag;
  }

  /** The allocations of one peer. */
  allocationsOf(peer: string): Allocation[] {
    return [...this.allocations].filter((allocation) => allocation.user.peer === peer);
  }
}
