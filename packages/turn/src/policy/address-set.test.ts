import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIp, parseAddress } from '../wire/address-text.ts';
import { emptyAddress } from '../wire/transport-address.ts';
import type { AddressFamily, TransportAddress } from '../wire/transport-address.ts';
import { AddressSet, isSingleAddress } from './address-set.ts';

function at(ip: string): TransportAddress {
  return parseAddress(ip, 1) ?? emptyAddress();
}

/** The address as one number. */
function numberOf({ word0, word1, word2, word3 }: TransportAddress): bigint {
  return [word0, word1, word2, word3].reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
}

function addressOf(family: AddressFamily, value: bigint): TransportAddress {
  const word = (shift: bigint): number => Number((value >> shift) & 0xffff_ffffn);
  const [word0, word1, word2, word3] = [word(96n), word(64n), word(32n), word(0n)];
  return { family, word0, word1, word2, word3, port: 0 };
}

function bitsOf(family: AddressFamily): number {
  return family === 4 ? 32 : 128;
}

interface Block {
  readonly family: AddressFamily;
  readonly first: bigint;
  readonly last: bigint;
  readonly text: string;
}

function blockOf(family: AddressFamily, value: bigint, prefix: number): Block {
  const hostBits = BigInt(bitsOf(family) - prefix);
  const first = (value >> hostBits) << hostBits;
  const last = first + (1n << hostBits) - 1n;
  return { family, first, last, text: `${formatIp(addressOf(family, first))}/${prefix}` };
}

/** Blocks that often touch, overlap and hold each other. */
const families = fc.constantFrom<AddressFamily>(4, 6);
const blocks = families.chain((family) =>
  fc
    .tuple(fc.bigInt(0n, (1n << BigInt(bitsOf(family))) - 1n), fc.nat(bitsOf(family)), fc.boolean())
    .map(([value, prefix, isLow]) => blockOf(family, isLow ? value % 4096n : value, prefix)),
);

function outcomeOf(block: string): string {
  try {
    return `size ${new AddressSet([block]).size}`;
  } catch (error) {
    return error instanceof Error ? error.name : 'no error';
  }
}

describe('AddressSet', () => {
  it('GATE-1 agrees with arithmetic on whole numbers, at every edge', () => {
    fc.assert(
      fc.property(fc.array(blocks, { minLength: 1, maxLength: 12 }), blocks, (list, probe) => {
        const set = new AddressSet(list.map((block) => block.text));
        const edges = [...list, probe].flatMap(({ family, first, last }) =>
          [first - 1n, first, last, last + 1n].map((value) => ({ family, value })),
        );
        for (const { family, value } of edges) {
          if (value < 0n || value >= 1n << BigInt(bitsOf(family))) continue;
          const expected = list.some(
            (block) => block.family === family && value >= block.first && value <= block.last,
          );
          expect(set.has(addressOf(family, value))).toBe(expected);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('GATE-1 tells a word with its top bit set from a small one', () => {
    const set = new AddressSet(['8000::/1', '128.0.0.0/1']);
    expect(set.has(at('ffff::1'))).toBe(true);
    expect(set.has(at('7fff::1'))).toBe(false);
    expect(set.has(at('255.0.0.1'))).toBe(true);
    expect(set.has(at('127.255.255.255'))).toBe(false);
    // As a decoder may leave it when it works with signed numbers.
    expect(set.has({ ...at('255.0.0.1'), word3: 0xff000001 | 0 })).toBe(true);
  });

  it('GATE-1 keeps IPv4 and IPv6 apart', () => {
    const set = new AddressSet(['::/96', '10.0.0.0/8']);
    expect(set.has(at('127.0.0.1'))).toBe(false);
    expect(set.has(at('::127.0.0.1'))).toBe(true);
    expect(set.has(at('::ffff:10.0.0.1'))).toBe(false);
  });

  it('GATE-1 reads back what the numbers say', () => {
    fc.assert(
      fc.property(families, fc.bigInt(0n, (1n << 128n) - 1n), (family, any) => {
        const value = any & ((1n << BigInt(bitsOf(family))) - 1n);
        expect(numberOf(at(formatIp(addressOf(family, value))))).toBe(value);
      }),
    );
  });

  it('GATE-2 joins blocks that hold each other', () => {
    const set = new AddressSet(['10.1.0.0/16', '10.0.0.0/8', '10.0.0.1', '10.0.0.0/8']);
    expect(set.size).toBe(1);
    expect(set.has(at('10.255.255.255'))).toBe(true);
    expect(new AddressSet([]).has(at('10.0.0.0'))).toBe(false);
  });

  it('GATE-2 tells whether it holds a whole block', () => {
    const set = new AddressSet(['10.0.0.0/8', 'fc00::/7']);
    expect(set.holds('10.0.0.0/8')).toBe(true);
    expect(set.holds('10.200.0.1')).toBe(true);
    expect(set.holds('fd00::/8')).toBe(true);
    expect(set.holds('10.0.0.0/7')).toBe(false);
    expect(set.holds('0.0.0.0/0')).toBe(false);
    expect(set.holds('::/0')).toBe(false);
  });

  it.each([
    { block: '', says: 'is not an address block' },
    { block: 'localhost', says: 'is not an address block' },
    { block: '10.0.0/8', says: 'is not an address block' },
    { block: '10.0.0.0/', says: 'is not an address block' },
    { block: '10.0.0.0/08', says: 'is not an address block' },
    { block: '10.0.0.0/-1', says: 'is not an address block' },
    { block: '10.0.0.0/8/8', says: 'is not an address block' },
    { block: ' 10.0.0.0/8', says: 'is not an address block' },
    { block: 'fe80::1%eth0', says: 'without its zone' },
    { block: '10.0.0.0/33', says: 'IPv4 block is 0 to 32' },
    { block: '::/129', says: 'IPv6 block is 0 to 128' },
    { block: '10.0.0.1/8', says: 'bits behind its prefix' },
    { block: '2001:db8::1/64', says: 'bits behind its prefix' },
  ])('GATE-3 refuses "$block": $says', ({ block, says }) => {
    expect(() => new AddressSet(['192.0.2.0/24', block])).toThrow(RangeError);
    expect(() => new AddressSet([block])).toThrow(says);
  });

  it('GATE-3 any text is a block or a RangeError', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4Extended(), fc.ipV6()), fc.string(), (ip, rest) => {
        expect(['size 1', 'RangeError']).toContain(outcomeOf(ip));
        expect(['size 1', 'RangeError']).toContain(outcomeOf(`${ip}/${rest}`));
      }),
    );
  });

  it('GATE-3 knows a single address', () => {
    for (const block of ['10.0.0.1', '10.0.0.1/32', '::1', '::1/128']) {
      expect(isSingleAddress(block)).toBe(true);
    }
    for (const block of ['10.0.0.0/31', '::/127', '0.0.0.0/0']) {
      expect(isSingleAddress(block)).toBe(false);
    }
  });
});
