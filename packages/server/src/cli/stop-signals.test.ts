import { FakeClock } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { untilStopped } from './stop-signals.ts';
import type { StopSignal } from './stop-signals.ts';

function setUp() {
  const clock = new FakeClock();
  const listeners = new Map<StopSignal, () => void>();
  const ended: StopSignal[] = [];
  const stopped = untilStopped({
    on: (signal, listener) => listeners.set(signal, listener),
    now: clock.now,
    endAtOnce: (signal) => ended.push(signal),
  });
  return { clock, ended, stopped, send: (signal: StopSignal) => listeners.get(signal)?.() };
}

describe('untilStopped', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('hears %s', async (signal) => {
    const { send, stopped, ended } = setUp();
    send(signal);
    await stopped;
    expect(ended).toEqual([]);
  });

  it('takes two signals of one Ctrl+C for one wish', async () => {
    const { send, stopped, ended, clock } = setUp();
    send('SIGINT');
    clock.advance(50);
    send('SIGINT');
    await stopped;
    expect(ended).toEqual([]);
  });

  it('ends at once when somebody asks again, in either way', async () => {
    const { send, stopped, ended, clock } = setUp();
    send('SIGTERM');
    await stopped;
    clock.advance(1000);
    send('SIGINT');
    expect(ended).toEqual(['SIGINT']);
  });
});
