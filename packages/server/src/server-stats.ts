/**
 * What a server is doing, in numbers.
 * @module
 */
import type { NodesStatus } from './nodes/nodes.ts';
import type { RelayStats } from './relay/relay-server.ts';

/** What is going on right now. */
export interface ServerStats {
  /** Connected sockets, in a room or not. */
  readonly connections: number;
  /** Of many nodes, those whose home is this one; the same holds for people. */
  readonly rooms: number;
  /** People in all rooms together. */
  readonly peers: number;
  readonly relay: RelayStats;
  /** Absent: this server is the only one. */
  readonly nodes: NodesStatus | undefined;
}
