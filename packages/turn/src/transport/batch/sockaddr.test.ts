import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../wire/address-text.ts';
import { emptyAddress } from '../../wire/transport-address.ts';
import type { TransportAddress } from '../../wire/transport-address.ts';
import { SOCKADDR } from './linux-abi.ts';
import { isSockaddrOf, readSockaddr, writeSockaddr } from './sockaddr.ts';

const ADDRESSES: [string, number, string][] = [
  ['192.0.2.1', 443, '020001bbc0000201'],
  ['255.254.253.252', 65_535, '0200fffffffefdfc'],
  ['2001:db8:8000::f', 0x8001, '0a0080010000000020010db880000000000000000000000f00000000'],
];

function address(text: string, port: number): TransportAddress {
  const parsed = parseAddress(text, port);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

describe('sockaddr', () => {
  it.each(ADDRESSES)(
    'writes %s port %i as the system reads it, and reads it back',
    (text, port, hex) => {
      const words = new Uint32Array(2 * SOCKADDR.words);
      const length = writeSockaddr(words, SOCKADDR.words, address(text, port));
      const bytes = Buffer.from(words.buffer, SOCKADDR.words * 4);
      expect(bytes.toString('hex', 0, hex.length / 2)).toBe(hex);
      expect(length).toBe(text.includes(':') ? SOCKADDR.ipv6Bytes : SOCKADDR.ipv4Bytes);
      const read = emptyAddress();
      readSockaddr(words, SOCKADDR.words, read);
      expect(read).toEqual(address(text, port));
    },
  );

  it('overwrites a longer address completely', () => {
    const words = new Uint32Array(SOCKADDR.words);
    writeSockaddr(words, 0, address('2001:db8::1', 1));
    writeSockaddr(words, 0, address('192.0.2.1', 2));
    const read = address('2001:db8::1', 1);
    readSockaddr(words, 0, read);
    expect(read).toEqual(address('192.0.2.1', 2));
  });

  it('compares family, port and every word', () => {
    const own = address('2001:db8:1:2:3:4:5:6', 7);
    const words = new Uint32Array(SOCKADDR.words);
    writeSockaddr(words, 0, own);
    expect(isSockaddrOf(words, 0, own)).toBe(true);
    for (const other of [
      '2001:db9:1:2:3:4:5:6',
      '2001:db8:1:3:3:4:5:6',
      '2001:db8:1:2:3:5:5:6',
      '2001:db8:1:2:3:4:5:7',
    ]) {
      expect(isSockaddrOf(words, 0, address(other, 7))).toBe(false);
    }
    expect(isSockaddrOf(words, 0, { ...own, port: 8 })).toBe(false);
    expect(isSockaddrOf(words, 0, { ...own, family: 4 })).toBe(false);
  });
});
