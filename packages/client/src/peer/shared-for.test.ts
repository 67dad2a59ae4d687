import { expect, it } from 'vitest';
import { settle } from '../testing/settle.ts';
import { sharedFor } from './shared-for.ts';

function setUp(outcome: () => Promise<void> = () => Promise.resolve()) {
  const time = { ms: 0 };
  const done = { times: 0 };
  const task = sharedFor(1_000, { now: () => time.ms }, () => {
    done.times += 1;
    return outcome();
  });
  return { time, done, task };
}

it('does a task once for those who ask soon after each other', async () => {
  const { time, done, task } = setUp();
  const first = task();
  time.ms = 999;
  expect(task()).toBe(first);
  await first;
  expect(done.times).toBe(1);
  time.ms = 1_000;
  await task();
  expect(done.times).toBe(2);
});

it('does it again when it has failed', async () => {
  const { done, task } = setUp(() => Promise.reject(new Error('no server')));
  await expect(task()).rejects.toThrow('no server');
  await settle();
  await expect(task()).rejects.toThrow('no server');
  expect(done.times).toBe(2);
});
