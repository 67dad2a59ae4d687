/**
 * Keys of the integrity attributes: from a password alone (short-term credentials), or from user
 * name, realm and password (long-term credentials).
 * Pure.
 * @see https://www.rfc-editor.org/rfc/rfc8489#section-9.2.2
 * @see https://www.rfc-editor.org/rfc/rfc8265#section-4.2
 * @module
 */
import { createHash } from 'node:crypto';
import { HmacSha1 } from './hmac-sha1.ts';

/** Hash that turns long-term credentials into a key. */
export type PasswordAlgorithm = 'md5' | 'sha256';

/** The bytes of a key, and its HMAC-SHA1 prepared: one hash is shared by all messages of a client. */
export class IntegrityKey {
  readonly bytes: Buffer;
  readonly sha1: HmacSha1;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.sha1 = new HmacSha1(bytes);
  }
}

/** A person's name and password at one server. */
export interface LongTermCredential {
  readonly username: string;
  readonly realm: string;
  readonly password: string;
}

const UNUSUAL_SPACE = /\p{Zs}/gu;

/** The OpaqueString form of RFC 8265: unusual spaces become plain ones, then NFC. */
export function opaqueString(text: string): string {
  return text.replace(UNUSUAL_SPACE, ' ').normalize('NFC');
}

/** Key of short-term credentials: the password itself. */
export function shortTermKey(password: string): IntegrityKey {
  return new IntegrityKey(Buffer.from(opaqueString(password), 'utf8'));
}

/** Key of long-term credentials: the hash of `username:realm:password`. */
export function longTermKey(
  credential: LongTermCredential,
  algorithm: PasswordAlgorithm,
): IntegrityKey {
  const { username, realm, password } = credential;
  const text = `${opaqueString(username)}:${opaqueString(realm)}:${opaqueString(password)}`;
  return new IntegrityKey(createHash(algorithm).update(text, 'utf8').digest());
}

/** Value of USERHASH: SHA-256 of `username:realm`, which hides the name from onlookers. */
export function userHash(username: string, realm: string): Buffer {
  const text = `${opaqueString(username)}:${opaqueString(realm)}`;
  return createHash('sha256').update(text, 'utf8').digest();
}
