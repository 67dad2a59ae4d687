import { FakeClock } from '@parley/testkit';
import { expect, it } from 'vitest';
import { ALONE_MS, ANSWER_MS, IdleGuard } from './idle-guard.ts';

function guarded(): { clock: FakeClock; guard: IdleGuard; left: () => number } {
  const clock = new FakeClock();
  let count = 0;
  const guard = new IdleGuard(
    () => {
      count += 1;
    },
    (run, ms) => {
      const timer = clock.setTimeout(run, ms);
      return () => clock.clearTimeout(timer);
    },
  );
  return { clock, guard, left: () => count };
}

it('asks who is alone for long, counts down, and leaves when nobody answers', () => {
  const { clock, guard, left } = guarded();
  guard.setAlone(true);
  clock.advance(ALONE_MS - 1);
  expect(guard.remainingMs.value).toBeUndefined();
  clock.advance(1);
  expect(guard.remainingMs.value).toBe(ANSWER_MS);
  clock.advance(5000);
  expect(guard.remainingMs.value).toBe(ANSWER_MS - 5000);
  clock.advance(ANSWER_MS);
  expect(left()).toBe(1);
  expect(clock.pendingTimers).toBe(0);
});

it('asks again after an answer, and never while somebody is there', () => {
  const { clock, guard, left } = guarded();
  guard.setAlone(true);
  clock.advance(ALONE_MS + 1000);
  guard.stay();
  expect(guard.remainingMs.value).toBeUndefined();
  clock.advance(ALONE_MS);
  expect(guard.remainingMs.value).toBe(ANSWER_MS);
  guard.setAlone(false);
  clock.advance(ALONE_MS * 3);
  expect([guard.remainingMs.value, left(), clock.pendingTimers]).toEqual([undefined, 0, 0]);
});
