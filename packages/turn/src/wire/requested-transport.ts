/**
 * REQUESTED-TRANSPORT: the protocol between relay and peer, as an IP protocol number.
 * Pure codec.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-18.7
 * @module
 */
import { ATTRIBUTE } from './attribute-type.ts';
import { ABSENT } from './message-reader.ts';
import type { MessageReader } from './message-reader.ts';
import type { MessageWriter } from './message-writer.ts';

/** IP protocol number of UDP, the only one that is relayed. */
export const PROTOCOL_UDP = 17;

/**
 * The protocol number, or `undefined`.
 * @throws {StunDecodeError} when the value is not 4 bytes.
 */
export function decodeRequestedTransport(message: MessageReader): number | undefined {
  const at = message.fixedValueOffset(ATTRIBUTE.requestedTransport, 4);
  return at === ABSENT ? undefined : message.bytes.readUInt8(at);
}

/** Appends REQUESTED-TRANSPORT. */
export function appendRequestedTransport(writer: MessageWriter, protocol: number): void {
  writer.appendUint32(ATTRIBUTE.requestedTransport, protocol * 2 ** 24);
}
