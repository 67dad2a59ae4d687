import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame, LAST, TEXT } from './frame.ts';
import { MAX_NAME_BYTES, MAX_PAYLOAD_BYTES } from './data-limits.ts';
import type { Frame } from './frame.ts';

const FRAME: fc.Arbitrary<Frame> = fc.record({
  flags: fc.nat(255),
  number: fc.nat(Number.MAX_SAFE_INTEGER),
  name: fc.string({ unit: 'grapheme', maxLength: 20 }),
  payload: fc.uint8Array({ maxLength: 300, size: 'max' }),
});

describe('frame', () => {
  it('has the documented layout', () => {
    const bytes = encodeFrame(LAST | TEXT, 3, 'hé', Uint8Array.of(0xaa, 0xbb));
    expect(Buffer.from(bytes).toString('hex')).toBe(
      ['06', '4008000000000000', '03', '68c3a9', 'aabb'].join(''),
    );
  });

  it('comes back as it was sent', () => {
    fc.assert(
      fc.property(FRAME, (frame) => {
        const { flags, number, name, payload } = frame;
        expect(decodeFrame(encodeFrame(flags, number, name, payload))).toEqual(frame);
      }),
    );
  });

  it('reads from a view that does not start at byte 0', () => {
    const bytes = encodeFrame(LAST, 7, 'chat', Uint8Array.of(1, 2));
    const padded = new Uint8Array([9, 9, 9, ...bytes]);
    expect(decodeFrame(padded.subarray(3))).toEqual(decodeFrame(bytes));
  });

  it('is nothing when it is cut off before the payload', () => {
    const head = encodeFrame(LAST, 1, 'chat');
    for (let length = 0; length < head.length; length += 1) {
      expect(decodeFrame(head.subarray(0, length))).toBeUndefined();
    }
    expect(decodeFrame(head)?.payload).toHaveLength(0);
  });

  it('is nothing when it is longer than any frame', () => {
    const name = 'x'.repeat(MAX_NAME_BYTES);
    const longest = encodeFrame(LAST, 1, name, new Uint8Array(MAX_PAYLOAD_BYTES));
    expect(decodeFrame(longest)?.payload).toHaveLength(MAX_PAYLOAD_BYTES);
    expect(decodeFrame(new Uint8Array([...longest, 0]))).toBeUndefined();
  });

  it('has an answer to any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400, size: 'max' }), (bytes) => {
        const frame = decodeFrame(bytes);
        expect(frame?.payload.length ?? 0).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});
