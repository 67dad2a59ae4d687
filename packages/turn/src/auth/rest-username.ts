/**
 * User names that say until when they are good and for whom: `expiry:room.peer`.
 *
 * - `expiry`: seconds since 1970, decimal.
 * - `room`: {@link roomTag} of the room's name, always 22 characters of `A-Z a-z 0-9 _ -`. USERNAME
 *   travels in the clear, and who knows the name of a room can walk in: so it is not sent.
 * - `peer`: the peer id as it is, 1 to 32 characters of the same alphabet.
 *
 * None of the parts can hold `:` or `.`, so there is one way to read a name; it has at most 68 bytes.
 * Anything else behind `expiry:` was made by somebody else with the same secret, as coturn's tools
 * do: it counts as a peer in the room of no name.
 * Pure.
 * @see https://datatracker.ietf.org/doc/html/draft-uberti-behave-turn-rest-00#section-2.2
 * @module
 */
import { createHash } from 'node:crypto';
import { isPeerId } from '@parley/protocol';

/** What a user name says. Nothing of it is true before the integrity of a request was verified. */
export interface RestUsername {
  readonly expiresAtSeconds: number;
  /** The {@link roomTag}, or empty. */
  readonly room: string;
  readonly peer: string;
}

const TAG_BYTES = 16;
const USERNAME = /^(?<expiry>\d{1,12}):(?<who>[\x21-\x7e]{1,200})$/;
const WHO = /^(?<room>[\w-]{22})\.(?<peer>[\w-]{1,32})$/;

/**
 * What stands for a room in user names: equal for equal names, whatever their script, and not to be
 * turned back. A name that can be guessed can be confirmed; a room whose name must not be known
 * needs one that cannot be guessed.
 */
export function roomTag(room: string): string {
  // UTF-16 keeps apart what UTF-8 would join: lone surrogates.
  const hash = createHash('sha256').update('parley room\0', 'utf16le').update(room, 'utf16le');
  return hash.digest().toString('base64url', 0, TAG_BYTES);
}

/** @throws {RangeError} when a part cannot stand in a user name. */
export function formatRestUsername(room: string, peer: string, expiresAtSeconds: number): string {
  if (!isPeerId(peer)) throw new RangeError(`"${peer}" is not a peer id.`);
  if (
    !Number.isSafeInteger(expiresAtSeconds) ||
    expiresAtSeconds < 0 ||
    expiresAtSeconds > 1e12 - 1
  ) {
    throw new RangeError(`${expiresAtSeconds} is not a time in whole seconds since 1970.`);
  }
  return `${expiresAtSeconds}:${roomTag(room)}.${peer}`;
}

/** What a user name says, or `undefined` when it is not of this form. Total: any text will do. */
export function parseRestUsername(username: string): RestUsername | undefined {
  const { expiry, who } = USERNAME.exec(username)?.groups ?? {};
  if (expiry === undefined || who === undefined) return undefined;
  const { room = '', peer = who } = WHO.exec(who)?.groups ?? {};
  return { expiresAtSeconds: Number(expiry), room, peer };
}
