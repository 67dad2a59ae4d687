/**
 * What travels on the channel `parley:file-data`: pieces of files and, behind the last piece of each, its
 * checksum. Big-endian:
 *
 *     0        1                          5
 *     kind     number of the transfer     bytes of the file, or the 32 bytes of SHA-256
 *
 * Pure codec; decoding is total: untrusted bytes become a part or `undefined`.
 * @module
 */
import { MAX_PAYLOAD_BYTES } from '../data/data-limits.ts';

/** One piece of a file, or its checksum when the file is complete. */
export interface FilePart {
  readonly id: number;
  readonly isEnd: boolean;
  readonly bytes: Uint8Array;
}

const HEADER_BYTES = 5;
const DIGEST_BYTES = 32;
/** With its header a piece fills a few frames of a channel to the last byte. */
export const MAX_PIECE_BYTES: number = 4 * MAX_PAYLOAD_BYTES - HEADER_BYTES;

/** Lays a part out. */
export function encodeFilePart({ id, isEnd, bytes }: FilePart): Uint8Array {
  const encoded = new Uint8Array(HEADER_BYTES + bytes.length);
  encoded[0] = isEnd ? 1 : 0;
  new DataView(encoded.buffer).setUint32(1, id);
  encoded.set(bytes, HEADER_BYTES);
  return encoded;
}

/** Reads an untrusted value. */
export function decodeFilePart(value: unknown): FilePart | undefined {
  if (!(value instanceof Uint8Array) || value.length < HEADER_BYTES) return undefined;
  const id = new DataView(value.buffer, value.byteOffset).getUint32(1);
  const isEnd = value[0] === 1;
  const bytes = value.subarray(HEADER_BYTES);
  return isEnd && bytes.length !== DIGEST_BYTES ? undefined : { id, isEnd, bytes };
}
