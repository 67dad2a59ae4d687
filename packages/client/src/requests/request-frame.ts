/**
 * What asker and answerer tell each other on the channel `parley:requests`. Big-endian:
 *
 *     0      1          2                        6             7      7 + length
 *     kind   body is    number of the request    text length   text   body
 *
 * text: the name of a request, or the code of a failure. The asker counts its requests.
 * Pure codec; decoding is total: untrusted bytes become a frame or `undefined`.
 * @module
 */
import { decodeValue, encodeValue } from '../data/codec.ts';
import { MAX_NAME_BYTES } from '../data/data-limits.ts';
import { decodeText, encodeText } from '../data/text.ts';

const KINDS = ['request', 'answer', 'failure', 'cancel'] as const;

/** One frame. */
export interface RequestFrame {
  readonly kind: (typeof KINDS)[number];
  readonly id: number;
  /** At most 255 bytes of UTF-8. */
  readonly text: string;
  /** A Uint8Array travels as it is, `undefined` as nothing, everything else as JSON. */
  readonly value: unknown;
}

const NOTHING = 0;
const JSON_TEXT = 1;
const BYTES = 2;
const ID_AT = 2;
const LENGTH_AT = 6;
const TEXT_AT = 7;

/** Lays a frame out. @throws {TypeError} when the value has no JSON */
export function encodeRequestFrame({ kind, id, text, value }: RequestFrame): Uint8Array {
  const textBytes = encodeText(text).subarray(0, MAX_NAME_BYTES);
  const body = value === undefined ? undefined : encodeValue(value, undefined);
  const bodyAt = TEXT_AT + textBytes.length;
  const bytes = new Uint8Array(bodyAt + (body?.bytes.length ?? 0));
  bytes[0] = KINDS.indexOf(kind);
  bytes[LENGTH_AT] = textBytes.length;
  new DataView(bytes.buffer).setUint32(ID_AT, id);
  bytes.set(textBytes, TEXT_AT);
  if (body !== undefined) {
    bytes[1] = body.isText ? JSON_TEXT : BYTES;
    bytes.set(body.bytes, bodyAt);
  }
  return bytes;
}

/** Reads an untrusted value. */
export function decodeRequestFrame(bytes: unknown): RequestFrame | undefined {
  if (!(bytes instanceof Uint8Array) || bytes.length < TEXT_AT) return undefined;
  const kind = KINDS[bytes[0] ?? KINDS.length];
  const bodyAt = TEXT_AT + (bytes[LENGTH_AT] ?? 0);
  if (kind === undefined || bytes.length < bodyAt) return undefined;
  const id = new DataView(bytes.buffer, bytes.byteOffset).getUint32(ID_AT);
  const text = decodeText(bytes.subarray(TEXT_AT, bodyAt));
  try {
    return { kind, id, text, value: decodeBody(bytes[1], bytes.subarray(bodyAt)) };
  } catch {
    return undefined; // no JSON, or no kind of body
  }
}

/** @throws {TypeError} for an unknown kind; {SyntaxError} for what is no JSON */
function decodeBody(kind: number | undefined, bytes: Uint8Array): unknown {
  if (kind === NOTHING) return undefined;
  if (kind === JSON_TEXT || kind === BYTES) {
    return decodeValue({ bytes, isText: kind === JSON_TEXT }, undefined);
  }
  throw new TypeError(`unknown kind of body: ${kind}`);
}
