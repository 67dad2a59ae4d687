/**
 * User names by their USERHASH. A hash cannot be turned back: whoever hands out credentials has to
 * tell their names here first. Bounded, the oldest name goes first.
 * @see https://www.rfc-editor.org/rfc/rfc8489#section-14.4
 * @module
 */
import { userHash } from '../wire/integrity-key.ts';

/** Names kept unless the owner says otherwise; about 3 MB. */
export const DEFAULT_USERHASH_LIMIT = 10_000;

/** Remembers names of one realm. */
export class UserhashIndex {
  readonly #realm: string;
  readonly #limit: number;
  readonly #names = new Map<string, string>();

  constructor(realm: string, limit: number = DEFAULT_USERHASH_LIMIT) {
    this.#realm = realm;
    this.#limit = limit;
  }

  /** Takes note of a name that was handed out; again makes it young again. */
  add(username: string): void {
    const hash = userHash(username, this.#realm).toString('latin1');
    this.#names.delete(hash);
    this.#names.set(hash, username);
    if (this.#names.size <= this.#limit) return;
    for (const oldest of this.#names.keys()) {
      this.#names.delete(oldest);
      return;
    }
  }

  /** The name behind the value of a USERHASH attribute, or `undefined`. Total: any bytes will do. */
  usernameOf(userhash: Buffer): string | undefined {
    return this.#names.get(userhash.toString('latin1'));
  }
}
