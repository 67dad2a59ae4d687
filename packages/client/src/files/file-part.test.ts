import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_PAYLOAD_BYTES } from '../data/data-limits.ts';
import { decodeFilePart, encodeFilePart, MAX_PIECE_BYTES } from './file-part.ts';

const id = fc.nat(2 ** 32 - 1);
const piece = fc.record({ id, isEnd: fc.constant(false), bytes: fc.uint8Array() });
const end = fc.record({
  id,
  isEnd: fc.constant(true),
  bytes: fc.uint8Array({ minLength: 32, maxLength: 32 }),
});

describe('parts of files', () => {
  it('come out as they went in', () => {
    fc.assert(
      fc.property(fc.oneof(piece, end), (part) => {
        expect(decodeFilePart(encodeFilePart(part))).toEqual(part);
      }),
    );
  });

  it('are refused where they are cut off', () => {
    const bytes = encodeFilePart({ id: 7, isEnd: true, bytes: new Uint8Array(32) });
    for (let length = 0; length < bytes.length; length += 1) {
      expect(decodeFilePart(bytes.subarray(0, length))).toBeUndefined();
    }
  });

  it('may be anything', () => {
    const anything = fc.oneof(fc.anything(), fc.uint8Array());
    fc.assert(
      fc.property(anything, (value) => {
        expect(() => decodeFilePart(value)).not.toThrow();
      }),
    );
  });

  it('fill the frames of a channel', () => {
    const bytes = new Uint8Array(MAX_PIECE_BYTES);
    expect(encodeFilePart({ id: 1, isEnd: false, bytes }).length % MAX_PAYLOAD_BYTES).toBe(0);
  });
});
