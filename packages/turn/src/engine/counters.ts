/**
 * What one engine did since it started, for a metrics page. Totals only: no names, no addresses.
 * @module
 */

/** Why a packet went nowhere. */
export type DropReason =
  | 'malformed'
  | 'rateLimited'
  | 'noAllocation'
  | 'noChannel'
  | 'noPermission'
  | 'noPeer'
  | 'bandwidth'
  /** A bug of ours; the log has more. */
  | 'fault';

/** Why a request was refused before anybody was known to have sent it. */
export type AuthFailureReason =
  | 'no-credentials'
  | 'malformed'
  | 'wrong-credentials'
  | 'expired'
  | 'stale-nonce'
  | 'revoked';

/** Running totals, and `allocations` alive now. */
export interface TurnCounters {
  bindings: number;
  allocations: number;
  allocationsStarted: number;
  allocationsEnded: number;
  allocationsRefused: number;
  packetsRelayed: number;
  bytesRelayed: number;
  readonly drops: Record<DropReason, number>;
  readonly authFailures: Record<AuthFailureReason, number>;
}

/** Counters at zero. */
export function emptyTurnCounters(): TurnCounters {
  return {
    bindings: 0,
    allocations: 0,
    allocationsStarted: 0,
    allocationsEnded: 0,
    allocationsRefused: 0,
    packetsRelayed: 0,
    bytesRelayed: 0,
    drops: {
      malformed: 0,
      rateLimited: 0,
      noAllocation: 0,
      noChannel: 0,
      noPermission: 0,
      noPeer: 0,
      bandwidth: 0,
      fault: 0,
    },
    authFailures: {
      'no-credentials': 0,
      malformed: 0,
      'wrong-credentials': 0,
      expired: 0,
      'stale-nonce': 0,
      revoked: 0,
    },
  };
}
