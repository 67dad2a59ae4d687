import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressKey, isLoopback } from './address-key.ts';

describe('addressKey', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::'],
    ['2001:db8::9', '2001:db8:0:0::'],
    ['fe80::1%eth0', 'fe80:0:0:0::'],
    ['::1', '0:0:0:0::'],
    ['', ''],
  ])('LIMIT-1 counts %s as %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it('LIMIT-1 has a key for anything at all', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(addressKey(text)).toBeTypeOf('string');
      }),
    );
  });

  it.each([
    ['127.0.0.1', true],
    ['::ffff:127.3.2.1', true],
    ['::1', true],
    ['12.7.0.1', false],
    ['2001:db8::1', false],
  ])('LIMIT-1 knows whether %s is this machine', (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });
});
