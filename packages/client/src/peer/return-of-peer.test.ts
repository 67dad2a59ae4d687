import { setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { killPaths, latestOf, openCall, peerOf, timeUntilTalking } from '../../test/fakes/call.ts';
import type { Call } from '../../test/fakes/call.ts';
import './link-watch.ts';

await import('./control-message.ts'); // so that nobody waits for it within a test

// Every rebuilt connection brings tracks of its own to listen to.
setMaxListeners(100);

/** Bob's computer sleeps until the server, and with it Ada, has let go of him. */
async function sleepOf({ server, ada, bob, pass }: Call): Promise<void> {
  const { id, name } = bob.room.self;
  bob.signaling.drop();
  killPaths({ server, ada, bob, pass });
  for (const connection of ada.platform.open) connection.setConnectionState('disconnected');
  await pass(30_000);
  server.rooms.get('daily')?.delete(id);
  ada.signaling.tell('bye', { peer: { id, name }, reason: 'lost' });
  await pass(6_000);
}

/** Whatever is sent in this time arrives when the returned function is called. */
async function holdBack({ server, pass }: Call, durationMs: number): Promise<() => void> {
  const held: (() => void)[] = [];
  const { pass: carry } = server;
  server.pass = (deliver) => held.push(deliver);
  await pass(durationMs);
  server.pass = carry;
  return () => {
    for (const deliver of held.splice(0)) deliver();
  };
}

/** What the two have agreed on. */
function sessionOf({ ada, bob }: Call): readonly unknown[] {
  return [ada, bob].flatMap(({ platform }) => {
    const { signalingState, localDescription, remoteDescription } = latestOf(platform);
    return [signalingState, localDescription, remoteDescription, platform.open.length];
  });
}

describe('somebody who returns under the same id, after the other one has let go of them', () => {
  it.each([0, 1, 2])('is met again at once, after %d rebuilds', async (rebuilds) => {
    const call = await openCall();
    const { ada, bob, pass } = call;
    for (let times = 0; times < rebuilds; times += 1) {
      killPaths(call);
      await pass(2_500);
      expect(await timeUntilTalking(call)).toBeLessThan(2_000);
    }
    const before = [peerOf(ada), peerOf(bob)];
    await sleepOf(call);
    expect(ada.room.snapshot.peers).toEqual([]);
    bob.signaling.restore();
    await pass(50);
    expect(await timeUntilTalking(call)).toBeLessThan(200);
    expect(peerOf(bob)).toBe(before[1]);
    expect(peerOf(ada)).not.toBe(before[0]);
    for (const { platform } of [ada, bob]) expect(platform.open).toHaveLength(1);
  });
});

describe('an offer that comes late', () => {
  it('changes nothing when the network has changed again meanwhile', async () => {
    const call = await openCall();
    call.ada.room.hintNetworkChange();
    const release = await holdBack(call, 500);
    call.ada.room.hintNetworkChange();
    await call.pass(500);
    const before = sessionOf(call);
    expect(before[0]).toBe('stable');
    release();
    await call.pass(500);
    expect(sessionOf(call)).toEqual(before);
  });

  it('changes nothing when there is another connection by then', async () => {
    const call = await openCall();
    killPaths(call);
    const release = await holdBack(call, 2_000);
    expect(await timeUntilTalking(call)).toBeLessThan(7_000);
    const before = sessionOf(call);
    release();
    await call.pass(1_000);
    expect(sessionOf(call)).toEqual(before);
  });
});
