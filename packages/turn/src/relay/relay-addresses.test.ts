import { describe, expect, it } from 'vitest';
import { formatIp } from '../wire/address-text.ts';
import { chooseRelayAddresses, interfaceAddresses } from './relay-addresses.ts';
import type { RelayAddressOptions } from './relay-addresses.ts';

const LOCAL = ['127.0.0.1', '::1', 'fe80::1', '169.254.3.4', '192.0.2.10', '2001:db8::10'];

/** IPv4 and IPv6 as text. */
function choose(options: Partial<RelayAddressOptions>): (string | undefined)[] {
  const { ipv4, ipv6 } = chooseRelayAddresses({ named: [], host: '', local: LOCAL, ...options });
  return [ipv4, ipv6].map((address) => address && formatIp(address));
}

describe('relay addresses', () => {
  it.each([
    ['the named ones', { named: ['203.0.113.7', '2001:db8::7'] }, ['203.0.113.7', '2001:db8::7']],
    ['a named one of one family', { named: ['2001:db8::7'] }, ['192.0.2.10', '2001:db8::7']],
    [
      'a named one before the one listened on',
      { named: ['203.0.113.7'], host: '192.0.2.99' },
      ['203.0.113.7', '2001:db8::10'],
    ],
    ['the one listened on', { host: '192.0.2.99' }, ['192.0.2.99', '2001:db8::10']],
    ['the IPv6 one listened on', { host: '2001:db8::99' }, ['192.0.2.10', '2001:db8::99']],
    ['loopback when that is listened on', { host: '127.0.0.1' }, ['127.0.0.1', '2001:db8::10']],
    ['what others can reach, everywhere', { host: '::' }, ['192.0.2.10', '2001:db8::10']],
    ['what others can reach, IPv4', { host: '0.0.0.0' }, ['192.0.2.10', '2001:db8::10']],
    ['no IPv6 without one', { local: ['192.0.2.10', '::1', 'fe80::2'] }, ['192.0.2.10', undefined]],
    [
      'loopback when there is nothing else',
      { local: ['127.0.0.1', '::1'] },
      ['127.0.0.1', undefined],
    ],
  ] as const)('OPEN-13 are %s', (_name, options, expected) => {
    expect(choose(options)).toEqual(expected);
  });

  it.each([
    ['two of one family', ['192.0.2.1', '192.0.2.2'], /Two IPv4 relay addresses: 192\.0\.2\.1/],
    ['two IPv6 ones', ['2001:db8::1', '2001:db8::2'], /Two IPv6 relay addresses/],
    ['a name', ['relay.example.org'], /"relay\.example\.org" is not an IP address/],
    ['an empty text', [''], /"" is not an IP address/],
    ['a block', ['192.0.2.0/24'], /is not an IP address/],
  ])('OPEN-13 are refused: %s', (_name, named, message) => {
    expect(() => choose({ named })).toThrow(RangeError);
    expect(() => choose({ named })).toThrow(message);
  });

  it('OPEN-13 come from the interfaces of this machine', () => {
    expect(interfaceAddresses()).toContain('127.0.0.1');
    expect(chooseRelayAddresses({ named: [], host: '' }).ipv4).toBeDefined();
  });
});
