import { describe, expect, it } from 'vitest';
import { Pace, Strain } from './pace.ts';

/** How many pictures of one second are made, of a camera that gives so many. */
function madeOf(picturesPerSecond: number): number {
  const pace = new Pace();
  let made = 0;
  for (let at = 0; at < 10 * picturesPerSecond; at += 1) {
    if (pace.isDue((at * 1000) / picturesPerSecond)) made += 1;
  }
  return Math.round(made / 10);
}

describe('Pace', () => {
  it.each([
    [15, 15],
    [24, 24],
    [30, 24],
    [60, 24],
  ])('of %i pictures in a second makes %i', (given, made) => {
    expect(madeOf(given)).toBe(made);
  });

  it('does not make up for a camera that paused', () => {
    const pace = new Pace();
    pace.isDue(0);
    const after = [5000, 5001, 5002, 5003].filter((now) => pace.isDue(now));
    expect(after.length).toBeLessThanOrEqual(2);
  });
});

describe('Strain', () => {
  it('speaks when pictures take too long on the whole, not because of one', () => {
    const strain = new Strain();
    const quick = Array.from({ length: 200 }, (_, at) => strain.note(at === 50 ? 2000 : 20));
    expect(quick).not.toContain(true);
    const slow = Array.from({ length: 80 }, () => strain.note(150));
    expect(slow).toContain(true);
  });
});
