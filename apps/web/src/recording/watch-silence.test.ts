import { expect, it } from 'vitest';
import { PATIENCE_MS, watchSilence } from './watch-silence.ts';

class FakeMixer extends EventTarget {
  state: AudioContextState = 'suspended';

  become(state: AudioContextState): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

function setUp() {
  const mixer = new FakeMixer();
  const told: boolean[] = [];
  const timers = new Map<() => void, number>();
  const stop = watchSilence(mixer, {
    onChange: (isSilent) => told.push(isSilent),
    setTimer: (run, ms) => {
      timers.set(run, ms);
      return () => timers.delete(run);
    },
  });
  const passPatience = (): void => {
    for (const [run, ms] of timers) if (ms === PATIENCE_MS) run();
  };
  return { mixer, told, timers, stop, passPatience };
}

it('a mixer that never begins is silent, though nothing happens', () => {
  const { told, passPatience } = setUp();
  expect(told).toEqual([]);
  passPatience();
  expect(told).toEqual([true]);
});

it('a mixer that begins is not silent, and is when it is interrupted', () => {
  const { mixer, told, passPatience } = setUp();
  mixer.become('running');
  passPatience();
  expect(told).toEqual([false, false]);
  mixer.become('suspended');
  expect(told.at(-1)).toBe(true);
});

it('nothing is told any more afterwards, and no timer is left', () => {
  const { mixer, told, timers, stop } = setUp();
  stop();
  mixer.become('closed');
  expect([told, timers.size]).toEqual([[], 0]);
});
