import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextBudget, startBudget } from './uplink-budget.ts';
import type { PathReading, UplinkBudget } from './uplink-budget.ts';

const MOST = 2_500_000;

/** Paths that share one uplink, each allotted the same. */
function pathsOf(count: number, allotted: number, available: number): readonly PathReading[] {
  return Array.from({ length: count }, () => ({ allotted, available, isSettled: true }));
}

/** Budgets over time, when an uplink of `capacity` is shared by `count`. */
function follow(capacity: number, count: number, looks: number): readonly number[] {
  let budget: UplinkBudget = startBudget(MOST);
  return Array.from({ length: looks }, () => {
    const allotted = budget.bitrate / count;
    budget = nextBudget(budget, pathsOf(count, allotted, capacity / count), MOST);
    return budget.bitrate;
  });
}

describe('the budget', () => {
  it('follows an uplink that carries less than was thought', () => {
    expect(follow(800_000, 4, 2)).toEqual([MOST, 800_000]);
  });

  it('is not lowered by what is over at the next look', () => {
    const few = pathsOf(4, MOST / 4, 100_000);
    const enough = pathsOf(4, MOST / 4, MOST / 4);
    let budget = startBudget(MOST);
    for (const paths of [few, enough, few, enough]) budget = nextBudget(budget, paths, MOST);
    expect(budget).toEqual(startBudget(MOST));
  });

  it('is not lowered while somebody is new', () => {
    const newcomer = { available: 90_000, allotted: MOST / 4, isSettled: false };
    const paths = [...pathsOf(3, MOST / 4, 100_000), newcomer];
    let budget = startBudget(MOST);
    for (let look = 0; look < 5; look += 1) budget = nextBudget(budget, paths, MOST);
    expect(budget.bitrate).toBe(MOST);
  });

  it('never leaves what is allowed', () => {
    const reading = fc.record({
      available: fc.option(fc.nat(9_000_000), { nil: undefined }),
      allotted: fc.nat(3_000_000),
      isSettled: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.array(reading, { maxLength: 8 })), (looks) => {
        let budget = startBudget(MOST);
        for (const paths of looks) {
          budget = nextBudget(budget, paths, MOST);
          expect(budget.bitrate).toBeGreaterThanOrEqual(64_000);
          expect(budget.bitrate).toBeLessThanOrEqual(MOST);
        }
      }),
    );
  });

  it('tries for more ever more seldom', () => {
    const budgets = follow(1_000_000, 4, 300);
    const falls = budgets.flatMap((bitrate, at) => {
      const before = budgets[at - 1];
      return before !== undefined && bitrate < before ? [at] : [];
    });
    const early = falls.filter((at) => at < 150).length;
    const late = falls.filter((at) => at >= 150).length;
    expect(late).toBeLessThan(early);
    expect(late).toBeLessThanOrEqual(5);
    for (const bitrate of budgets.slice(1)) expect(bitrate).toBeLessThan(1_000_000 * 1.35);
  });

  it('rises when the uplink carries more again', () => {
    let budget: UplinkBudget = { bitrate: 300_000, wait: 4, patience: 8 };
    for (let look = 0; look < 40; look += 1) {
      budget = nextBudget(budget, pathsOf(3, budget.bitrate / 3, MOST), MOST);
    }
    expect(budget).toEqual(startBudget(MOST));
  });

  it.each([
    ['one slow receiver among three', [200_000, 900_000, 900_000], true],
    ['connections that are still finding out', [200_000, 200_000], false],
    ['a browser that does not say', [undefined, undefined], true],
  ])('is not lowered by %s', (_what, estimates, isSettled) => {
    const paths = estimates.map((available) => ({ available, allotted: 800_000, isSettled }));
    expect(nextBudget(startBudget(MOST), paths, MOST).bitrate).toBe(MOST);
  });
});
