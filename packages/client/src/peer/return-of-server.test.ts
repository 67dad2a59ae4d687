import { setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isTalking, killPaths, openCall, timeUntilTalking } from '../../test/fakes/call.ts';
import './link-watch.ts';

await import('./control-message.ts'); // so that nobody waits for it within a test

// Every rebuilt connection brings tracks of its own to listen to.
setMaxListeners(100);

const DOWN_MS = 10_000;
describe('a call whose server dies, and its path with it', () => {
  const CASES = [
    { first: 'ada', gapMs: 50 },
    { first: 'ada', gapMs: 1_500 },
    { first: 'ada', gapMs: 6_000 },
    { first: 'bob', gapMs: 50 },
    { first: 'bob', gapMs: 1_500 },
    { first: 'bob', gapMs: 6_000 },
  ] as const;
  it.each(CASES)(
    'is back as soon as both have found the server, $first first by $gapMs ms',
    async ({ first, gapMs }) => {
      const call = await openCall();
      const { server, ada, bob, pass } = call;
      const second = first === 'ada' ? bob : ada;
      server.restart();
      killPaths(call);
      await pass(DOWN_MS);
      expect([isTalking(ada), isTalking(bob)]).toEqual([false, false]);
      call[first].signaling.restore();
      await pass(gapMs);
      second.signaling.restore();
      expect(await timeUntilTalking(call)).toBeLessThan(500);
    },
  );
});
