import { FakeClock } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { Redial } from './redial.ts';

function setUp() {
  const clock = new FakeClock();
  const dialled: number[] = [];
  const redial = new Redial(
    (callback, delayMs) => {
      const timer = clock.setTimeout(callback, delayMs);
      return () => clock.clearTimeout(timer);
    },
    () => dialled.push(clock.now()),
  );
  return { clock, dialled, redial };
}

/** Waits until it dials, and says how long that took. */
function wait({ clock, dialled }: ReturnType<typeof setUp>): number {
  const before = [clock.now(), dialled.length] as const;
  while (dialled.length === before[1]) clock.advance(10);
  return clock.now() - before[0];
}

describe('Redial', () => {
  it('dials soon at first, then more and more rarely, never all at the same time', () => {
    const parts = setUp();
    const patient = Array<number>(20).fill(1_000);
    for (const longest of [10, 300, 700, ...patient, 3_000, 5_000, 7_000, 7_000]) {
      parts.redial.failed();
      const waited = wait(parts);
      expect(waited).toBeLessThanOrEqual(longest + 10);
      expect(waited).toBeGreaterThanOrEqual(longest * 0.6 - 10);
    }
  });

  it('begins again after a success', () => {
    const parts = setUp();
    for (let round = 0; round < 4; round += 1) {
      parts.redial.failed();
      wait(parts);
    }
    parts.redial.reset();
    parts.redial.failed();
    expect(wait(parts)).toBe(10);
  });

  it('dials once, however often it fails meanwhile, and not after the end', () => {
    const { redial, clock, dialled } = setUp();
    redial.failed();
    redial.failed();
    clock.advance(60_000);
    expect(dialled).toHaveLength(1);
    redial.failed();
    redial.cancel();
    clock.advance(60_000);
    expect(dialled).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });
});
