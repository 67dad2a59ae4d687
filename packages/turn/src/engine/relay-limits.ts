/**
 * How much of the relay anybody may have.
 * @module
 */
import type { Rate } from './token-bucket.ts';

/** Every number may be `Infinity`. */
export interface RelayLimits {
  /**
   * Live allocations of one peer. A browser makes one for each server address, each network
   * interface and each peer connection, and twice as many while it restarts ICE. @default 128
   */
  readonly allocationsPerPeer: number;
  /** @default 1024 */
  readonly allocationsPerRoom: number;
  /** @default 16_384 */
  readonly allocationsTotal: number;
  /** @default 64 */
  readonly permissionsPerAllocation: number;
  /** @default 64 */
  readonly channelsPerAllocation: number;
  /** Payload bytes an allocation may send, and in open mode receive. @default 5 MB/s, 10 at once */
  readonly bytes: Rate;
  /** Requests of a source address (IPv4 address, IPv6 /64) that has no allocation. @default 100, 500 */
  readonly strangerRequests: Rate;
  /** Requests for one allocation. @default 50, 200 */
  readonly allocationRequests: Rate;
  /** Longest lifetime an allocation is granted before it needs a refresh. @default 3600 */
  readonly maxLifetimeSeconds: number;
}

/** Lifetime of an allocation whose client asks for none, or for less. Fixed by the RFC. */
export const DEFAULT_LIFETIME_SECONDS = 600;

/** What one server with a few hundred callers needs, with room to spare. */
export const DEFAULT_LIMITS: RelayLimits = {
  allocationsPerPeer: 128,
  allocationsPerRoom: 1024,
  allocationsTotal: 16_384,
  permissionsPerAllocation: 64,
  channelsPerAllocation: 64,
  bytes: { perSecond: 5_000_000, burst: 10_000_000 },
  strangerRequests: { perSecond: 100, burst: 500 },
  allocationRequests: { perSecond: 50, burst: 200 },
  maxLifetimeSeconds: 3600,
};

/** The lifetime granted to a client that asks for `requested` seconds, 0 aside. */
export function grantedLifetime(
  requested: number | undefined,
  { maxLifetimeSeconds }: RelayLimits,
): number {
  return Math.min(maxLifetimeSeconds, Math.max(DEFAULT_LIFETIME_SECONDS, requested ?? 0));
}
