import { expect, it } from 'vitest';
import { mintPeerId } from './mint-peer-id.ts';

const IDS = 2_000;

it('SIG-11 mints 16 characters that nobody can guess: each place takes each of the 64 values', () => {
  const ids = Array.from({ length: IDS }, mintPeerId);
  expect(new Set(ids).size).toBe(IDS);
  expect(ids.filter((id) => !/^[A-Za-z0-9_-]{16}$/u.test(id))).toEqual([]);
  // A counter, a clock or a shorter number would leave places that hardly change. By chance a
  // place misses one of 64 values in 2,000 ids once in more than 10^10 runs.
  const seen = Array.from({ length: 16 }, (_, place) => new Set(ids.map((id) => id[place])).size);
  expect(seen).toEqual(seen.map(() => 64));
});
