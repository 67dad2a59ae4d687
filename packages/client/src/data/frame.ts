/**
 * Frames: what travels in one message of an RTCDataChannel between two SDK peers. They share one layout,
 * big-endian:
 *
 *     0        1                              9             10       10 + length
 *     flags    number (IEEE 754, 64 bit)      name length   name     payload
 *
 * hello: number is the instance of the sender. ack: number is the first frame of the channel that has
 * not been taken yet. Everything else is data: number counts the frames of the channel.
 * Pure codec; decoding is total: untrusted bytes become a frame or `undefined`.
 * @module
 */
import { MAX_NAME_BYTES, MAX_PAYLOAD_BYTES } from './data-limits.ts';
import { decodeText, encodeText } from './text.ts';

/** Data: a message begins here. */
export const FIRST = 1;
/** Data: a message ends here. */
export const LAST = 2;
/** Data: the message is JSON text. */
export const TEXT = 4;
/** Every frame of the channel below `number` has been taken. */
export const ACK = 8;
/** Together with `ACK`: nobody has opened the channel, the message was dropped. */
export const UNHEARD = 16;
/** First frame on every new pipe: who speaks. */
export const HELLO = 32;

const NUMBER_AT = 1;
const LENGTH_AT = 9;
const NAME_AT = 10;
const MAX_FRAME_BYTES: number = NAME_AT + MAX_NAME_BYTES + MAX_PAYLOAD_BYTES;

/** One frame. */
export interface Frame {
  readonly flags: number;
  /** Of an honest peer an integer, 0 or more. */
  readonly number: number;
  readonly name: string;
  /** A view into the bytes that were decoded. */
  readonly payload: Uint8Array;
}

/** Lays a frame out. */
export function encodeFrame(
  flags: number,
  number: number,
  name = '',
  payload: Uint8Array = encodeText(''),
): Uint8Array<ArrayBuffer> {
  const nameBytes = encodeText(name);
  const bytes = new Uint8Array(NAME_AT + nameBytes.length + payload.length);
  bytes[0] = flags;
  bytes[LENGTH_AT] = nameBytes.length;
  new DataView(bytes.buffer).setFloat64(NUMBER_AT, number);
  bytes.set(nameBytes, NAME_AT);
  bytes.set(payload, NAME_AT + nameBytes.length);
  return bytes;
}

/** Reads a frame; `undefined` when the bytes are none. */
export function decodeFrame(bytes: Uint8Array): Frame | undefined {
  const [flags] = bytes;
  const payloadAt = NAME_AT + (bytes[LENGTH_AT] ?? Infinity);
  if (flags === undefined || bytes.length < payloadAt || bytes.length > MAX_FRAME_BYTES) {
    return undefined;
  }
  return {
    flags,
    number: new DataView(bytes.buffer, bytes.byteOffset).getFloat64(NUMBER_AT),
    name: decodeText(bytes.subarray(NAME_AT, payloadAt)),
    payload: bytes.subarray(payloadAt),
  };
}
