import { describe, expect, it } from 'vitest';
import { FakeClock } from './fake-clock.ts';

describe('FakeClock', () => {
  it('fires timers by due time, and equal ones in the order they were set', () => {
    const clock = new FakeClock(1_000);
    const fired: string[] = [];
    clock.setTimeout(() => fired.push('late'), 30);
    clock.setTimeout(() => fired.push('early'), 10);
    clock.setTimeout(() => fired.push('early, set second'), 10);
    clock.advance(29);
    expect(fired).toEqual(['early', 'early, set second']);
    clock.advance(1);
    expect(fired).toEqual(['early', 'early, set second', 'late']);
    expect(clock.now()).toBe(1_030);
  });

  it('shows each callback the moment at which it was due', () => {
    const clock = new FakeClock();
    const seen: number[] = [];
    clock.setTimeout(() => seen.push(clock.now()), 5);
    clock.setTimeout(() => seen.push(clock.now()), 7);
    clock.advance(100);
    expect(seen).toEqual([5, 7]);
  });

  it('fires a timer that a callback sets, when it falls due in the same advance', () => {
    const clock = new FakeClock();
    const seen: number[] = [];
    clock.setTimeout(() => {
      clock.setTimeout(() => seen.push(clock.now()), 10);
      clock.setTimeout(() => seen.push(clock.now()), 1_000);
    }, 10);
    clock.advance(50);
    expect(seen).toEqual([20]);
    expect(clock.pendingTimers).toBe(1);
  });

  it('never fires a cleared timer, also when a callback clears it', () => {
    const clock = new FakeClock();
    const fired: string[] = [];
    const second = clock.setTimeout(() => fired.push('second'), 20);
    clock.setTimeout(() => clock.clearTimeout(second), 10);
    clock.advance(100);
    expect(fired).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('takes a negative delay as zero', () => {
    const clock = new FakeClock(50);
    const seen: number[] = [];
    clock.setTimeout(() => seen.push(clock.now()), -10);
    clock.advance(0);
    expect(seen).toEqual([50]);
  });
});
