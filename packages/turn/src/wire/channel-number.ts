/**
 * CHANNEL-NUMBER attribute: 16-bit channel, then 16 reserved bits.
 * Pure codec.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-18.1
 * @module
 */
import { ATTRIBUTE } from './attribute-type.ts';
import { ABSENT } from './message-reader.ts';
import type { MessageReader } from './message-reader.ts';
import type { MessageWriter } from './message-writer.ts';

/** The first channel there is. */
export const FIRST_CHANNEL = 0x4000;
/** The last one of RFC 8656. */
export const LAST_CHANNEL = 0x4fff;
/** The last one of RFC 5766, which older clients still draw from. */
export const LAST_LEGACY_CHANNEL = 0x7fff;

/**
 * The channel a request names, or `undefined`.
 * @throws {StunDecodeError} when the value is not 4 bytes.
 */
export function decodeChannelNumber(message: MessageReader): number | undefined {
  const at = message.fixedValueOffset(ATTRIBUTE.channelNumber, 4);
  return at === ABSENT ? undefined : message.bytes.readUInt16BE(at);
}

/** Appends CHANNEL-NUMBER. */
export function appendChannelNumber(writer: MessageWriter, channel: number): void {
  writer.appendUint32(ATTRIBUTE.channelNumber, channel * 0x10000);
}
