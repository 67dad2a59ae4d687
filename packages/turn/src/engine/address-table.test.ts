import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatAddress } from '../wire/address-text.ts';
import type { TransportAddress } from '../wire/transport-address.ts';
import { AddressTable } from './address-table.ts';

/** Few different keys, so that they meet often. */
const key = fc.record({
  scope: fc.nat(2),
  address: fc.record({
    family: fc.constantFrom(4 as const, 6 as const),
    word0: fc.constantFrom(0, 0x20010db8),
    word1: fc.constant(0),
    word2: fc.constant(0),
    word3: fc.constantFrom(1, 2, 0xffff_ffff),
    port: fc.nat(20),
  }),
});

function v4(address: TransportAddress): TransportAddress {
  return address.family === 4 ? { ...address, word0: 0 } : address;
}

it('ENG-1 behaves like a map under any sequence of operations', () => {
  const operation = fc.tuple(fc.constantFrom('set', 'delete'), key, fc.nat());
  fc.assert(
    fc.property(
      fc.array(operation, { minLength: 1, maxLength: 400 }),
      fc.nat(),
      (operations, seed) => {
        const table = new AddressTable<number>(seed);
        const model = new Map<string, number>();
        for (const [action, { scope, address: raw }, value] of operations) {
          const address = v4(raw);
          const name = `${scope} ${formatAddress(address)}`;
          const existed = model.has(name);
          if (action === 'set') {
            table.set(scope, address, value);
            model.set(name, value);
          } else if (table.delete(scope, address) === existed) {
            model.delete(name);
          }
          expect(table.find(scope, address)).toBe(model.get(name));
          expect(table.size).toBe(model.size);
        }
        for (const [, { scope, address: raw }] of operations) {
          const address = v4(raw);
          const name = `${scope} ${formatAddress(address)}`;
          expect(table.find(scope, address)).toBe(model.get(name));
        }
      },
    ),
  );
});

function numbered(index: number): TransportAddress {
  return { family: 4, word0: 0, word1: 0, word2: 0, word3: index * 256, port: index & 0xffff };
}

it('ENG-1 holds many values and gives them all back', () => {
  const table = new AddressTable<number>(1);
  for (let index = 0; index < 20_000; index += 1) table.set(7, numbered(index), index);
  for (let index = 0; index < 20_000; index += 2) table.delete(7, numbered(index));
  const found = Array.from({ length: 20_000 }, (_, index) => table.find(7, numbered(index)));
  expect(table.size).toBe(10_000);
  expect(found.every((value, index) => value === (index % 2 === 0 ? undefined : index))).toBe(true);
});
