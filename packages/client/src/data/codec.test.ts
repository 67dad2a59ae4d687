import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeValue, encodeValue } from './codec.ts';
import type { Codec } from './codec.ts';

const HEX: Codec<unknown> = {
  encode: (value) => Buffer.from(String(value), 'hex'),
  decode: (bytes) => Buffer.from(bytes).toString('hex'),
};

describe('codec', () => {
  it('carries any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const result = decodeValue(encodeValue(value, undefined), undefined);
        expect(JSON.stringify(result)).toBe(JSON.stringify(value));
      }),
    );
  });

  it('carries bytes as they are', () => {
    const bytes = Uint8Array.of(0, 255);
    const encoded = encodeValue(bytes, undefined);
    expect(encoded).toEqual({ bytes, isText: false });
    expect(decodeValue(encoded, undefined)).toBe(bytes);
  });

  it.each([undefined, () => {}, Symbol('x'), 1n])('refuses %s, which no JSON has', (value) => {
    expect(() => encodeValue(value, undefined)).toThrow(TypeError);
  });

  it('leaves everything to the codec of the application', () => {
    const encoded = encodeValue('c0ffee', HEX);
    expect(encoded).toEqual({ bytes: Buffer.from('c0ffee', 'hex'), isText: false });
    expect(decodeValue({ ...encoded, isText: true }, HEX)).toBe('c0ffee');
  });
});
