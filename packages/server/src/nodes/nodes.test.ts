import { parseRoomName } from '@parley/protocol';
import { FakeClock } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { MemoryBus } from '../../test/memory-bus.ts';
import { peerId, setUp } from '../../test/session-harness.ts';
import { SILENT_LOGGER } from '../logger.ts';
import { Nodes } from './nodes.ts';

const SECRET = 'a secret that only tests use, of some length';
const LOCKED = { born: 7, version: 1, locked: true, knock: false, passcode: undefined };

/** Nodes on one bus, with one clock; each of them has people of its own. */
function setUpNodes() {
  const clock = new FakeClock();
  const bus = new MemoryBus();
  /** Time passes, and what was asked meanwhile is answered. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 100) {
      clock.advance(100);
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    }
  };
  const meet = async (self: string): Promise<Nodes> => {
    const meeting = Nodes.meet({
      self,
      bus: bus.for(self),
      secrets: [SECRET],
      tokens: { read: () => ({ ok: false, error: { code: 'ERR_SESSION_INVALID', message: '' } }) },
      clock: {
        now: clock.now,
        unixSeconds: () => 0,
        setTimeout: clock.setTimeout,
        clearTimeout: (timer) => clock.clearTimeout(Number(timer)),
      },
      logger: SILENT_LOGGER,
      rateLimit: { burst: 10, perSecond: 10 },
    });
    await pass(2_000);
    return meeting;
  };
  const begin = async (nodes: Nodes): Promise<ReturnType<typeof setUp>> => {
    const server = setUp();
    await nodes.begin({
      memberships: server.memberships,
      access: undefined,
      newSession: () => server.open().session,
      reportRooms: () => [],
      remove: () => false,
    });
    await pass(1_000);
    return server;
  };
  return { bus, pass, meet, begin };
}

const room = parseRoomName('daily');
if (room === undefined) throw new Error('no room name');

describe('Nodes', () => {
  it('NODE-9 NODE-13 tell again what a lost letter has said', async () => {
    const { bus, pass, meet, begin } = setUpNodes();
    const a = await meet('a');
    const b = await meet('b');
    const [here, there] = [await begin(a), await begin(b)];
    bus.loses = () => true;
    here.memberships.noteGone(peerId('peer1'), 'removed');
    a.tellGone(peerId('peer1'), 'removed');
    a.doors.keep(room, { record: LOCKED, holder: undefined });
    await pass(100);
    bus.loses = () => false;
    expect([...there.memberships.removed]).toEqual([]);
    a.tellGone(peerId('peer2'), 'left');
    await pass(2_000);
    expect([...there.memberships.removed]).toEqual(['peer1']);
    expect(b.doors.recall(room)).toMatchObject({ record: LOCKED });
  });

  it('NODE-9 NODE-13 know from the start what was said before they served', async () => {
    const { meet, begin } = setUpNodes();
    const a = await meet('a');
    const here = await begin(a);
    here.memberships.noteGone(peerId('peer1'), 'removed');
    a.doors.keep(room, { record: LOCKED, holder: undefined });
    const b = await meet('b');
    a.tellGone(peerId('peer2'), 'removed');
    const there = await begin(b);
    expect([...there.memberships.removed]).toEqual(['peer1', 'peer2']);
    expect(b.doors.recall(room)).toMatchObject({ record: LOCKED });
  });
});
