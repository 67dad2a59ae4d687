import * as fc from 'fast-check';
import { isIP } from 'node:net';
import { expect, it } from 'vitest';
import { formatAddress, formatIp, parseAddress } from './address-text.ts';
import { emptyAddress } from './transport-address.ts';

it.each([
  ['192.0.2.1', '192.0.2.1:80'],
  ['0.0.0.0', '0.0.0.0:80'],
  ['255.255.255.255', '255.255.255.255:80'],
  ['::', '[::]:80'],
  ['::1', '[::1]:80'],
  ['2001:DB8:0:0:1:0:0:1', '[2001:db8::1:0:0:1]:80'],
  ['1:0:2:0:3:0:4:0', '[1:0:2:0:3:0:4:0]:80'],
  ['::ffff:127.0.0.1', '[::ffff:7f00:1]:80'],
  ['fe80::1%eth0', '[fe80::1]:80'],
  ['1::', '[1::]:80'],
])('ADDR-1 reads %s and writes %s', (text, formatted) => {
  const address = parseAddress(text, 80);
  expect(address && formatAddress(address)).toBe(formatted);
});

it.each(['', 'localhost', '1.2.3', '1.2.3.4.5', '256.0.0.1', ':::', '1:2', '1.2.3.4:80'])(
  'ADDR-1 refuses %j',
  (text) => {
    expect(parseAddress(text, 80)).toBeUndefined();
  },
);

it('ADDR-1 every address survives being text', () => {
  const words = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff), fc.nat()), {
    minLength: 4,
    maxLength: 4,
  });
  fc.assert(
    fc.property(words, fc.boolean(), ([word0 = 0, word1 = 0, word2 = 0, word3 = 0], isIpv4) => {
      const address = isIpv4
        ? { ...emptyAddress(), word3, port: 7 }
        : { family: 6 as const, word0, word1, word2, word3, port: 7 };
      const text = formatIp(address);
      expect(isIP(text)).toBe(address.family);
      expect(parseAddress(text, 7)).toEqual(address);
    }),
  );
});
