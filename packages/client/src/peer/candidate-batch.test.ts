import { FakeClock } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { CandidateBatch } from './candidate-batch.ts';

function setUp() {
  const clock = new FakeClock();
  const sent: string[] = [];
  const batch = new CandidateBatch(
    (callback, delayMs) => {
      const timer = clock.setTimeout(callback, delayMs);
      return () => clock.clearTimeout(timer);
    },
    (candidates) => sent.push(candidates.map(({ candidate }) => candidate).join(' ')),
  );
  return { clock, sent, batch };
}

describe('CandidateBatch', () => {
  it('SIG-78 sends what comes within a moment as one', () => {
    const { clock, sent, batch } = setUp();
    batch.add({ candidate: 'one' });
    clock.advance(15);
    batch.add({ candidate: 'two' });
    expect(sent).toEqual([]);
    clock.advance(5);
    batch.add({ candidate: 'three' });
    clock.advance(20);
    expect(sent).toEqual(['one two', 'three']);
  });

  it('sends nothing once it is closed, and leaves no timer', () => {
    const { clock, sent, batch } = setUp();
    batch.add({ candidate: 'one' });
    batch.close();
    clock.advance(20);
    expect(sent).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });
});
