/**
 * Which node is the home of a room: rendezvous hashing (highest random weight). Everybody who knows the
 * same nodes comes to the same answer, and when one goes only its own rooms move. Pure.
 * @see https://www.rfc-editor.org/rfc/rfc2991#section-3
 * @module
 */
import { createHash } from 'node:crypto';
import type { NodeId } from './node-id.ts';

/** The node with the greatest weight for this room; `undefined` when there are none. */
export function chooseHome(room: string, nodes: Iterable<NodeId>): NodeId | undefined {
  let home: NodeId | undefined;
  let greatest = '';
  for (const node of nodes) {
    const weight = createHash('sha256').update(node).update('\n').update(room).digest('hex');
    if (weight <= greatest) continue;
    greatest = weight;
    home = node;
  }
  return home;
}
