/**
 * REQUESTED-ADDRESS-FAMILY, ADDITIONAL-ADDRESS-FAMILY and ADDRESS-ERROR-CODE: which IP versions
 * relayed addresses shall have, and which of them could not be had.
 * Pure codec.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-18.6
 * @module
 */
import { ATTRIBUTE } from './attribute-type.ts';
import type { ErrorCode } from './error-code.ts';
import { REASON_PHRASES } from './error-code.ts';
import { ABSENT } from './message-reader.ts';
import type { MessageReader } from './message-reader.ts';
import type { MessageWriter } from './message-writer.ts';
import type { AddressFamily } from './transport-address.ts';

/** The attributes that name a family. */
export type FamilyAttribute =
  | 'requestedAddressFamily'
  | 'additionalAddressFamily'
  | 'draftAdditionalAddressFamily';

const FAMILY_IPV4 = 1;
const FAMILY_IPV6 = 2;

/**
 * The family an attribute names, `unknown` when it is neither of the two, `undefined` without it.
 * @throws {StunDecodeError} when the value is not 4 bytes.
 */
export function decodeFamily(
  message: MessageReader,
  attribute: FamilyAttribute,
): AddressFamily | 'unknown' | undefined {
  const at = message.fixedValueOffset(ATTRIBUTE[attribute], 4);
  if (at === ABSENT) return undefined;
  const family = message.bytes.readUInt8(at);
  if (family === FAMILY_IPV4) return 4;
  return family === FAMILY_IPV6 ? 6 : 'unknown';
}

/** Appends one of the two attributes. */
export function appendFamily(
  writer: MessageWriter,
  attribute: FamilyAttribute,
  family: AddressFamily,
): void {
  writer.appendUint32(ATTRIBUTE[attribute], familyByte(family) * 2 ** 24);
}

/** Appends ADDRESS-ERROR-CODE: why a dual allocation has only one of its addresses. */
export function appendAddressErrorCode(
  writer: MessageWriter,
  family: AddressFamily,
  code: ErrorCode,
): void {
  const reason = REASON_PHRASES[code];
  const at = writer.append(ATTRIBUTE.addressErrorCode, 4 + reason.length);
  writer.bytes.writeUInt16BE(familyByte(family) << 8, at);
  writer.bytes.writeUInt8(Math.trunc(code / 100), at + 2);
  writer.bytes.writeUInt8(code % 100, at + 3);
  writer.bytes.write(reason, at + 4, 'latin1');
}

function familyByte(family: AddressFamily): number {
  return family === 4 ? FAMILY_IPV4 : FAMILY_IPV6;
}
