import { FakeClock } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { ConnectionLimit } from './connection-limit.ts';

const CLIENT = '192.0.2.1';

/** Whether one more is allowed after 300 have come. */
function many(limit: ConnectionLimit, address: string): boolean {
  for (let n = 0; n < 300; n += 1) if (limit.allows(address)) limit.opened(address);
  return limit.allows(address);
}

describe('ConnectionLimit', () => {
  it('LIMIT-1 counts those that are open, by address', () => {
    const clock = new FakeClock();
    const limit = new ConnectionLimit(2, clock.now);
    for (let n = 0; n < 2; n += 1) {
      expect(limit.allows(CLIENT)).toBe(true);
      limit.opened(CLIENT);
    }
    clock.advance(60_000);
    expect(limit.allows(CLIENT)).toBe(false);
    expect(limit.allows(`::ffff:${CLIENT}`)).toBe(false);
    expect(limit.allows('192.0.2.2')).toBe(true);
    limit.closed(CLIENT);
    expect(limit.allows(CLIENT)).toBe(true);
  });

  it('LIMIT-2 slows down who opens and closes all the time', () => {
    const clock = new FakeClock();
    const limit = new ConnectionLimit(20, clock.now);
    const tries = (): number => {
      let allowed = 0;
      for (let n = 0; n < 100; n += 1) allowed += Number(limit.allows(CLIENT));
      return allowed;
    };
    expect(tries()).toBe(20);
    clock.advance(1_000);
    expect(tries()).toBe(10);
  });

  it('LIMIT-1 lets a proxy on this machine stand for everybody, unless the owner says otherwise', () => {
    const clock = new FakeClock();
    expect(many(new ConnectionLimit(undefined, clock.now), '127.0.0.1')).toBe(true);
    expect(many(new ConnectionLimit(undefined, clock.now), CLIENT)).toBe(false);
    expect(many(new ConnectionLimit(100, clock.now), '127.0.0.1')).toBe(false);
  });
});
