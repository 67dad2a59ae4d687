import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../wire/address-text.ts';
import { emptyAddress } from '../wire/transport-address.ts';
import type { TransportAddress } from '../wire/transport-address.ts';
import { PeerGate } from './peer-gate.ts';
import type { PeerGateOptions } from './peer-gate.ts';

function at(ip: string, port = 40_000): TransportAddress {
  const address = parseAddress(ip, port);
  expect(address).toBeDefined();
  return address ?? emptyAddress();
}

function denial(ip: string, options: PeerGateOptions = {}): string | undefined {
  return new PeerGate(options).denialOf(at(ip));
}

/** Those of `ips` that are let through. */
function passing(ips: readonly string[], options: PeerGateOptions = {}): string[] {
  return ips.filter((ip) => denial(ip, options) === undefined);
}

describe('addresses that other relays let through', () => {
  it.each([
    '127.0.0.1',
    '0.0.0.0',
    '::1',
    '::',
    '169.254.169.254',
    '10.0.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::127.0.0.1',
    '64:ff9b::10.0.0.1',
    '2002:a00:1::',
    'fe80::1',
    'fc00::1',
    'fec0::1',
    '2001:0:a00:1::1', // Teredo
    '172.16.0.1',
    'fd00:ec2::254', // Metadata of Amazon
  ])('GATE-4 refuses %s', (ip) => {
    expect(denial(ip)).toBe('special-address');
    expect(new PeerGate().denialOf(at(ip, 0))).toBe('special-address');
  });

  it.each(['8.8.8.8', '1.1.1.1', '2606:4700::1111'])('GATE-4 lets %s through', (ip) => {
    expect(denial(ip)).toBeUndefined();
    expect(new PeerGate().denialOf(at(ip, 0))).toBeUndefined();
  });
});

describe('holes that other relays had', () => {
  it.each([
    { id: 'CVE-2020-26262', hole: 'unspecified means loopback', ips: ['0.0.0.0', '::', '::1'] },
    { id: 'CVE-2026-27624', hole: 'mapped', ips: ['::ffff:127.0.0.1', '::ffff:169.254.169.254'] },
    {
      id: 'coturn#1945',
      hole: 'other embeddings',
      ips: ['::127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', '2002:a9fe:a9fe::1'],
    },
    {
      id: 'coturn 6c13608c',
      hole: 'later bytes above the bound, earlier ones inside',
      ips: ['fc00:ffff:ffff::ffff', 'fdff::1', 'fe80:ffff::1', '2001:db8:ffff::', 'febf::ffff'],
    },
  ])('GATE-4 $id: $hole', ({ ips }) => {
    expect(passing(ips)).toEqual([]);
  });
});

describe('the deny list', () => {
  /** First and last address of every block, and those of the Internet just outside. */
  it.each([
    { block: '0.0.0.0/8', inside: ['0.0.0.0', '0.255.255.255'], outside: ['1.0.0.0'] },
    {
      block: '10.0.0.0/8',
      inside: ['10.0.0.0', '10.255.255.255'],
      outside: ['9.255.255.255', '11.0.0.0'],
    },
    {
      block: '100.64.0.0/10',
      inside: ['100.64.0.0', '100.100.100.200', '100.127.255.255'],
      outside: ['100.63.255.255', '100.128.0.0'],
    },
    {
      block: '127.0.0.0/8',
      inside: ['127.0.0.0', '127.255.255.255'],
      outside: ['126.255.255.255', '128.0.0.0'],
    },
    {
      block: '168.63.129.16/32',
      inside: ['168.63.129.16'],
      outside: ['168.63.129.15', '168.63.129.17'],
    },
    {
      block: '169.254.0.0/16',
      inside: ['169.254.0.0', '169.254.255.255'],
      outside: ['169.253.255.255', '169.255.0.0'],
    },
    {
      block: '172.16.0.0/12',
      inside: ['172.16.0.0', '172.31.255.255'],
      outside: ['172.15.255.255', '172.32.0.0'],
    },
    {
      block: '192.0.0.0/24',
      inside: ['192.0.0.0', '192.0.0.192', '192.0.0.255'],
      outside: ['191.255.255.255', '192.0.1.0'],
    },
    { block: '192.0.2.0/24', inside: ['192.0.2.0', '192.0.2.255'], outside: ['192.0.3.0'] },
    { block: '192.31.196.0/24', inside: ['192.31.196.0'], outside: ['192.31.197.0'] },
    { block: '192.52.193.0/24', inside: ['192.52.193.0'], outside: ['192.52.194.0'] },
    { block: '192.88.99.0/24', inside: ['192.88.99.0'], outside: ['192.88.100.0'] },
    {
      block: '192.168.0.0/16',
      inside: ['192.168.0.0', '192.168.255.255'],
      outside: ['192.167.255.255', '192.169.0.0'],
    },
    { block: '192.175.48.0/24', inside: ['192.175.48.0'], outside: ['192.175.49.0'] },
    {
      block: '198.18.0.0/15',
      inside: ['198.18.0.0', '198.19.255.255'],
      outside: ['198.17.255.255', '198.20.0.0'],
    },
    { block: '198.51.100.0/24', inside: ['198.51.100.255'], outside: ['198.51.101.0'] },
    { block: '203.0.113.0/24', inside: ['203.0.113.0'], outside: ['203.0.114.0'] },
    {
      block: '224.0.0.0/4 and 240.0.0.0/4',
      inside: ['224.0.0.0', '239.255.255.255', '240.0.0.0', '255.255.255.255'],
      outside: ['223.255.255.255'],
    },
    { block: '::/96', inside: ['::', '::1', '::8.8.8.8', '::ffff:ffff'], outside: [] },
    { block: '::ffff:0:0/96', inside: ['::ffff:8.8.8.8', '::ffff:10.0.0.1'], outside: [] },
    { block: '::ffff:0:0:0/96', inside: ['::ffff:0:8.8.8.8'], outside: [] },
    { block: '64:ff9b::/96', inside: ['64:ff9b::8.8.8.8', '64:ff9b::'], outside: [] },
    { block: '64:ff9b:1::/48', inside: ['64:ff9b:1::a00:1'], outside: [] },
    { block: '100::/64', inside: ['100::1', '100:0:0:1::1'], outside: [] },
    {
      block: '2001::/23',
      inside: ['2001::1', '2001:2::1', '2001:10::1', '2001:20::1', '2001:1ff:ffff::1'],
      outside: ['2001:200::1'],
    },
    {
      block: '2001:db8::/32',
      inside: ['2001:db8::', '2001:db8:ffff::1'],
      outside: ['2001:db7::1', '2001:db9::1'],
    },
    {
      block: '2002::/16',
      inside: ['2002::1', '2002:808:808::1', '2002:ffff::1'],
      outside: ['2003::1'],
    },
    { block: '3fff::/20', inside: ['3fff::1', '3fff:fff::1'], outside: ['3fff:1000::1'] },
    {
      block: 'everything but 2000::/3',
      inside: ['1fff:ffff::1', '4000::1', '5f00::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1'],
      outside: ['2000::1', '3ffe:ffff::1', '240e::1'],
    },
    { block: 'fec0::/10 and ff00::/8', inside: ['fec0::1', 'ff00::1', 'ff0e::1'], outside: [] },
  ])('GATE-5 $block', ({ inside, outside }) => {
    expect(passing(inside)).toEqual([]);
    expect(passing(outside)).toEqual(outside);
  });

  it('GATE-6 IPv4 inside IPv6 is refused whatever it embeds, and nothing opens it', () => {
    const embed = ['::ffff:', '::', '::ffff:0:', '64:ff9b::'];
    const open = new PeerGate({ allowPeers: ['0.0.0.0/0', '::/0'] });
    fc.assert(
      fc.property(fc.constantFrom(...embed), fc.ipV4(), (prefix, ip) => {
        expect(denial(`${prefix}${ip}`)).toBe('special-address');
        expect(open.denialOf(at(`${prefix}${ip}`))).toBe('special-address');
      }),
    );
  });
});

describe('addresses of this machine', () => {
  const ownAddresses = ['9.9.9.9', '2a00::9', '192.168.1.5'];

  it('GATE-8 they are refused although they are public', () => {
    expect(denial('9.9.9.9', { ownAddresses })).toBe('own-address');
    expect(denial('2a00::9', { ownAddresses })).toBe('own-address');
    expect(denial('9.9.9.10', { ownAddresses })).toBeUndefined();
  });

  it('GATE-8 no block opens them, only they themselves', () => {
    const block = { ownAddresses, allowPeers: ['192.168.0.0/16'] };
    expect(denial('192.168.1.4', block)).toBeUndefined();
    expect(denial('192.168.1.5', block)).toBe('own-address');
    const single = { ownAddresses, allowPeers: ['192.168.1.5'] };
    expect(denial('192.168.1.5', single)).toBeUndefined();
  });
});

describe('allowPeers', () => {
  it('GATE-10 opens blocks that are special, and no more than those', () => {
    const options = { allowPeers: ['192.168.1.0/24', 'fd12::/16', '127.0.0.1', '::1'] };
    const open = ['192.168.1.77', 'fd12:1::1', '127.0.0.1', '::1'];
    expect(passing(open, options)).toEqual(open);
    expect(
      passing(['192.168.2.1', 'fd13::1', '127.0.0.2', '::2', '::ffff:192.168.1.77'], options),
    ).toEqual([]);
  });

  it('GATE-10 the widest blocks open neither multicast nor the unspecified address', () => {
    const options = { allowPeers: ['0.0.0.0/0', '::/0'] };
    expect(
      passing(
        ['0.0.0.0', '0.0.0.1', '224.0.0.1', '255.255.255.255', '::', '::1', 'ff02::1'],
        options,
      ),
    ).toEqual([]);
    const open = ['10.0.0.1', '127.0.0.1', 'fe80::1', 'fd00::1'];
    expect(passing(open, options)).toEqual(open);
  });

  it.each([
    '0.0.0.0',
    '0.0.0.0/8',
    '224.0.0.0/4',
    '239.1.2.3',
    '255.255.255.255',
    '::',
    '::/96',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.0/104',
    '64:ff9b::/96',
    '2002:a00::/24',
    '2001::/32',
    'ff02::1',
  ])('GATE-11 %s cannot be opened', (block) => {
    expect(() => new PeerGate({ allowPeers: [block] })).toThrow(`"${block}" cannot be opened`);
  });

  it('GATE-11 a block that cannot be read is named', () => {
    expect(() => new PeerGate({ allowPeers: ['192.168.1.1/24'] })).toThrow('"192.168.1.1/24"');
    expect(() => new PeerGate({ ownAddresses: ['eth0'] })).toThrow('"eth0"');
  });
});
