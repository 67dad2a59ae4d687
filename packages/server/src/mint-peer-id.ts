/**
 * New peer ids: 96 random bits, so nobody can guess the id of a person in another room.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { isPeerId } from '@parley/protocol';
import type { PeerId } from '@parley/protocol';

const ID_BYTES = 12;

/** A fresh id of 16 characters. */
export function mintPeerId(): PeerId {
  const id = randomBytes(ID_BYTES).toString('base64url');
  if (!isPeerId(id)) throw new TypeError(`minted a malformed peer id "${id}"`);
  return id;
}
