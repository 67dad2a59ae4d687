/**
 * Sealed signaling: offers, answers and candidates that the server passes on and cannot read, alter,
 * repeat or make up. AES-256-GCM; one key for each room, direction of a pair, and run of the sender.
 *
 * A key must never seal two messages under one number. Ids do not guarantee that, as they come from
 * the server, which may give the same ones again; hence the random salt of the sender in every key.
 * Rules and wire format: docs/PRIVACY.md.
 * @see https://www.rfc-editor.org/rfc/rfc5869 HKDF
 * @see https://csrc.nist.gov/pubs/sp/800/38/d/final section 8.2.1, deterministic nonces
 * @module
 */
import { parseRoomName } from '@parley/protocol';
import type { Json, Payload, PeerId, RelayedEvent } from '@parley/protocol';
import { isFields } from '../peer/media-state.ts';
import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { damagedKey, isLinkKey } from './link-key.ts';
import { privacyError, requireCrypto } from './privacy-error.ts';
import { ReplayWindow } from './replay-window.ts';
import { decodeSealed, encodeSealed, malformed } from './sealed-payload.ts';
import { Sequence } from './sequence.ts';

/** Between whom. */
export interface SealingOptions {
  /** From {@link importLinkKey}. */
  readonly key: CryptoKey;
  readonly room: string;
  /** Absent in an offer that travels with `join`: neither side knows an id yet. */
  readonly self: PeerId | undefined;
  readonly peer: PeerId | undefined;
}

/** One way between the two: who sends, who receives. */
type Direction = readonly [from: PeerId | undefined, to: PeerId | undefined];

/** The other side, known from its first genuine message. */
interface Sender {
  readonly salt: string;
  readonly key: CryptoKey;
  readonly window: ReplayWindow;
}

const LABEL = 'parley sealed signal v1';
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const COUNTER_BYTES = 8;
const CIPHER = 'AES-GCM';

/**
 * Makes the key of a link fit for use, once for a room.
 * @throws {ParleyError} `ERR_LINK_KEY`, `ERR_CRYPTO_UNAVAILABLE`
 */
export async function importLinkKey(key: string): Promise<CryptoKey> {
  const subtle = requireCrypto();
  const bytes = decodeBase64url(key);
  if (bytes === undefined || !isLinkKey(key)) throw damagedKey();
  return subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);
}

/**
 * Seals what goes to one peer and opens what comes from it. To be kept for as long as both ids stay,
 * also when the connection is rebuilt: it knows what has come already, and the other side takes
 * signals of one run only.
 */
export class Sealing {
  readonly #key: CryptoKey;
  readonly #room: string;
  readonly #outward: Direction;
  readonly #inward: Direction;
  readonly #salt = encodeBase64url(crypto.getRandomValues(new Uint8Array(SALT_BYTES)));
  readonly #sealed = new Sequence();
  readonly #opened = new Sequence();
  #outwardKey: CryptoKey | undefined;
  #sent = 0;
  #sender: Sender | undefined;

  constructor({ key, room, self, peer }: SealingOptions) {
    this.#key = key;
    this.#room = parseRoomName(room) ?? room;
    this.#outward = [self, peer];
    this.#inward = [peer, self];
  }

  /**
   * Seals a signal. Promises settle in the order of the calls. To send the signal again, send the
   * same sealed one.
   */
  seal(event: RelayedEvent, payload: Payload): Promise<Payload> {
    return this.#sealed.run(async () => {
      const counter = this.#sent;
      this.#sent += 1;
      this.#outwardKey ??= await this.#deriveKey(this.#outward, this.#salt);
      const cipher = this.#cipher(this.#outward, event, counter);
      const bytes = utf8(JSON.stringify(payload));
      const box = new Uint8Array(await crypto.subtle.encrypt(cipher, this.#outwardKey, bytes));
      return encodeSealed({ salt: this.#salt, counter, box });
    });
  }

  /**
   * Opens a signal. Promises settle in the order of the calls.
   * @throws {ParleyError} `ERR_SIGNAL_UNSEALED`, `ERR_SEAL_FORMAT`, `ERR_SEAL_REPLAYED`,
   * `ERR_SEAL_BROKEN`; nothing else. The signal is to be dropped then.
   */
  open(event: RelayedEvent, payload: Payload): Promise<Payload> {
    return this.#opened.run(async () => {
      const { salt, counter, box } = decodeSealed(payload);
      const sender = this.#sender ?? {
        salt,
        key: await this.#deriveKey(this.#inward, salt),
        window: new ReplayWindow(),
      };
      // Our own salt: a server that gives both sides one id sends our signals back to us.
      if (salt === this.#salt || salt !== sender.salt || !sender.window.isNew(counter)) {
        throw privacyError('ERR_SEAL_REPLAYED', 'This is an old signal. Drop it.');
      }
      const bytes = await decrypt(this.#cipher(this.#inward, event, counter), sender.key, box);
      this.#sender = sender;
      sender.window.mark(counter);
      return parsePayload(bytes);
    });
  }

  #deriveKey(direction: Direction, salt: string): Promise<CryptoKey> {
    const info = join(LABEL, ...direction, salt);
    return crypto.subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt: utf8(this.#room), info },
      this.#key,
      { name: CIPHER, length: 256 },
      false,
      ['encrypt', 'decrypt'],
    );
  }

  #cipher(direction: Direction, event: RelayedEvent, counter: number): AesGcmParams {
    const iv = new Uint8Array(NONCE_BYTES);
    new DataView(iv.buffer).setBigUint64(NONCE_BYTES - COUNTER_BYTES, BigInt(counter));
    const additionalData = join(LABEL, this.#room, ...direction, event, counter);
    return { name: CIPHER, iv, additionalData };
  }
}

async function decrypt(
  cipher: AesGcmParams,
  key: CryptoKey,
  box: Uint8Array<ArrayBuffer>,
): Promise<ArrayBuffer> {
  try {
    return await crypto.subtle.decrypt(cipher, key, box);
  } catch (error) {
    throw privacyError('ERR_SEAL_BROKEN', 'The signal was altered, or the keys differ.', error);
  }
}

/** What is inside a genuine seal is still the word of a stranger. */
function parsePayload(bytes: ArrayBuffer): Payload {
  const value = parseJson(bytes);
  if (value === null || isFields(value)) return value;
  throw malformed();
}

function parseJson(bytes: ArrayBuffer): Json {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw malformed(error);
  }
}

/** As JSON, so that no two lists are written alike. */
function join(...parts: readonly (string | number | undefined)[]): Uint8Array<ArrayBuffer> {
  return utf8(JSON.stringify(parts));
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
