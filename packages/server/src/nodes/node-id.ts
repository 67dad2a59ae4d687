/**
 * Names of nodes. A process gets a new one each time it starts, so that nothing that was meant for its
 * predecessor reaches it.
 * @module
 */
import { randomBytes } from 'node:crypto';

/** Stands for one running process. */
export type NodeId = string;

const ID_BYTES = 9;

/** A fresh id of 12 characters. */
export function mintNodeId(): NodeId {
  return randomBytes(ID_BYTES).toString('base64url');
}
