/**
 * What nodes need of whatever stands between them. Redis is one, and tests have another in memory.
 * @module
 */
import type { NodeId } from './node-id.ts';

/** A board with a card of each node, and a letter box for each. */
export interface NodeBus {
  /**
   * Puts our card up, looks at all of them, and keeps our letter box. Rejects when the bus is out of
   * reach.
   */
  beat(card: Buffer): Promise<ReadonlyMap<NodeId, Buffer>>;
  /** Takes the card of a node down that has been dead for long. Never rejects. */
  takeDown(node: NodeId): Promise<void>;
  /**
   * Puts a letter into the box of a node. Letters of one sender arrive in order, and those that
   * cannot be sent reject.
   */
  send(to: NodeId, letter: Buffer): Promise<void>;
  /** Calls back with each letter in our box, in order. To be called once. */
  listen(receive: (letter: Buffer) => void): void;
  close(): void;
}
