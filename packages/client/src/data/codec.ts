/**
 * How the values of a channel become bytes. Without a codec of the application's own, a Uint8Array
 * travels as it is and everything else as JSON.
 * @module
 */
import { decodeText, encodeText } from './text.ts';
import type { Message } from './outgoing-stream.ts';

/** Turns values into bytes and back. `decode` gets untrusted bytes; when it throws, they are dropped. */
export interface Codec<T> {
  encode(value: T): Uint8Array;
  decode(bytes: Uint8Array): T;
}

/** Bytes of a value. @throws {TypeError} when it has none, such as a function */
export function encodeValue(value: unknown, codec: Codec<unknown> | undefined): Message {
  if (codec !== undefined) return { bytes: codec.encode(value), isText: false };
  if (value instanceof Uint8Array) return { bytes: value, isText: false };
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`Not a JSON value: ${typeof value}`);
  return { bytes: encodeText(text), isText: true };
}

/** The value that bytes stand for. @throws whatever the codec throws, or a SyntaxError */
export function decodeValue(
  { bytes, isText }: Message,
  codec: Codec<unknown> | undefined,
): unknown {
  if (codec !== undefined) return codec.decode(bytes);
  return isText ? JSON.parse(decodeText(bytes)) : bytes;
}
