import { describe, expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

function setUp(burst: number, perSecond: number) {
  let now = 1000;
  const bucket = new TokenBucket({ burst, perSecond }, () => now);
  const takeAll = (): number => {
    let taken = 0;
    while (bucket.take()) taken += 1;
    return taken;
  };
  return { bucket, takeAll, advance: (ms: number) => (now += ms) };
}

describe('TokenBucket', () => {
  it('SIG-50 gives a whole burst at once, then nothing', () => {
    const { bucket, takeAll } = setUp(600, 60);
    expect(takeAll()).toBe(600);
    expect(bucket.take()).toBe(false);
  });

  it('SIG-50 refills steadily', () => {
    const { takeAll, advance } = setUp(600, 60);
    takeAll();
    advance(500);
    expect(takeAll()).toBe(30);
    advance(10);
    expect(takeAll()).toBe(0);
    advance(10);
    expect(takeAll()).toBe(1);
  });

  it('SIG-50 never holds more than a burst', () => {
    const { takeAll, advance } = setUp(5, 60);
    advance(3_600_000);
    expect(takeAll()).toBe(5);
  });

  it('SIG-50 makes a large message wait off its weight', () => {
    const { bucket, takeAll, advance } = setUp(10, 10);
    bucket.take();
    bucket.charge(19);
    expect(takeAll()).toBe(0);
    advance(1000);
    expect(takeAll()).toBe(0);
    advance(100);
    expect(takeAll()).toBe(1);
  });
});
