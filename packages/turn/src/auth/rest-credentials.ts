/**
 * Time-limited credentials in TURN REST form: the name says who and until when, the password is an
 * HMAC of it. Nobody has to remember what was handed out, and a coturn with the same secret accepts
 * it as well.
 * @see https://datatracker.ietf.org/doc/html/draft-uberti-behave-turn-rest-00
 * @module
 */
import { createHmac } from 'node:crypto';
import { longTermKey } from '../wire/integrity-key.ts';
import type { IntegrityKey, PasswordAlgorithm } from '../wire/integrity-key.ts';
import type { Account, Credentials } from './credentials.ts';
import { formatRestUsername, parseRestUsername } from './rest-username.ts';
import type { RestUsername } from './rest-username.ts';

/** Who gets credentials, signed with what. */
export interface RestCredentialOptions {
  /** At least 32 random bytes, as text. */
  readonly secret: string;
  /** Name of the room, any text. */
  readonly room: string;
  /** A peer id of the signaling protocol. */
  readonly peer: string;
  readonly expiresAtSeconds: number;
}

/** What a browser puts into an `RTCIceServer`. */
export interface RestCredential {
  readonly username: string;
  readonly credential: string;
}

/** How {@link RestCredentials} are verified. */
export interface RestCredentialsOptions {
  readonly realm: string;
  /** Every secret that is still good; the newest first. */
  readonly secrets: readonly string[];
  /** Finds the name behind a USERHASH, for instance `UserhashIndex`. @default USERHASH is refused */
  readonly usernameOf?: (userhash: Buffer) => string | undefined;
  /** Accounts whose keys are kept after they were used. @default 1024 */
  readonly cacheLimit?: number;
}

const DEFAULT_CACHE_LIMIT = 1024;
const MAX_SECRETS = 8;

/** The password of a user name: base64 of HMAC-SHA1. */
export function restPassword(secret: string, username: string): string {
  return createHmac('sha1', secret).update(username, 'utf8').digest('base64');
}

/** @throws {RangeError} when the peer or the time cannot stand in a user name. */
export function mintRestCredentials(options: RestCredentialOptions): RestCredential {
  const { secret, room, peer, expiresAtSeconds } = options;
  const username = formatRestUsername(room, peer, expiresAtSeconds);
  return { username, credential: restPassword(secret, username) };
}

/** Everybody who has credentials under one of the secrets. */
export class RestCredentials implements Credentials {
  readonly realm: string;
  readonly knowsUserhashes: boolean;
  readonly #secrets: readonly string[];
  readonly #usernameOf: (userhash: Buffer) => string | undefined;
  readonly #cacheLimit: number;
  /** Accounts that proved themselves, the one used longest ago first. */
  readonly #cache = new Map<string, Account>();

  /** @throws {RangeError} when there is no secret, an empty one, or more than 8. */
  constructor(options: RestCredentialsOptions) {
    const { realm, secrets, usernameOf, cacheLimit = DEFAULT_CACHE_LIMIT } = options;
    if (secrets.length === 0 || secrets.length > MAX_SECRETS || secrets.includes('')) {
      throw new RangeError(`Between 1 and ${MAX_SECRETS} secrets are needed, none of them empty.`);
    }
    this.realm = realm;
    this.knowsUserhashes = usernameOf !== undefined;
    this.#secrets = [...secrets];
    this.#usernameOf = usernameOf ?? ((): undefined => undefined);
    this.#cacheLimit = cacheLimit;
  }

  /** Accounts whose keys are in memory. */
  get cached(): number {
    return this.#cache.size;
  }

  find(username: string): Account | undefined {
    const known = this.#cache.get(username);
    if (known !== undefined) return known;
    const meaning = parseRestUsername(username);
    return meaning === undefined ? undefined : this.#account(username, meaning);
  }

  findByUserhash(userhash: Buffer): Account | undefined {
    const username = this.#usernameOf(userhash);
    return username === undefined ? undefined : this.find(username);
  }

  #account(username: string, meaning: RestUsername): Account {
    const keys = new Map<PasswordAlgorithm, readonly IntegrityKey[]>();
    const account: Account = {
      username,
      ...meaning,
      keys: (algorithm) => {
        const made = keys.get(algorithm) ?? this.#deriveKeys(username, algorithm);
        keys.set(algorithm, made);
        return made;
      },
      confirm: (algorithm, key) => {
        const others = (keys.get(algorithm) ?? []).filter((other) => other !== key);
        keys.set(algorithm, [key, ...others]);
        this.#remember(account);
      },
    };
    return account;
  }

  #deriveKeys(username: string, algorithm: PasswordAlgorithm): readonly IntegrityKey[] {
    return this.#secrets.map((secret) => {
      const password = restPassword(secret, username);
      return longTermKey({ username, realm: this.realm, password }, algorithm);
    });
  }

  #remember(account: Account): void {
    this.#cache.delete(account.username);
    this.#cache.set(account.username, account);
    if (this.#cache.size <= this.#cacheLimit) return;
    for (const oldest of this.#cache.keys()) {
      this.#cache.delete(oldest);
      return;
    }
  }
}
