/**
 * ChannelData: two bytes of channel, two of length, the payload. Padded to 4 on streams only.
 * Reads and writes in place; allocates nothing.
 * Pure codec.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-12.4
 * @module
 */

/** Bytes before the payload. */
export const CHANNEL_HEADER_BYTES = 4;

/** True when a packet with this first byte is ChannelData: channels are 0x4000 to 0x7FFF. */
export function isChannelDataByte(first: number): boolean {
  return (first & 0xc0) === 0x40;
}

/**
 * Length of the payload of the ChannelData at `bytes[start]`, or -1 when its header is cut or
 * promises more than there is. A datagram may be longer: it may be padded.
 */
export function channelPayloadLength(bytes: Buffer, start: number, length: number): number {
  if (length < CHANNEL_HEADER_BYTES) return -1;
  const payload = bytes.readUInt16BE(start + 2);
  return payload <= length - CHANNEL_HEADER_BYTES ? payload : -1;
}

/** Writes a header into the 4 bytes before a payload. */
export function writeChannelHeader(
  bytes: Buffer,
  payloadAt: number,
  channel: number,
  payloadLength: number,
): void {
  bytes.writeUInt32BE(channel * 0x10000 + payloadLength, payloadAt - CHANNEL_HEADER_BYTES);
}
