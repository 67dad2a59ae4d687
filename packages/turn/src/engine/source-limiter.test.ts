import { expect, it } from 'vitest';
import { parseAddress } from '../wire/address-text.ts';
import { emptyAddress } from '../wire/transport-address.ts';
import type { TransportAddress } from '../wire/transport-address.ts';
import { SourceLimiter } from './source-limiter.ts';
import { TokenBucket } from './token-bucket.ts';

const RATE = { perSecond: 10, burst: 20 };

function from(ip: string): TransportAddress {
  return parseAddress(ip, 1000) ?? emptyAddress();
}

function takeMany(limiter: SourceLimiter, ip: string, nowMs: number): number {
  let taken = 0;
  while (taken < 1000 && limiter.take(from(ip), nowMs)) taken += 1;
  return taken;
}

it('LIM-1 a source may spend its burst, then what comes back', () => {
  const limiter = new SourceLimiter(RATE, 5000, 1);
  expect(takeMany(limiter, '192.0.2.1', 5000)).toBe(20);
  expect(takeMany(limiter, '192.0.2.1', 5500)).toBe(5);
  expect(takeMany(limiter, '192.0.2.1', 5550)).toBe(0);
  expect(takeMany(limiter, '192.0.2.1', 5600)).toBe(1);
  expect(takeMany(limiter, '192.0.2.1', 3_605_600)).toBe(20);
});

it('LIM-1 one source does not use up what another one has', () => {
  const limiter = new SourceLimiter(RATE, 0, 1);
  takeMany(limiter, '192.0.2.1', 0);
  expect(takeMany(limiter, '192.0.2.2', 0)).toBe(20);
});

it('LIM-1 the addresses of one IPv6 subscriber share a bucket', () => {
  const limiter = new SourceLimiter(RATE, 0, 1);
  takeMany(limiter, '2001:db8:0:1::1', 0);
  expect(takeMany(limiter, '2001:db8:0:1::2', 0)).toBe(0);
  expect(takeMany(limiter, '2001:db8:0:2::1', 0)).toBe(20);
});

it('LIM-1 many forged sources leave most others their tokens', () => {
  const limiter = new SourceLimiter(RATE, 0, 1);
  for (let index = 0; index < 100_000; index += 1) {
    limiter.take({ ...emptyAddress(), word3: index * 40_000 }, 0);
  }
  expect(takeMany(limiter, '192.0.2.9', 0)).toBeGreaterThan(5);
});

it('LIM-2 a bucket refuses what costs more than it has, and takes nothing then', () => {
  const bucket = new TokenBucket(RATE, 0);
  expect(bucket.take(RATE, 15, 0)).toBe(true);
  expect(bucket.take(RATE, 15, 0)).toBe(false);
  expect(bucket.take(RATE, 5, 0)).toBe(true);
  expect(bucket.take(RATE, 15, 1500)).toBe(true);
});

it('LIM-2 an unlimited bucket never refuses', () => {
  const rate = { perSecond: Infinity, burst: Infinity };
  expect(new TokenBucket(rate, 0).take(rate, 1e12, 0)).toBe(true);
  expect(new SourceLimiter(rate, 0).take(from('192.0.2.1'), 0)).toBe(true);
});
