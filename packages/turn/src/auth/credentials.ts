/**
 * Who may use the relay: the one seam between the authentication of a request and where users come
 * from. Two implementations: static users, and time-limited ones in TURN REST form.
 * @module
 */
import type { IntegrityKey, PasswordAlgorithm } from '../wire/integrity-key.ts';

/** Somebody whose requests are accepted once their integrity fits one of the keys. */
export interface Account {
  readonly username: string;
  /** Accounts of the same room may reach each other through the relay. Opaque; may be empty. */
  readonly room: string;
  /** Who in the room. */
  readonly peer: string;
  /** Seconds since 1970; `Infinity` when it never expires. */
  readonly expiresAtSeconds: number;
  /** The long-term keys to try, likeliest first; at least one. */
  keys(algorithm: PasswordAlgorithm): readonly IntegrityKey[];
  /** To be told when `key` did fit: now this account is worth remembering. */
  confirm(algorithm: PasswordAlgorithm, key: IntegrityKey): void;
}

/** Finds accounts. Bound to one realm. Finding keeps nothing: anybody can ask for anything. */
export interface Credentials {
  readonly realm: string;
  /** True when every user can be found by USERHASH: then clients are told to hide their names. */
  readonly knowsUserhashes: boolean;
  find(username: string): Account | undefined;
  /** `userhash` is the value of the attribute, of any length. */
  findByUserhash(userhash: Buffer): Account | undefined;
}
