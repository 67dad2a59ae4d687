/**
 * STUN message decoder: header, then attributes as type, length, value, padding.
 *
 * Zero-copy: remembers where attributes lie, never what they say, and is reused for every message.
 * Reading ends at MESSAGE-INTEGRITY; behind it only MESSAGE-INTEGRITY-SHA256 and FINGERPRINT count,
 * so nothing an attacker appends to a protected message is ever looked at.
 * Pure: no sockets, no clock.
 * @see https://www.rfc-editor.org/rfc/rfc8489#section-5
 * @see https://www.rfc-editor.org/rfc/rfc8489#section-14
 * @module
 */
import { ATTRIBUTE, isComprehensionRequired } from './attribute-type.ts';
import { decodeMessageClass, decodeMethod, MESSAGE_CLASS } from './message-type.ts';
import type { MessageClass } from './message-type.ts';
import { StunDecodeError } from './stun-decode-error.ts';

/** Type, length, magic cookie, transaction id. */
export const HEADER_BYTES = 20;
/** Fixed value of the second word of every message. */
export const MAGIC_COOKIE = 0x2112a442;
/** Bytes of an attribute before its value. */
export const ATTRIBUTE_HEADER_BYTES = 4;

/** More than any client sends; bounds the work one packet can ask for. */
const MAX_ATTRIBUTES = 64;

/** UNKNOWN-ATTRIBUTES names no more than these. */
const MAX_UNKNOWN_LISTED = 8;
const NONE: readonly number[] = [];

/** Where an attribute would be that is not there. */
export const ABSENT = -1;

/** Rounds up to the next multiple of 4, where the next attribute begins. */
export function paddedLength(length: number): number {
  return (length + 3) & ~3;
}

/** One decoded message at a time; every call of `decode` replaces the previous one. */
export class MessageReader {
  /** The bytes the message lies in, from `start` for `length` bytes. */
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  length = 0;
  method = 0;
  messageClass: MessageClass = MESSAGE_CLASS.request;
  /** Where the headers of the three trailing attributes begin, or {@link ABSENT}. */
  integrityAt: number = ABSENT;
  integritySha256At: number = ABSENT;
  fingerprintAt: number = ABSENT;

  #count = 0;
  readonly #types = new Uint16Array(MAX_ATTRIBUTES);
  readonly #valueOffsets = new Uint32Array(MAX_ATTRIBUTES);
  readonly #valueLengths = new Uint16Array(MAX_ATTRIBUTES);

  /**
   * Reads one message that fills exactly `length` bytes.
   * @throws {StunDecodeError} and nothing else.
   */
  decode(bytes: Buffer, start: number, length: number): void {
    if (length < HEADER_BYTES || start + length > bytes.length) {
      throw new StunDecodeError('ERR_STUN_TRUNCATED', `A STUN header is 20 bytes, got ${length}.`);
    }
    const type = bytes.readUInt16BE(start);
    if (type > 0x3fff || bytes.readUInt32BE(start + 4) !== MAGIC_COOKIE) {
      throw new StunDecodeError('ERR_STUN_HEADER', 'Not STUN: no zero bits or no magic cookie.');
    }
    const declared = bytes.readUInt16BE(start + 2);
    if (declared % 4 !== 0 || declared + HEADER_BYTES !== length) {
      throw new StunDecodeError(
        'ERR_STUN_LENGTH',
        `The header declares ${declared} bytes of attributes, ${length - HEADER_BYTES} are there.`,
      );
    }
    this.bytes = bytes;
    this.start = start;
    this.length = length;
    this.method = decodeMethod(type);
    this.messageClass = decodeMessageClass(type);
    this.#readAttributes();
  }

  /** Index of the first attribute of this type, or {@link ABSENT}. Later duplicates are ignored. */
  find(type: number): number {
    return this.findFrom(0, type);
  }

  /** Index of the first attribute of this type at `first` or behind it, or {@link ABSENT}. */
  findFrom(first: number, type: number): number {
    for (let index = first; index < this.#count; index += 1) {
      if (this.#types[index] === type) return index;
    }
    return ABSENT;
  }

  /** True when the part of the message that counts has an attribute of this type. */
  has(type: number): boolean {
    return this.find(type) !== ABSENT;
  }

  /** Where the value of the attribute at `index` begins in `bytes`. */
  valueOffset(index: number): number {
    return this.#valueOffsets[index] ?? 0;
  }

  /** Bytes in the value of the attribute at `index`, without padding. */
  valueLength(index: number): number {
    return this.#valueLengths[index] ?? 0;
  }

  /** A view of the value of the first attribute of this type, or `undefined`. Allocates the view. */
  value(type: number): Buffer | undefined {
    const index = this.find(type);
    if (index === ABSENT) return undefined;
    const offset = this.valueOffset(index);
    return this.bytes.subarray(offset, offset + this.valueLength(index));
  }

  /**
   * Where the value of the first attribute of this type begins, or {@link ABSENT}.
   * @throws {StunDecodeError} when the value does not have exactly `size` bytes.
   */
  fixedValueOffset(type: number, size: number): number {
    const index = this.find(type);
    if (index === ABSENT) return ABSENT;
    if (this.valueLength(index) !== size) {
      throw new StunDecodeError(
        'ERR_STUN_ATTRIBUTE_SIZE',
        `Attribute 0x${type.toString(16)} has ${this.valueLength(index)} bytes, want ${size}.`,
      );
    }
    return this.valueOffset(index);
  }

  /**
   * Comprehension-required types that are not in `known`, once each, in order. At most
   * {@link MAX_UNKNOWN_LISTED}: an answer must not grow with what a stranger sends.
   */
  unknownRequired(known: ReadonlySet<number>): readonly number[] {
    let unknown: number[] | undefined;
    for (let index = 0; index < this.#count; index += 1) {
      const type = this.#types[index] ?? 0;
      if (!isComprehensionRequired(type) || known.has(type)) continue;
      unknown ??= [];
      if (unknown.length < MAX_UNKNOWN_LISTED && !unknown.includes(type)) unknown.push(type);
    }
    return unknown ?? NONE;
  }

  #readAttributes(): void {
    this.#count = 0;
    this.integrityAt = ABSENT;
    this.integritySha256At = ABSENT;
    this.fingerprintAt = ABSENT;
    const end = this.start + this.length;
    let at = this.start + HEADER_BYTES;
    // The declared length is a multiple of 4 and so is every step: `at` cannot jump over `end`
    // by less than a whole attribute header.
    while (at < end && this.fingerprintAt === ABSENT) {
      const type = this.bytes.readUInt16BE(at);
      const length = this.bytes.readUInt16BE(at + 2);
      const next = at + ATTRIBUTE_HEADER_BYTES + paddedLength(length);
      if (next > end) {
        throw new StunDecodeError(
          'ERR_STUN_TRUNCATED',
          `Attribute 0x${type.toString(16)} of ${length} bytes runs over the end.`,
        );
      }
      if (!this.#noteTrailer(type, at)) this.#noteAttribute(type, at, length);
      at = next;
    }
  }

  /** Takes note of the attributes that end a message; true when `type` needs no further look. */
  #noteTrailer(type: number, at: number): boolean {
    const isBare = this.integrityAt === ABSENT && this.integritySha256At === ABSENT;
    switch (type) {
      case ATTRIBUTE.messageIntegrity:
        if (isBare) this.integrityAt = at;
        return true;
      case ATTRIBUTE.messageIntegritySha256:
        if (this.integritySha256At === ABSENT) this.integritySha256At = at;
        return true;
      case ATTRIBUTE.fingerprint:
        this.fingerprintAt = at;
        return true;
      default:
        return !isBare;
    }
  }

  #noteAttribute(type: number, at: number, length: number): void {
    if (this.#count === MAX_ATTRIBUTES) {
      throw new StunDecodeError('ERR_STUN_ATTRIBUTE_COUNT', `More than ${MAX_ATTRIBUTES}.`);
    }
    this.#types[this.#count] = type;
    this.#valueOffsets[this.#count] = at + ATTRIBUTE_HEADER_BYTES;
    this.#valueLengths[this.#count] = length;
    this.#count += 1;
  }
}
