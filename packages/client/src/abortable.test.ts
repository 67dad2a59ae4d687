import { FakeClock } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { abortable, withDeadline } from './abortable.ts';
import type { SetTimer } from './platform.ts';

function timerOf(clock: FakeClock): SetTimer {
  return (callback, delayMs) => {
    const timer = clock.setTimeout(callback, delayMs);
    return () => clock.clearTimeout(timer);
  };
}

const never = new Promise<string>(() => {});

describe('abortable', () => {
  it('settles like the promise', async () => {
    const { signal } = new AbortController();
    await expect(abortable(Promise.resolve(1), signal)).resolves.toBe(1);
    await expect(abortable(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
  });

  it('rejects with the reason, before and during', async () => {
    const controller = new AbortController();
    const pending = abortable(never, controller.signal);
    controller.abort(new Error('enough'));
    await expect(pending).rejects.toThrow('enough');
    await expect(abortable(never, controller.signal)).rejects.toThrow('enough');
  });
});

describe('withDeadline', () => {
  it('rejects with its error when time is up', async () => {
    const clock = new FakeClock();
    const pending = withDeadline(
      { setTimer: timerOf(clock), delayMs: 100, error: () => new Error('late') },
      (signal) => abortable(never, signal),
    );
    clock.advance(99);
    expect(clock.pendingTimers).toBe(1);
    clock.advance(1);
    await expect(pending).rejects.toThrow('late');
  });

  it('leaves no timer behind', async () => {
    const clock = new FakeClock();
    const deadline = { setTimer: timerOf(clock), delayMs: 100, error: () => new Error('late') };
    await expect(withDeadline(deadline, () => Promise.resolve('done'))).resolves.toBe('done');
    await expect(withDeadline(deadline, () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    );
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends with the reason of the caller', async () => {
    const clock = new FakeClock();
    const controller = new AbortController();
    const pending = withDeadline(
      {
        setTimer: timerOf(clock),
        delayMs: 100,
        signal: controller.signal,
        error: () => new Error('late'),
      },
      (signal) => abortable(never, signal),
    );
    controller.abort(new Error('the person closed the page'));
    await expect(pending).rejects.toThrow('the person closed the page');
    expect(clock.pendingTimers).toBe(0);
  });
});
