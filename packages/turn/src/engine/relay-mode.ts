/**
 * The difference between hairpin and open mode: where relayed addresses come from, and who may be
 * reached from them. Everything else of the engine is the same in both.
 * @module
 */
import type { TransportAddress } from '../wire/transport-address.ts';
import type { AllocateRequest } from './allocate-request.ts';
import type { Allocation } from './allocation.ts';
import type { Reach } from './permission-list.ts';

/** Why no relayed address could be had. */
export type RelayRefusal = 440 | 508;

/** What came of a wish for relayed addresses. */
export interface RelayGrant {
  /** The second family of a dual allocation could not be had. */
  readonly additionalRefusal?: RelayRefusal;
  /** The port next to the even one is kept under this token. */
  readonly reservationToken?: string;
}

/** One of the two modes. */
export interface RelayMode {
  /** Gives `allocation` relayed addresses, at once or later; or says why not. */
  provide(
    allocation: Allocation,
    wanted: AllocateRequest,
  ): RelayGrant | RelayRefusal | Promise<RelayGrant | RelayRefusal>;
  /** How `allocation` may reach `peer`, or `undefined` when it may not. */
  reachOf(allocation: Allocation, peer: TransportAddress): Reach | undefined;
  /** Frees what expired by itself. */
  tick(nowMs: number): void;
  /** Frees everything that no allocation owns. */
  close(): void;
}
