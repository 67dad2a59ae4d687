import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64url, encodeBase64url } from './base64url.ts';

const ANY_TEXT = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });

describe('base64url', () => {
  it('writes what Node writes, and reads it again', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = encodeBase64url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64url'));
        expect(decodeBase64url(text)).toEqual(bytes);
      }),
    );
  });

  it('reads any text as bytes that are written the same way, or not at all', () => {
    fc.assert(
      fc.property(ANY_TEXT, (text) => {
        const bytes = decodeBase64url(text);
        expect(bytes === undefined || encodeBase64url(bytes) === text).toBe(true);
      }),
    );
  });

  it.each(['A', 'AB', 'AAB', 'AA==', 'AA\n', 'A A', '+/AA', 'ÄÄÄÄ'])('refuses %j', (text) => {
    expect(decodeBase64url(text)).toBeUndefined();
  });

  it('takes as much as a payload can hold', () => {
    const bytes = new Uint8Array(64 * 1024).fill(255);
    const read = decodeBase64url(encodeBase64url(bytes)) ?? [];
    expect(Buffer.from(read).equals(bytes)).toBe(true);
  });
});
