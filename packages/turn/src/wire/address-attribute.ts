/**
 * MAPPED-ADDRESS and the XOR-*-ADDRESS attributes: a zero byte, the family, the port, the address.
 * The XOR forms are covered with the magic cookie (and, for IPv6, the transaction id), so that
 * a middlebox that rewrites addresses in payloads does not find them.
 * Pure codec.
 * @see https://www.rfc-editor.org/rfc/rfc8489#section-14.2
 * @module
 */
import { ABSENT, MAGIC_COOKIE } from './message-reader.ts';
import type { MessageReader } from './message-reader.ts';
import type { MessageWriter } from './message-writer.ts';
import { StunDecodeError } from './stun-decode-error.ts';
import type { TransportAddress } from './transport-address.ts';

/** Family byte on the wire. */
const FAMILY_IPV4 = 1;
const FAMILY_IPV6 = 2;
/** Bytes of a value with an IPv4 and with an IPv6 address. */
const IPV4_BYTES = 8;
const IPV6_BYTES = 20;
const COOKIE_HIGH = MAGIC_COOKIE >>> 16;

/**
 * Reads the first XOR-*-ADDRESS of `type` into `target`; false when there is none.
 * @throws {StunDecodeError} when family and size do not fit together.
 */
export function decodeXorAddress(
  message: MessageReader,
  type: number,
  target: TransportAddress,
): boolean {
  const index = message.find(type);
  if (index === ABSENT) return false;
  decodeXorAddressAt(message, index, target);
  return true;
}

/**
 * Reads the XOR-*-ADDRESS at `index` into `target`.
 * @throws {StunDecodeError} when family and size do not fit together.
 */
export function decodeXorAddressAt(
  message: MessageReader,
  index: number,
  target: TransportAddress,
): void {
  decodePlainAddressAt(message, index, target);
  const { bytes, start } = message;
  target.port ^= COOKIE_HIGH;
  if (target.family === 4) {
    target.word3 = (target.word3 ^ MAGIC_COOKIE) >>> 0;
    return;
  }
  target.word0 = (target.word0 ^ MAGIC_COOKIE) >>> 0;
  target.word1 = (target.word1 ^ bytes.readUInt32BE(start + 8)) >>> 0;
  target.word2 = (target.word2 ^ bytes.readUInt32BE(start + 12)) >>> 0;
  target.word3 = (target.word3 ^ bytes.readUInt32BE(start + 16)) >>> 0;
}

/**
 * Reads the first MAPPED-ADDRESS-like attribute of `type` into `target`; false when there is none.
 * @throws {StunDecodeError} when family and size do not fit together.
 */
export function decodePlainAddress(
  message: MessageReader,
  type: number,
  target: TransportAddress,
): boolean {
  const index = message.find(type);
  if (index === ABSENT) return false;
  decodePlainAddressAt(message, index, target);
  return true;
}

function decodePlainAddressAt(
  message: MessageReader,
  index: number,
  target: TransportAddress,
): void {
  const { bytes } = message;
  const at = message.valueOffset(index);
  const length = message.valueLength(index);
  const family = length >= IPV4_BYTES ? bytes.readUInt8(at + 1) : 0;
  if (family === FAMILY_IPV4 && length === IPV4_BYTES) {
    target.family = 4;
    target.word0 = target.word1 = target.word2 = 0;
    target.word3 = bytes.readUInt32BE(at + 4);
  } else if (family === FAMILY_IPV6 && length === IPV6_BYTES) {
    target.family = 6;
    target.word0 = bytes.readUInt32BE(at + 4);
    target.word1 = bytes.readUInt32BE(at + 8);
    target.word2 = bytes.readUInt32BE(at + 12);
    target.word3 = bytes.readUInt32BE(at + 16);
  } else {
    throw new StunDecodeError(
      'ERR_STUN_ATTRIBUTE_VALUE',
      `An address attribute has family ${family} and ${length} bytes.`,
    );
  }
  target.port = bytes.readUInt16BE(at + 2);
}

/** Appends an XOR-*-ADDRESS. The transaction id must be set before. */
export function appendXorAddress(
  writer: MessageWriter,
  type: number,
  address: TransportAddress,
): void {
  const { bytes, start } = writer;
  const isIpv4 = address.family === 4;
  const at = writer.append(type, isIpv4 ? IPV4_BYTES : IPV6_BYTES);
  bytes.writeUInt16BE(isIpv4 ? FAMILY_IPV4 : FAMILY_IPV6, at);
  bytes.writeUInt16BE(address.port ^ COOKIE_HIGH, at + 2);
  if (isIpv4) {
    bytes.writeUInt32BE((address.word3 ^ MAGIC_COOKIE) >>> 0, at + 4);
    return;
  }
  bytes.writeUInt32BE((address.word0 ^ MAGIC_COOKIE) >>> 0, at + 4);
  bytes.writeUInt32BE((address.word1 ^ bytes.readUInt32BE(start + 8)) >>> 0, at + 8);
  bytes.writeUInt32BE((address.word2 ^ bytes.readUInt32BE(start + 12)) >>> 0, at + 12);
  bytes.writeUInt32BE((address.word3 ^ bytes.readUInt32BE(start + 16)) >>> 0, at + 16);
}
