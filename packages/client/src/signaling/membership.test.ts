import { ParleyError } from '@parley/protocol';
import { FakeClock } from '@parley/testkit';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeServer, peerId } from '../testing/fake-server.ts';
import type { FakeSignaling } from '../testing/fake-server.ts';
import { Gate } from '../../test/fakes/gate.ts';
import { settle } from '../testing/settle.ts';
import { SILENT_LOGGER } from '../logger.ts';
import { Membership } from './membership.ts';

const { signal } = new AbortController();

interface Member {
  readonly membership: Membership;
  readonly signaling: FakeSignaling;
  readonly clock: FakeClock;
  readonly log: string[];
  /** What came from the other one, in order. */
  readonly got: unknown[];
  say(n: number, to?: string): void;
}

async function enter(server: FakeServer, name: string): Promise<Member> {
  const clock = new FakeClock();
  const signaling = server.open();
  const membership = new Membership({
    signaling,
    setTimer: (callback, delayMs) => {
      const timer = clock.setTimeout(callback, delayMs);
      return () => clock.clearTimeout(timer);
    },
    logger: SILENT_LOGGER,
  });
  const log: string[] = [];
  const got: unknown[] = [];
  membership.on('joined', ({ self }) => log.push(`joined ${self.id}`));
  membership.on('offline', () => log.push('offline'));
  membership.on('resumed', ({ missed }) => log.push(`resumed ${missed}`));
  membership.on('refused', () => log.push('refused'));
  membership.on('welcome', ({ peer }) => log.push(`welcome ${peer.name}`));
  membership.on('bye', ({ peer, reason }) => log.push(`${reason} ${peer.name}`));
  membership.on('signal', ({ payload }) => got.push(payload?.['n']));
  await membership.join({ room: 'daily', name }, signal);
  const say = (n: number, to = name === 'Ada' ? 'p102' : 'p101'): void =>
    membership.send({ event: 'icecandidate', payload: { n }, room: 'daily', to: peerId(to) });
  return { membership, signaling, clock, log, got, say };
}

async function enterTwo(): Promise<{ server: FakeServer; ada: Member; bob: Member }> {
  const server = new FakeServer();
  const [ada, bob] = [await enter(server, 'Ada'), await enter(server, 'Bob')];
  await settle();
  return { server, ada, bob };
}

describe('Membership', () => {
  it('SIG-64 takes its place again when the connection is back', async () => {
    const { ada, bob } = await enterTwo();
    ada.signaling.drop();
    ada.signaling.restore();
    await settle();
    expect(ada.log).toEqual(['joined p101', 'welcome Bob', 'offline', 'resumed exact']);
    expect(bob.log).toEqual(['joined p102']);
  });

  it('SIG-69 sends what it was told to send while it was away', async () => {
    const { ada, bob } = await enterTwo();
    ada.signaling.drop();
    for (const n of [1, 2, 3]) ada.say(n);
    await settle();
    expect(bob.got).toEqual([]);
    ada.signaling.restore();
    await settle();
    expect(bob.got).toEqual([1, 2, 3]);
  });

  it('SIG-69 sends again what the server has not taken, and nothing else', async () => {
    const { ada, bob } = await enterTwo();
    ada.say(1);
    await settle();
    ada.signaling.isMute = true;
    ada.say(2);
    await settle();
    ada.signaling.drop();
    ada.say(3);
    ada.signaling.isMute = false;
    ada.signaling.restore();
    await settle();
    expect(bob.got).toEqual([1, 2, 3]);
  });

  it('SIG-67 SIG-69 sends everything unanswered again to a server that knows nothing', async () => {
    const { server, ada, bob } = await enterTwo();
    ada.say(1);
    await settle();
    ada.signaling.isMute = true;
    ada.say(2);
    await settle();
    ada.signaling.isMute = false;
    server.restart();
    bob.signaling.restore();
    await settle();
    ada.signaling.restore();
    await settle();
    ada.say(3);
    ada.signaling.drop();
    ada.signaling.restore();
    await settle();
    expect(bob.got).toEqual([1, 2, 2, 3]);
  });

  it('SIG-69 gives up what is refused, and goes on', async () => {
    const { ada, bob } = await enterTwo();
    ada.say(1, 'nobody');
    ada.say(2);
    await settle();
    ada.signaling.drop();
    ada.say(3);
    ada.signaling.restore();
    await settle();
    expect(bob.got).toEqual([2, 3]);
    expect(ada.signaling.sent).toHaveLength(3);
  });

  it('SIG-50 tries again later when it was too much', async () => {
    const { ada, bob } = await enterTwo();
    const send = ada.signaling.send.bind(ada.signaling);
    ada.signaling.send = () => Promise.reject(new ParleyError('ERR_RATE_LIMIT', 'Slowly.'));
    ada.say(1);
    await settle();
    ada.signaling.send = send;
    ada.clock.advance(1_000);
    await settle();
    expect(bob.got).toEqual([1]);
  });

  it('SIG-65 passes everything on once and in order, wherever connections break', async () => {
    const plan = fc.array(fc.constantFrom('say', 'drop ada', 'drop bob', 'wait', 'mute'), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(plan, async (steps) => {
        const { ada, bob } = await enterTwo();
        let said = 0;
        for (const step of steps) {
          if (step === 'say') ada.say((said += 1));
          else if (step === 'wait') await settle();
          else if (step === 'mute') ada.signaling.isMute = true;
          else {
            const { signaling } = step === 'drop ada' ? ada : bob;
            signaling.isMute = false;
            signaling.drop();
            signaling.restore();
          }
        }
        for (const { signaling } of [ada, bob]) {
          signaling.isMute = false;
          signaling.drop();
          signaling.restore();
          await settle();
        }
        expect(bob.got).toEqual(Array.from({ length: said }, (_, index) => index + 1));
      }),
      { numRuns: 60 },
    );
  });

  it('SIG-80 enters anew when the server does not know it any more', async () => {
    const { ada } = await enterTwo();
    ada.signaling.drop();
    ada.say(1);
    ada.signaling.expire();
    ada.signaling.restore();
    await settle();
    expect(ada.log.slice(2)).toEqual(['offline', 'joined p103']);
    expect(ada.signaling.sent).toEqual([]);
  });

  it('says so when the server does not let it in again', async () => {
    const { server, ada } = await enterTwo();
    ada.signaling.drop();
    ada.signaling.expire();
    server.maxPeers = 1;
    ada.signaling.restore();
    await settle();
    expect(ada.log.at(-1)).toBe('refused');
  });

  it('tries again when the connection breaks under the question', async () => {
    const { server, ada } = await enterTwo();
    const gate = new Gate();
    server.answers = gate.opened;
    ada.signaling.drop();
    ada.signaling.restore();
    ada.signaling.drop();
    gate.open();
    await settle();
    ada.signaling.restore();
    await settle();
    expect(ada.log.slice(2)).toEqual(['offline', 'offline', 'resumed exact']);
  });

  it('SIG-81 says goodbye past a connection that is broken', async () => {
    const { ada, bob } = await enterTwo();
    ada.signaling.drop();
    await ada.membership.leave(signal);
    await settle();
    expect(ada.signaling.farewells).toEqual(['p101']);
    expect(bob.log.at(-1)).toBe('left Ada');
    ada.signaling.restore();
    await settle();
    expect(ada.log.at(-1)).toBe('offline');
  });

  it('SIG-81 says goodbye from a page that is being closed', async () => {
    const { ada, bob } = await enterTwo();
    bob.membership.sayFarewell();
    await settle();
    expect(ada.log.at(-1)).toBe('left Bob');
  });

  it('SIG-84 asks for fresh credentials', async () => {
    const { server, ada } = await enterTwo();
    expect(await ada.membership.credentials()).toBe(server.iceServers);
  });
});
