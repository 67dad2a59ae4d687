/**
 * Binding: "what does my address look like from there?" The answer is as small as it can be, so
 * that a forged source address gains an attacker nothing worth having.
 * Pure: bytes in, bytes out.
 * @see https://www.rfc-editor.org/rfc/rfc8489#section-6.3
 * @module
 */
import { appendXorAddress } from '../wire/address-attribute.ts';
import { ATTRIBUTE } from '../wire/attribute-type.ts';
import { appendErrorCode, appendUnknownAttributes } from '../wire/error-code.ts';
import { appendFingerprint } from '../wire/fingerprint.ts';
import { ABSENT } from '../wire/message-reader.ts';
import type { MessageReader } from '../wire/message-reader.ts';
import { encodeMessageType, MESSAGE_CLASS, METHOD } from '../wire/message-type.ts';
import type { MessageWriter } from '../wire/message-writer.ts';
import type { TransportAddress } from '../wire/transport-address.ts';

const SUCCESS_TYPE: number = encodeMessageType(METHOD.binding, MESSAGE_CLASS.success);
const ERROR_TYPE: number = encodeMessageType(METHOD.binding, MESSAGE_CLASS.error);

/** Binding is open to everyone: credentials are understood, and not looked at. */
const KNOWN: ReadonlySet<number> = new Set([
  ATTRIBUTE.username,
  ATTRIBUTE.userhash,
  ATTRIBUTE.realm,
  ATTRIBUTE.nonce,
  ATTRIBUTE.passwordAlgorithm,
]);

/** Writes the answer to a Binding request that came from `from`. Its FINGERPRINT was checked. */
export function answerBinding(
  request: MessageReader,
  from: TransportAddress,
  writer: MessageWriter,
): void {
  const unknown = request.unknownRequired(KNOWN);
  writer.begin(unknown.length === 0 ? SUCCESS_TYPE : ERROR_TYPE);
  writer.setTransactionId(request.bytes, request.start + 8);
  if (unknown.length === 0) {
    appendXorAddress(writer, ATTRIBUTE.xorMappedAddress, from);
  } else {
    appendErrorCode(writer, 420);
    appendUnknownAttributes(writer, unknown);
  }
  if (request.fingerprintAt !== ABSENT) appendFingerprint(writer);
}
