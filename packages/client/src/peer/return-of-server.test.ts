import { setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { openCall, peerOf } from '../../test/fakes/call.ts';
import type { Call } from '../../test/fakes/call.ts';
import type { Guest } from '../../test/fakes/guest.ts';
import './link-watch.ts';

await import('./control-message.ts'); // so that nobody waits for it within a test

// Every rebuilt connection brings tracks of its own to listen to.
setMaxListeners(100);

const DOWN_MS = 10_000;
const PATIENCE_MS = 10_000;

/** The process that introduces and relays is killed; whatever it relayed is dead for good. */
function killServer({ server, ada, bob }: Call): void {
  server.restart();
  for (const { platform } of [ada, bob]) {
    for (const connection of platform.connections) connection.reaches = () => false;
  }
}

function isTalking(person: Guest): boolean {
  return peerOf(person).link.snapshot.state === 'connected';
}

async function timeUntilBack({ ada, bob, pass }: Call): Promise<number> {
  let passedMs = 0;
  for (; passedMs < PATIENCE_MS && !(isTalking(ada) && isTalking(bob)); passedMs += 50) {
    await pass(50);
  }
  return passedMs;
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
      const { ada, bob, pass } = call;
      const second = first === 'ada' ? bob : ada;
      killServer(call);
      await pass(DOWN_MS);
      expect([isTalking(ada), isTalking(bob)]).toEqual([false, false]);
      call[first].signaling.restore();
      await pass(gapMs);
      second.signaling.restore();
      expect(await timeUntilBack(call)).toBeLessThan(500);
    },
  );
});
