import { signal } from '@preact/signals';
import { FakeClock } from '@parley/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { blurState } from '../media/blur-state.ts';
import { BUSY_MS, watchBusy } from './watch-busy.ts';

type Limit = 'none' | 'cpu';

function fakePeer() {
  const watchers = new Set<() => void>();
  let limitedBy: Limit = 'none';
  return {
    link: {
      get snapshot() {
        return { limitedBy };
      },
      subscribe: (onChange: () => void) => {
        watchers.add(onChange);
        return () => void watchers.delete(onChange);
      },
    },
    say: (limit: Limit) => {
      limitedBy = limit;
      for (const watcher of watchers) watcher();
    },
  };
}

function setUp() {
  const clock = new FakeClock();
  const peer = fakePeer();
  let told = 0;
  const stop = watchBusy({
    peers: signal({ peers: [peer] }),
    onBusy: () => (told += 1),
    setTimer: (run, ms) => {
      const timer = clock.setTimeout(run, ms);
      return () => clock.clearTimeout(timer);
    },
  });
  return { clock, peer, stop, told: () => told };
}

describe('watchBusy', () => {
  afterEach(() => {
    blurState.value = 'off';
  });

  it('speaks when this device is too slow for a blurred background', () => {
    const { clock, told, stop } = setUp();
    blurState.value = 'slow';
    clock.advance(BUSY_MS);
    expect(told()).toBe(1);
    stop();
  });

  it('speaks when the processor has held pictures back for some seconds, and once', () => {
    const { clock, peer, told } = setUp();
    peer.say('cpu');
    clock.advance(BUSY_MS - 1);
    expect(told()).toBe(0);
    clock.advance(BUSY_MS);
    expect(told()).toBe(1);
  });

  it('a short moment is no trouble, and the end leaves no timer', () => {
    const { clock, peer, told, stop } = setUp();
    peer.say('cpu');
    clock.advance(BUSY_MS - 1);
    peer.say('none');
    clock.advance(BUSY_MS);
    peer.say('cpu');
    stop();
    expect([told(), clock.pendingTimers]).toEqual([0, 0]);
  });
});
