/**
 * What a server is doing, in numbers.
 * @module
 */
import type { RelayStats } from './relay/relay-server.ts';

/** What is going on right now. */
export interface ServerStats {
  /** Connected sockets, in a room or not. */
  readonly connections: number;
  readonly rooms: number;
  /** People in all rooms together. */
  readonly peers: number;
  readonly relay: RelayStats;
}
