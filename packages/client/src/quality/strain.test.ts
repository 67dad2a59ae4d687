import { describe, expect, it } from 'vitest';
import { NO_STRAIN, nextStrain } from './strain.ts';
import type { Strain } from './strain.ts';

const MOST = 4;

function look(strain: Strain, times: number, isOverloaded: boolean): Strain {
  let next = strain;
  for (let time = 0; time < times; time += 1) next = nextStrain(next, isOverloaded, MOST);
  return next;
}

describe('strain', () => {
  it('grows step by step while the processor is too slow', () => {
    expect([2, 3, 5, 6, 12, 40].map((looks) => look(NO_STRAIN, looks, true).level)).toEqual([
      0, 1, 1, 2, 4, 4,
    ]);
  });

  it('is not moved by moments', () => {
    let strain = NO_STRAIN;
    for (let round = 0; round < 20; round += 1) strain = look(look(strain, 2, true), 1, false);
    expect(strain.level).toBe(0);
  });

  it('eases after a calm', () => {
    const strained = look(NO_STRAIN, 3, true);
    expect(look(strained, 9, false).level).toBe(1);
    expect(look(strained, 10, false).level).toBe(0);
  });

  it('waits longer each time that easing was too early', () => {
    let strain = look(NO_STRAIN, 3, true);
    const calms: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      let calm = 0;
      for (; strain.level > 0; calm += 1) strain = nextStrain(strain, false, MOST);
      calms.push(calm);
      strain = look(strain, 3, true);
    }
    expect(calms).toEqual([10, 20, 40, 80, 160, 160]);
  });
});
