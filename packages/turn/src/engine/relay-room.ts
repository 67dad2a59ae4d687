/**
 * The allocations of one room: the only ones that can reach each other through this server.
 * @module
 */
import type { Allocation } from './allocation.ts';
import type { Neighbour } from './neighbour.ts';

/** Exists while it has allocations. */
export class RelayRoom {
  /** Unique in its engine; scope of virtual relayed addresses. Never 0. */
  readonly id: number;
  /** As in user names; empty for users without a room. */
  readonly tag: string;
  readonly allocations: Set<Allocation> = new Set();
  /** Those of other threads. */
  readonly neighbours: Set<Neighbour> = new Set();

  constructor(id: number, tag: string) {
    this.id = id;
    this.tag = tag;
  }

  /** Allocations in all threads. */
  get size(): number {
    return this.allocations.size + this.neighbours.size;
  }

  /** How many of them one peer has. */
  countOf(peer: string): number {
    let count = 0;
    for (const { user } of this.allocations) if (user.peer === peer) count += 1;
    for (const neighbour of this.neighbours) if (neighbour.peer === peer) count += 1;
    return count;
  }
}
