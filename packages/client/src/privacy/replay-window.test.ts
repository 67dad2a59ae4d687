import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REPLAY_WINDOW, ReplayWindow } from './replay-window.ts';

function windowAfter(...counters: readonly number[]): ReplayWindow {
  const window = new ReplayWindow();
  for (const counter of counters) window.mark(counter);
  return window;
}

describe('ReplayWindow', () => {
  it('takes everything at first', () => {
    expect(windowAfter().isNew(0)).toBe(true);
    expect(windowAfter().isNew(Number.MAX_SAFE_INTEGER)).toBe(true);
  });

  it('knows what has come', () => {
    expect(windowAfter(0).isNew(0)).toBe(false);
    expect(windowAfter(0, 5).isNew(5)).toBe(false);
    expect(windowAfter(0, 5).isNew(3)).toBe(true);
  });

  it('ends 64 behind the newest', () => {
    expect(windowAfter(100).isNew(100 - REPLAY_WINDOW + 1)).toBe(true);
    expect(windowAfter(100).isNew(100 - REPLAY_WINDOW)).toBe(false);
  });

  it('forgets nothing inside when it moves', () => {
    expect(windowAfter(40, 100).isNew(40)).toBe(false);
    expect(windowAfter(40, 100, 103).isNew(40)).toBe(false);
    expect(windowAfter(40, 100, 104).isNew(40)).toBe(false);
  });

  it('takes each number once at most, whatever comes', () => {
    const counters = fc.array(fc.oneof(fc.nat(150), fc.maxSafeNat()), { maxLength: 300 });
    fc.assert(
      fc.property(counters, (all) => {
        const window = new ReplayWindow();
        const taken: number[] = [];
        for (const counter of all) {
          if (!window.isNew(counter)) continue;
          window.mark(counter);
          taken.push(counter);
        }
        expect(new Set(taken).size).toBe(taken.length);
      }),
    );
  });

  it('takes all that overtake each other by less than its size', () => {
    const shuffled = fc
      .array(fc.nat(REPLAY_WINDOW - 1), { minLength: 1, maxLength: 200 })
      .map((delays) =>
        delays
          .map((delay, counter) => ({ counter, at: counter + delay }))
          .toSorted((left, right) => left.at - right.at),
      );
    fc.assert(
      fc.property(shuffled, (order) => {
        const window = new ReplayWindow();
        for (const { counter } of order) {
          expect(window.isNew(counter)).toBe(true);
          window.mark(counter);
        }
      }),
    );
  });
});
