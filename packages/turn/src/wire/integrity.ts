/**
 * MESSAGE-INTEGRITY (HMAC-SHA1) and MESSAGE-INTEGRITY-SHA256 over everything before them, with
 * the length in the header counted to their own end.
 * Pure codec; compares in constant time.
 * @see https://www.rfc-editor.org/rfc/rfc8489#section-14.5
 * @module
 */
import { createHmac } from 'node:crypto';
import { ATTRIBUTE } from './attribute-type.ts';
import { SHA1_BYTES } from './hmac-sha1.ts';
import type { IntegrityKey } from './integrity-key.ts';
import { ABSENT, ATTRIBUTE_HEADER_BYTES, HEADER_BYTES } from './message-reader.ts';
import type { MessageReader } from './message-reader.ts';
import type { MessageWriter } from './message-writer.ts';

/** Which of the two attributes protects a message. */
export type IntegrityHash = 'sha1' | 'sha256';

const TYPES: { readonly [H in IntegrityHash]: number } = {
  sha1: ATTRIBUTE.messageIntegrity,
  sha256: ATTRIBUTE.messageIntegritySha256,
};
const SHA256_BYTES = 32;
const FULL_BYTES: { readonly [H in IntegrityHash]: number } = {
  sha1: SHA1_BYTES,
  sha256: SHA256_BYTES,
};
/** A SHA-256 value may be cut, to no less than this; a SHA-1 value may not. */
const MIN_SHA256_BYTES = 16;

/** Scratch memory: one digest is computed and used at a time. */
const digest: Buffer = Buffer.alloc(SHA256_BYTES);

/** Appends the integrity attribute, in full length. Only FINGERPRINT and the other hash may follow. */
export function appendIntegrity(
  writer: MessageWriter,
  hash: IntegrityHash,
  key: IntegrityKey,
): void {
  const at = writer.append(TYPES[hash], FULL_BYTES[hash]);
  computeDigest(hash, key, writer, at - ATTRIBUTE_HEADER_BYTES);
  digest.copy(writer.bytes, at, 0, FULL_BYTES[hash]);
}

/** True when the message carries the attribute of `hash` and it was made with `key`. */
export function verifyIntegrity(
  message: MessageReader,
  hash: IntegrityHash,
  key: IntegrityKey,
): boolean {
  const { bytes, start } = message;
  const at = hash === 'sha1' ? message.integrityAt : message.integritySha256At;
  if (at === ABSENT) return false;
  const size = bytes.readUInt16BE(at + 2);
  if (!isIntegritySize(hash, size)) return false;

  // The header as the sender saw it: its length ends with this attribute, whatever followed later.
  const declared = bytes.readUInt16BE(start + 2);
  const valueAt = at + ATTRIBUTE_HEADER_BYTES;
  bytes.writeUInt16BE(valueAt + size - start - HEADER_BYTES, start + 2);
  computeDigest(hash, key, message, at);
  bytes.writeUInt16BE(declared, start + 2);
  return isDigestAt(bytes, valueAt, size);
}

/** Where a message begins. */
interface Place {
  readonly bytes: Buffer;
  readonly start: number;
}

function computeDigest(
  hash: IntegrityHash,
  key: IntegrityKey,
  { bytes, start }: Place,
  end: number,
): void {
  if (hash === 'sha1') key.sha1.digest(bytes, start, end, digest);
  else createHmac('sha256', key.bytes).update(bytes.subarray(start, end)).digest().copy(digest);
}

function isIntegritySize(hash: IntegrityHash, size: number): boolean {
  if (hash === 'sha1') return size === SHA1_BYTES;
  return size >= MIN_SHA256_BYTES && size <= SHA256_BYTES && size % 4 === 0;
}

/** Looks at every byte whatever it finds, so that the time taken tells nothing. */
function isDigestAt(bytes: Buffer, at: number, size: number): boolean {
  let difference = 0;
  for (let offset = 0; offset < size; offset += 4) {
    difference |= bytes.readInt32BE(at + offset) ^ digest.readInt32BE(offset);
  }
  return difference === 0;
}
