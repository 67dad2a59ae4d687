import { FakeClock } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { settle } from '../testing/settle.ts';
import { whenGathered } from './gathering.ts';

class Gathering extends EventTarget {
  iceGatheringState: RTCIceGatheringState = 'gathering';

  end(): void {
    this.iceGatheringState = 'complete';
    this.dispatchEvent(new Event('icegatheringstatechange'));
  }
}

function setUp() {
  const clock = new FakeClock();
  const connection = new Gathering();
  const lifetime = new AbortController();
  const log: string[] = [];
  const setTimer = (callback: () => void, delayMs: number): (() => void) => {
    const timer = clock.setTimeout(callback, delayMs);
    return () => clock.clearTimeout(timer);
  };
  const wait = (): void => {
    void whenGathered(connection, setTimer, lifetime.signal).then(() => log.push('gathered'));
  };
  return { clock, connection, lifetime, log, wait };
}

describe('whenGathered', () => {
  it.each<[string, (parts: ReturnType<typeof setUp>) => void]>([
    [
      'at once when nothing is left to find',
      ({ connection, wait }) => {
        connection.end();
        wait();
      },
    ],
    [
      'with the last candidate',
      ({ connection, wait }) => {
        wait();
        connection.end();
      },
    ],
    [
      'when the connection is closed',
      ({ lifetime, wait }) => {
        wait();
        lifetime.abort();
      },
    ],
    [
      'after a moment',
      ({ clock, wait }) => {
        wait();
        clock.advance(40);
      },
    ],
  ])('resolves %s, and leaves no timer', async (_when, go) => {
    const parts = setUp();
    go(parts);
    await settle();
    expect(parts.log).toEqual(['gathered']);
    expect(parts.clock.pendingTimers).toBe(0);
  });

  it('does not wait for a slow network', async () => {
    const { clock, log, wait } = setUp();
    wait();
    clock.advance(39);
    await settle();
    expect(log).toEqual([]);
    clock.advance(1);
    await settle();
    expect(log).toEqual(['gathered']);
  });
});
