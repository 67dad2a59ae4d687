/**
 * Nonces that the server does not have to remember: each one says when and for whom it was made,
 * and carries a proof of that.
 *
 * `obMatJos2` · 4 characters: security features in base64 · base64 of
 * { seconds: 4 bytes, port: 2, HMAC-SHA1(key, seconds, port, family, address) cut to 12 }
 *
 * SHA-1 is as good as any in an HMAC of 96 bits (RFC 2404), and every request pays for one here.
 * The key lives for one nonce life and is kept for a second one. The port stands in the nonce so
 * that a nonce shown from another port of the same host can be told from a forged one.
 * No state per client; time and randomness come from the caller.
 * @see https://www.rfc-editor.org/rfc/rfc8489#section-9.2
 * @module
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { HmacSha1, SHA1_BYTES } from '../wire/hmac-sha1.ts';
import type { TransportAddress } from '../wire/transport-address.ts';

/** How long a nonce is good: longer than most calls, so that few clients ever meet a 438. */
export const DEFAULT_NONCE_LIFE_MS = 3_600_000;

/** Characters in every nonce of this server. */
export const NONCE_BYTES = 37;

const PREFIX = 'obMatJos2';
const COOKIE_BYTES = 13;
const PLAIN_BYTES = 6;
const TAG_BYTES = 12;
/** Family and the four words. */
const ADDRESS_BYTES = 17;
const KEY_BYTES = 32;
const MIN_LIFE_MS = 1000;

/** Bit numbers count from the least significant one: RFC 8489 section 18.1, erratum 6290. */
const FEATURE_BITS = { passwordAlgorithms: 1, usernameAnonymity: 2 } as const;

/** What a server tells about itself in its nonces, where nobody can take it away unnoticed. */
export interface NonceFeatures {
  /** PASSWORD-ALGORITHMS is offered. */
  readonly passwordAlgorithms: boolean;
  /** USERHASH is understood; clients that see this never send USERNAME. */
  readonly usernameAnonymity: boolean;
}

/** How nonces are made. */
export interface NonceOptions {
  readonly features: NonceFeatures;
  /** @default {@link DEFAULT_NONCE_LIFE_MS} */
  readonly lifeMs?: number;
  /** Source of keys. @default the one of `node:crypto` */
  readonly randomBytes?: (size: number) => Buffer;
}

/**
 * `valid`: ours, in time, shown from where it was given out. `moved`: the same, but from another
 * port of that host. `stale`: anything else, forgeries included.
 */
export type NonceVerdict = 'valid' | 'moved' | 'stale';

/** Makes and checks nonces. Its `nowMs` must never go back. */
export class NonceMint {
  readonly #cookie: string;
  readonly #lifeSeconds: number;
  readonly #randomBytes: (size: number) => Buffer;
  readonly #covered: Buffer = Buffer.alloc(PLAIN_BYTES + ADDRESS_BYTES);
  readonly #digest: Buffer = Buffer.alloc(SHA1_BYTES);
  #currentKey: HmacSha1;
  #previousKey: HmacSha1;
  #rotatedAtSeconds = 0;

  /** @throws {RangeError} when `lifeMs` is less than a second. */
  constructor(options: NonceOptions) {
    const { features, lifeMs = DEFAULT_NONCE_LIFE_MS } = options;
    if (!(lifeMs >= MIN_LIFE_MS))
      throw new RangeError(`A nonce life of ${lifeMs} ms is too short.`);
    this.#cookie = formatCookie(features);
    this.#lifeSeconds = Math.trunc(lifeMs / 1000);
    this.#randomBytes = options.randomBytes ?? randomBytes;
    this.#currentKey = this.#newKey();
    this.#previousKey = this.#newKey();
  }

  /** A nonce for a client at `from`: plain ASCII, {@link NONCE_BYTES} characters. */
  mint(nowMs: number, from: TransportAddress): string {
    const seconds = this.#enter(nowMs);
    const body = Buffer.alloc(PLAIN_BYTES + TAG_BYTES);
    body.writeUInt32BE(seconds, 0);
    body.writeUInt16BE(from.port, 4);
    this.#tag(this.#currentKey, body, from).copy(body, PLAIN_BYTES);
    return this.#cookie + body.toString('base64');
  }

  /** What the nonce `value` is worth when it comes from `from`. Total: any bytes will do. */
  check(nowMs: number, from: TransportAddress, value: Buffer): NonceVerdict {
    const nowSeconds = this.#enter(nowMs);
    const body = this.#body(value);
    if (body === undefined) return 'stale';
    const seconds = body.readUInt32BE(0);
    const ageSeconds = nowSeconds - seconds;
    if (ageSeconds < 0 || ageSeconds > this.#lifeSeconds) return 'stale';
    const key = seconds >= this.#rotatedAtSeconds ? this.#currentKey : this.#previousKey;
    if (!timingSafeEqual(this.#tag(key, body, from), body.subarray(PLAIN_BYTES))) return 'stale';
    return body.readUInt16BE(4) === from.port ? 'valid' : 'moved';
  }

  /** Rotates when due. In whole seconds, so that a nonce's own time tells which key made it. */
  #enter(nowMs: number): number {
    const seconds = Math.trunc(nowMs / 1000) >>> 0;
    if (seconds - this.#rotatedAtSeconds >= this.#lifeSeconds) {
      this.#previousKey = this.#currentKey;
      this.#currentKey = this.#newKey();
      this.#rotatedAtSeconds = seconds;
    }
    return seconds;
  }

  #newKey(): HmacSha1 {
    return new HmacSha1(this.#randomBytes(KEY_BYTES));
  }

  /** The decoded part behind the cookie, or `undefined` when this is no nonce of this server. */
  #body(value: Buffer): Buffer | undefined {
    if (value.length !== NONCE_BYTES) return undefined;
    const text = value.toString('latin1');
    if (!text.startsWith(this.#cookie)) return undefined;
    const encoded = text.slice(COOKIE_BYTES);
    const body = Buffer.from(encoded, 'base64');
    // Node skips what is not base64: only what encodes back to itself is the whole story.
    return body.toString('base64') === encoded ? body : undefined;
  }

  /** Valid until the next call. */
  #tag(key: HmacSha1, body: Buffer, from: TransportAddress): Buffer {
    const covered = this.#covered;
    body.copy(covered, 0, 0, PLAIN_BYTES);
    covered.writeUInt8(from.family, PLAIN_BYTES);
    covered.writeUInt32BE(from.word0 >>> 0, PLAIN_BYTES + 1);
    covered.writeUInt32BE(from.word1 >>> 0, PLAIN_BYTES + 5);
    covered.writeUInt32BE(from.word2 >>> 0, PLAIN_BYTES + 9);
    covered.writeUInt32BE(from.word3 >>> 0, PLAIN_BYTES + 13);
    key.digest(covered, 0, covered.length, this.#digest);
    return this.#digest.subarray(0, TAG_BYTES);
  }
}

function formatCookie(features: NonceFeatures): string {
  const bits =
    (features.passwordAlgorithms ? FEATURE_BITS.passwordAlgorithms : 0) |
    (features.usernameAnonymity ? FEATURE_BITS.usernameAnonymity : 0);
  return PREFIX + Buffer.from([0, 0, bits]).toString('base64');
}

/** True when the nonce says that its server offered PASSWORD-ALGORITHMS; whoever made it. */
export function offersPasswordAlgorithms(nonce: Buffer): boolean {
  const cookie = nonce.toString('latin1', 0, COOKIE_BYTES);
  if (cookie.length !== COOKIE_BYTES || !cookie.startsWith(PREFIX)) return false;
  const lastByte = Buffer.from(cookie.slice(PREFIX.length), 'base64')[2] ?? 0;
  return (lastByte & FEATURE_BITS.passwordAlgorithms) !== 0;
}
