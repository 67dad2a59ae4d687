/**
 * FINGERPRINT: CRC-32 of everything before it, XORed with a constant so that it differs from
 * the CRC of an application that uses the same trick.
 * Pure codec.
 * @see https://www.rfc-editor.org/rfc/rfc8489#section-14.7
 * @module
 */
import { crc32 } from 'node:zlib';
import { ATTRIBUTE } from './attribute-type.ts';
import { ABSENT, ATTRIBUTE_HEADER_BYTES } from './message-reader.ts';
import type { MessageReader } from './message-reader.ts';
import type { MessageWriter } from './message-writer.ts';

const FINGERPRINT_XOR = 0x5354554e;
const VALUE_BYTES = 4;

/** Appends FINGERPRINT. Nothing may follow it. */
export function appendFingerprint(writer: MessageWriter): void {
  const at = writer.append(ATTRIBUTE.fingerprint, VALUE_BYTES);
  const covered = writer.bytes.subarray(writer.start, at - ATTRIBUTE_HEADER_BYTES);
  writer.bytes.writeUInt32BE(fingerprintOf(covered), at);
}

/** True when the message ends with a FINGERPRINT that fits it. */
export function verifyFingerprint(message: MessageReader): boolean {
  const { bytes, start, fingerprintAt: at } = message;
  if (at === ABSENT || bytes.readUInt16BE(at + 2) !== VALUE_BYTES) return false;
  if (at + ATTRIBUTE_HEADER_BYTES + VALUE_BYTES !== start + message.length) return false;
  const value = bytes.readUInt32BE(at + ATTRIBUTE_HEADER_BYTES);
  return value === fingerprintOf(bytes.subarray(start, at));
}

function fingerprintOf(covered: Buffer): number {
  return (crc32(covered) ^ FINGERPRINT_XOR) >>> 0;
}
