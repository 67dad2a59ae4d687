/**
 * Data indication: a payload from a peer, with the peer's address, for clients without channels.
 * Written around the payload where it lies; allocates nothing.
 * Pure codec.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-11.6
 * @module
 */
import { appendXorAddress } from './address-attribute.ts';
import { ATTRIBUTE } from './attribute-type.ts';
import { ATTRIBUTE_HEADER_BYTES, HEADER_BYTES } from './message-reader.ts';
import { encodeMessageType, MESSAGE_CLASS, METHOD } from './message-type.ts';
import type { MessageWriter } from './message-writer.ts';
import type { TransportAddress } from './transport-address.ts';

const DATA_INDICATION: number = encodeMessageType(METHOD.data, MESSAGE_CLASS.indication);
const IPV4_ATTRIBUTE_BYTES = 12;
const IPV6_ATTRIBUTE_BYTES = 24;

/** Bytes written before the payload: header, XOR-PEER-ADDRESS, head of DATA. At most 48. */
export function dataHeaderBytes(peer: TransportAddress): number {
  const address = peer.family === 4 ? IPV4_ATTRIBUTE_BYTES : IPV6_ATTRIBUTE_BYTES;
  return HEADER_BYTES + address + ATTRIBUTE_HEADER_BYTES;
}

/** Where a payload lies. Up to 3 bytes of padding are written behind it. */
export interface PayloadPlace {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly length: number;
}

/** Writes the indication around the payload; `writer` then knows where it starts and how long it is. */
export function writeDataIndication(
  writer: MessageWriter,
  { buffer, offset, length }: PayloadPlace,
  peer: TransportAddress,
  transactionId: Buffer,
): void {
  writer.target(buffer, offset - dataHeaderBytes(peer));
  writer.begin(DATA_INDICATION);
  writer.setTransactionId(transactionId, 0);
  appendXorAddress(writer, ATTRIBUTE.xorPeerAddress, peer);
  writer.append(ATTRIBUTE.data, length);
}
