import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRequestFrame, encodeRequestFrame } from './request-frame.ts';
import type { RequestFrame } from './request-frame.ts';

const FRAME: fc.Arbitrary<RequestFrame> = fc.record({
  kind: fc.constantFrom('request', 'answer', 'failure', 'cancel'),
  id: fc.nat(2 ** 32 - 1),
  text: fc.string({ maxLength: 50 }),
  value: fc.oneof(fc.constant(undefined), fc.uint8Array(), fc.json().map(parse)),
});

function parse(text: string): unknown {
  return JSON.parse(text);
}

describe('frames of requests', () => {
  it('come out as they went in', () => {
    fc.assert(
      fc.property(FRAME, (frame) => {
        const decoded = decodeRequestFrame(encodeRequestFrame(frame));
        expect(JSON.stringify(decoded)).toBe(JSON.stringify(frame));
      }),
    );
  });

  it('are refused where they are cut off', () => {
    const bytes = encodeRequestFrame({ kind: 'request', id: 1, text: 'add', value: { a: 1 } });
    for (let length = 0; length < bytes.length; length += 1) {
      expect(decodeRequestFrame(bytes.subarray(0, length))).toBeUndefined();
    }
  });

  it('may be anything', () => {
    const damaged = fc
      .tuple(FRAME, fc.nat(30), fc.nat(255))
      .map(([frame, at, byte]) => encodeRequestFrame(frame).fill(byte, at, at + 1));
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array(), fc.anything()), (value) => {
        expect(() => decodeRequestFrame(value)).not.toThrow();
      }),
    );
  });

  it('have no value that has no JSON', () => {
    const frame = { kind: 'answer', id: 1, text: '', value: () => 1 } as const;
    expect(() => encodeRequestFrame(frame)).toThrow(TypeError);
  });
});
