/**
 * Users with a name and a password that never change: for a server used alone, and for tests.
 * @module
 */
import { longTermKey, opaqueString } from '../wire/integrity-key.ts';
import type { IntegrityKey, PasswordAlgorithm } from '../wire/integrity-key.ts';
import type { Account, Credentials } from './credentials.ts';
import { UserhashIndex } from './userhash-index.ts';

/** One user. */
export interface StaticUser {
  readonly username: string;
  readonly password: string;
  /** Users of the same room may reach each other in hairpin mode. @default one room for all */
  readonly room?: string;
}

/** A fixed list of users. Their keys are made once. */
export class StaticCredentials implements Credentials {
  readonly realm: string;
  readonly knowsUserhashes = true;
  readonly #accounts = new Map<string, Account>();
  readonly #userhashes: UserhashIndex;

  /** @throws {RangeError} when a name is empty or there twice. */
  constructor(realm: string, users: readonly StaticUser[]) {
    this.realm = realm;
    this.#userhashes = new UserhashIndex(realm, Number.POSITIVE_INFINITY);
    for (const user of users) this.#add(user);
  }

  find(username: string): Account | undefined {
    return this.#accounts.get(opaqueString(username));
  }

  findByUserhash(userhash: Buffer): Account | undefined {
    const username = this.#userhashes.usernameOf(userhash);
    return username === undefined ? undefined : this.#accounts.get(username);
  }

  #add(user: StaticUser): void {
    const username = opaqueString(user.username);
    if (username === '') throw new RangeError('A user name is empty.');
    if (this.#accounts.has(username)) throw new RangeError(`There are two users "${username}".`);
    this.#accounts.set(username, staticAccount(this.realm, { ...user, username }));
    this.#userhashes.add(username);
  }
}

function staticAccount(realm: string, user: StaticUser): Account {
  const { username, password, room = '' } = user;
  const keys: { readonly [A in PasswordAlgorithm]: readonly IntegrityKey[] } = {
    md5: [longTermKey({ username, realm, password }, 'md5')],
    sha256: [longTermKey({ username, realm, password }, 'sha256')],
  };
  return {
    username,
    room,
    peer: username,
    expiresAtSeconds: Number.POSITIVE_INFINITY,
    keys: (algorithm) => keys[algorithm],
    confirm: () => undefined,
  };
}
