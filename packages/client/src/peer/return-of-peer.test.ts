import { setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import {
  isTalking,
  killPaths,
  latestOf,
  openCall,
  peerOf,
  timeUntilTalking,
} from '../../test/fakes/call.ts';
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

/** Nothing passes between the two, whatever they try, for so long. */
async function loseEachOther({ ada, bob, pass }: Call, durationMs: number): Promise<void> {
  for (const { platform } of [ada, bob]) {
    platform.reaches = () => false;
    for (const connection of platform.connections) connection.reaches = platform.reaches;
  }
  await pass(durationMs);
  // Connections that were made until now never come back.
  for (const { platform } of [ada, bob]) platform.reaches = () => true;
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

describe('two who have lost each other, and are still in the room', () => {
  it('meet again by themselves, as the same peers', async () => {
    const call = await openCall();
    const { ada, bob, pass } = call;
    const before = [peerOf(ada), peerOf(bob)];
    const streams = before.map(({ snapshot }) => snapshot.stream);
    await loseEachOther(call, 120_000);
    expect(before.map(({ link }) => link.snapshot.state)).toEqual(['lost', 'lost']);
    await pass(60_000);
    expect([isTalking(ada), isTalking(bob)]).toEqual([true, true]);
    expect([peerOf(ada), peerOf(bob)]).toEqual(before);
    expect(before.map(({ snapshot }) => snapshot.state)).toEqual(['connected', 'connected']);
    expect(before.map(({ snapshot }) => snapshot.stream)).toEqual(streams);
    expect([ada.log, bob.log]).toEqual([['peer Bob'], ['peer Ada']]);
    for (const { platform } of [ada, bob]) expect(platform.open).toHaveLength(1);
  });

  it.each(['ada', 'bob'] as const)(
    'meet at once when the network of %s has changed',
    async (who) => {
      const call = await openCall();
      await loseEachOther(call, 140_000);
      for (const tell of call[who].platform.networkListeners) tell(false);
      expect(await timeUntilTalking(call)).toBeLessThan(2_000);
    },
  );

  it('meet as soon as the server is back for one of them', async () => {
    const call = await openCall();
    await loseEachOther(call, 140_000);
    call.bob.signaling.drop();
    await call.pass(5_000);
    call.bob.signaling.restore();
    expect(await timeUntilTalking(call)).toBeLessThan(2_000);
  });

  it('part when one of them leaves', async () => {
    const call = await openCall();
    await loseEachOther(call, 80_000);
    await call.bob.room.leave();
    await call.pass(100);
    expect(call.ada.log).toEqual(['peer Bob', 'left Bob']);
    expect(call.ada.platform.open).toEqual([]);
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
