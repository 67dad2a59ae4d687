/**
 * Identity of one person in one room. Minted by the server at `join`, never chosen by a client.
 * @module
 */

/** Opaque id, unique among all rooms of a server. 1 to 32 characters of `A-Z a-z 0-9 _ -`. */
export type PeerId = string & { readonly brand: 'PeerId' };

const PEER_ID = /^[A-Za-z0-9_-]{1,32}$/;

/** True when `value` has the form of a peer id; whether that peer exists is the room's knowledge. */
export function isPeerId(value: unknown): value is PeerId {
  return typeof value === 'string' && PEER_ID.test(value);
}

/** One person in a room as others see them. `name` is untrusted text: show it, never interpret it. */
export interface PeerDescription {
  readonly id: PeerId;
  readonly name: string;
}
