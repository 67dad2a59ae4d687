/**
 * Passcodes of rooms: kept as a salt and a verifier, so that neither memory nor a session token tells
 * them. Guessing from a token needs the server's secret as well.
 * @module
 */
import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** What is kept of a passcode: `base64url(salt).base64url(verifier)`. */
export type PasscodeRecord = string & { readonly brand: 'PasscodeRecord' };

const SALT_BYTES = 12;
const VERIFIER_BYTES = 32;
/** 16 MiB for each guess, and a tenth of a second on a slow machine. */
const COST = 16_384;
const RECORD = /^[\w-]{16}\.[\w-]{43}$/;
const PURPOSE = 'parley passcode\n';

/** Tells whether `value` looks like a record. */
export function isPasscodeRecord(value: unknown): value is PasscodeRecord {
  return typeof value === 'string' && RECORD.test(value);
}

/** Hashes and compares passcodes, in threads of Node and not in ours. */
export class Passcodes {
  readonly #secrets: readonly string[];
  readonly #cost: number;

  /**
   * @param secrets the first one makes records, all of them are tried
   * @param cost a power of two; what memory and time grow with
   */
  constructor(secrets: readonly string[], cost: number = COST) {
    this.#secrets = secrets;
    this.#cost = cost;
  }

  async record(passcode: string): Promise<PasscodeRecord> {
    const salt = randomBytes(SALT_BYTES);
    const verifier = pepper(await this.#stretch(passcode, salt), this.#secrets[0] ?? '');
    const record = `${salt.toString('base64url')}.${verifier.toString('base64url')}`;
    if (!isPasscodeRecord(record)) throw new TypeError('made a malformed record of a passcode');
    return record;
  }

  /** Takes as long for a wrong one as for the right one. */
  async matches(passcode: string, record: PasscodeRecord): Promise<boolean> {
    const [salt = '', verifier = ''] = record.split('.');
    const expected = Buffer.from(verifier, 'base64url');
    const stretched = await this.#stretch(passcode, Buffer.from(salt, 'base64url'));
    return this.#secrets.some((secret) => timingSafeEqual(pepper(stretched, secret), expected));
  }

  #stretch(passcode: string, salt: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      scrypt(passcode, salt, VERIFIER_BYTES, { N: this.#cost }, (error, key) => {
        if (error === null) resolve(key);
        else reject(error);
      });
    });
  }
}

function pepper(stretched: Buffer, secret: string): Buffer {
  return createHmac('sha256', secret).update(PURPOSE).update(stretched).digest();
}
