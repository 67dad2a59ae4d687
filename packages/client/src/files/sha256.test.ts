import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHex, Sha256 } from './sha256.ts';

function sha256(...parts: readonly Uint8Array[]): string {
  const hash = new Sha256();
  for (const part of parts) hash.update(part);
  return formatHex(hash.digest());
}

describe('SHA-256', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('of the example "%s" of the standard', (text, expected) => {
    expect(sha256(Buffer.from(text))).toBe(expected);
  });

  it('of a million times "a"', () => {
    const part = Buffer.alloc(1000, 'a');
    const parts = Array.from({ length: 1000 }, () => part);
    expect(sha256(...parts)).toBe(
      'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
    );
  });

  it('is what another implementation finds, however the bytes are cut', () => {
    const part = fc.uint8Array({ maxLength: 200, size: 'max' });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
        const other = createHash('sha256').update(Buffer.concat(parts)).digest('hex');
        expect(sha256(...parts)).toBe(other);
      }),
    );
  });

  it('reads a view that does not start at byte 0', () => {
    const bytes = Buffer.from('xxabc');
    expect(sha256(bytes.subarray(2))).toBe(sha256(Buffer.from('abc')));
  });
});
