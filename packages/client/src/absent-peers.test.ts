import { FakeClock } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { peerId } from './testing/fake-server.ts';
import { AbsentPeers } from './absent-peers.ts';

const ADA = peerId('ada');
const BOB = peerId('bob');

function setUp() {
  const clock = new FakeClock();
  const reached = new Set([ADA, BOB]);
  const dropped: string[] = [];
  const absent = new AbsentPeers({
    setTimer: (callback, delayMs) => {
      const timer = clock.setTimeout(callback, delayMs);
      return () => clock.clearTimeout(timer);
    },
    isReached: (id) => reached.has(id),
    drop: (id) => dropped.push(`${id} at ${clock.now()}`),
  });
  return { clock, reached, dropped, absent };
}

describe('AbsentPeers', () => {
  it('SIG-82 keeps whom we reach, and drops them soon after that ends', () => {
    const { clock, reached, dropped, absent } = setUp();
    absent.add(ADA);
    clock.advance(60_000);
    expect(dropped).toEqual([]);
    reached.delete(ADA);
    clock.advance(5_000);
    expect(dropped).toEqual(['ada at 65000']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('SIG-82 gives everybody their time to come back', () => {
    const { clock, reached, dropped, absent } = setUp();
    reached.clear();
    absent.add(ADA, 30_000);
    absent.add(BOB);
    clock.advance(29_999);
    expect(dropped).toEqual(['bob at 5000']);
    clock.advance(1);
    expect(dropped).toEqual(['bob at 5000', 'ada at 30000']);
  });

  it('forgets who is back, and everybody at the end', () => {
    const { clock, reached, dropped, absent } = setUp();
    reached.clear();
    absent.add(ADA);
    absent.add(BOB);
    absent.delete(ADA);
    absent.delete(ADA);
    expect(clock.pendingTimers).toBe(1);
    absent.delete(BOB);
    expect(clock.pendingTimers).toBe(0);
    absent.add(BOB);
    absent.close();
    clock.advance(60_000);
    expect(dropped).toEqual([]);
  });
});
