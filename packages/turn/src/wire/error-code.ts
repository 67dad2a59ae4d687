/**
 * ERROR-CODE and UNKNOWN-ATTRIBUTES: why a request was refused.
 * Pure codec.
 * @see https://www.rfc-editor.org/rfc/rfc8489#section-14.8
 * @module
 */
import { ATTRIBUTE } from './attribute-type.ts';
import type { MessageReader } from './message-reader.ts';
import type { MessageWriter } from './message-writer.ts';
import { StunDecodeError } from './stun-decode-error.ts';

/** Error codes of RFC 8489 and RFC 8656 with the shortest honest phrase: answers stay small. */
export const REASON_PHRASES = {
  300: 'Try Alternate',
  400: 'Bad Request',
  // Goes to strangers: 16 bytes less to be sent to a forged address.
  401: '',
  403: 'Forbidden',
  420: 'Unknown Attribute',
  437: 'Allocation Mismatch',
  438: 'Stale Nonce',
  440: 'Family Not Supported',
  441: 'Wrong Credentials',
  442: 'Unsupported Transport',
  443: 'Family Mismatch',
  486: 'Quota Reached',
  500: 'Server Error',
  508: 'Insufficient Capacity',
} as const;

/** A code this server answers with. */
export type ErrorCode = keyof typeof REASON_PHRASES;

/** A received ERROR-CODE. */
export interface ReceivedError {
  /** 300 to 699. */
  readonly code: number;
  /** For people; never branch on it. */
  readonly reason: string;
}

/** Appends ERROR-CODE: 21 reserved bits, the hundreds, the rest, the phrase. */
export function appendErrorCode(writer: MessageWriter, code: ErrorCode): void {
  const reason = REASON_PHRASES[code];
  const at = writer.append(ATTRIBUTE.errorCode, 4 + reason.length);
  writer.bytes.writeUInt16BE(0, at);
  writer.bytes.writeUInt8(Math.trunc(code / 100), at + 2);
  writer.bytes.writeUInt8(code % 100, at + 3);
  writer.bytes.write(reason, at + 4, 'latin1');
}

/**
 * The ERROR-CODE of a message, or `undefined`.
 * @throws {StunDecodeError} when it is too short or outside 300 to 699.
 */
export function decodeErrorCode(message: MessageReader): ReceivedError | undefined {
  const value = message.value(ATTRIBUTE.errorCode);
  if (value === undefined) return undefined;
  if (value.length < 4) {
    throw new StunDecodeError('ERR_STUN_ATTRIBUTE_SIZE', `ERROR-CODE has ${value.length} bytes.`);
  }
  const hundreds = value.readUInt8(2) & 7;
  const rest = value.readUInt8(3);
  if (hundreds < 3 || hundreds > 6 || rest > 99) {
    throw new StunDecodeError('ERR_STUN_ATTRIBUTE_VALUE', `ERROR-CODE ${hundreds}, ${rest}.`);
  }
  return { code: hundreds * 100 + rest, reason: value.toString('utf8', 4) };
}

/** Appends UNKNOWN-ATTRIBUTES: one 16-bit type each. */
export function appendUnknownAttributes(writer: MessageWriter, types: readonly number[]): void {
  let at = writer.append(ATTRIBUTE.unknownAttributes, types.length * 2);
  for (const type of types) at = writer.bytes.writeUInt16BE(type, at);
}

/**
 * The types listed in UNKNOWN-ATTRIBUTES, empty when there is none.
 * @throws {StunDecodeError} when its size is odd.
 */
export function decodeUnknownAttributes(message: MessageReader): number[] {
  const value = message.value(ATTRIBUTE.unknownAttributes);
  if (value === undefined) return [];
  if (value.length % 2 !== 0) {
    throw new StunDecodeError('ERR_STUN_ATTRIBUTE_SIZE', `UNKNOWN-ATTRIBUTES: ${value.length}.`);
  }
  return Array.from({ length: value.length / 2 }, (_, index) => value.readUInt16BE(index * 2));
}
