import { setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isTalking, killPaths, openCall, timeUntilTalking } from '../../test/fakes/call.ts';
import type { Guest } from '../../test/fakes/guest.ts';
import './link-watch.ts';

await import('./control-message.ts'); // so that nobody waits for it within a test

// Every rebuilt connection brings tracks of its own to listen to.
setMaxListeners(100);

const DOWN_MS = 10_000;

/** The server answers nothing any more; from the returned call on the connection is known to be broken. */
function silenceServer({ signaling }: Guest): () => void {
  const waiting: (() => void)[] = [];
  signaling.credentials = () =>
    new Promise((_resolve, reject) => {
      waiting.push(() => reject(new Error('connection lost')));
    });
  return () => {
    Reflect.deleteProperty(signaling, 'credentials');
    for (const fail of waiting) fail();
    signaling.drop();
  };
}

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

  it('begins another connection once more, with what the next server knows, when the server went away meanwhile', async () => {
    const call = await openCall();
    const { ada, bob, pass } = call;
    killPaths(call);
    const breaks = [silenceServer(ada), silenceServer(bob)];
    await pass(1_100);
    for (const breakOff of breaks) breakOff();
    await pass(400);
    // All that they had begun looks for a relay that is gone.
    killPaths(call);
    ada.signaling.restore();
    bob.signaling.restore();
    expect(await timeUntilTalking(call)).toBeLessThan(500);
  });
});
