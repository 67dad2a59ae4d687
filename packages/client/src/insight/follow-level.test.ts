import { FakeClock } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { FakeTransceiver } from '../testing/fake-transceiver.ts';
import { followVoice } from './follow-level.ts';
import type { LevelSnapshot } from './silence.ts';

function setUp() {
  const clock = new FakeClock();
  const ending = new AbortController();
  const levels: LevelSnapshot[] = [];
  const voice = new FakeTransceiver('audio', 'sendrecv', {
    run: () => Promise.resolve(),
    onChange: () => {},
  });
  const peer = {
    snapshot: { microphone: { on: true, track: voice.receiver.track } },
    connection: { getTransceivers: () => [voice.dom] },
  };
  followVoice(peer, {
    setTimer: (callback, delayMs) => {
      const timer = clock.setTimeout(callback, delayMs);
      return () => clock.clearTimeout(timer);
    },
    set: (level) => levels.push(level),
    signal: ending.signal,
  });
  /** A packet with this amplitude arrives and is measured. */
  const hear = (audioLevel: number | undefined, rtpTimestamp: number): number | undefined => {
    const known = audioLevel === undefined ? {} : { audioLevel };
    voice.heard = [{ source: 1, timestamp: 0, rtpTimestamp, ...known }];
    clock.advance(100);
    return levels.at(-1)?.level;
  };
  return { clock, ending, levels, hear };
}

describe('followVoice', () => {
  it('measures ten times a second, from the first moment', () => {
    const { clock, levels } = setUp();
    expect(levels).toHaveLength(1);
    clock.advance(1000);
    expect(levels).toHaveLength(11);
  });

  it('tells how loud the newest packet is', () => {
    const { hear } = setUp();
    expect(hear(1, 10)).toBe(1);
    expect(hear(0.1, 20)).toBe(0.88);
  });

  it('is silent where there is no packet, or none that tells', () => {
    const { hear, levels } = setUp();
    expect(levels[0]?.level).toBe(0);
    expect(hear(undefined, 10)).toBe(0);
  });

  it('falls silent when no new packets come', () => {
    const { hear } = setUp();
    const levels = Array.from({ length: 20 }, () => hear(1, 10));
    expect(levels.slice(0, 3)).toEqual([1, 1, 1]);
    expect(levels.at(-1)).toBe(0);
  });

  it('ends with the signal, without a timer left', () => {
    const { clock, ending, levels } = setUp();
    ending.abort();
    clock.advance(1000);
    expect(levels).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });
});
