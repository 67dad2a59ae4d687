/**
 * What a caller's network does, found out by traffic and not by how it was built.
 * @module
 */
import type { NatBehaviour } from '../nat-rules.ts';

/** The result of a probe, as it travels between processes. */
export interface NetworkObservation {
  /** `null` when no UDP comes back. */
  readonly udp: NatBehaviour | null;
  /** Ports of the server that TCP reaches. */
  readonly tcpPorts: readonly number[];
}
