import { FakeClock } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { MemoryBus } from '../../test/memory-bus.ts';
import { SILENT_LOGGER } from '../logger.ts';
import { NodeSeal } from './node-seal.ts';
import { Roster } from './roster.ts';

const SECRET = 'a secret that only tests use, of some length';
const ROOMS = Array.from({ length: 30 }, (_, number) => `room ${number}`);

/** Any number of rosters on one bus, with one clock. */
function setUp() {
  const clock = new FakeClock();
  const bus = new MemoryBus();
  const open = (self: string, secret = SECRET) => {
    const events: string[] = [];
    const logged: string[] = [];
    const roster = new Roster({
      self,
      bus: bus.for(self),
      seal: new NodeSeal([secret]),
      clock: {
        now: clock.now,
        unixSeconds: () => 0,
        setTimeout: clock.setTimeout,
        clearTimeout: (timer) => clock.clearTimeout(Number(timer)),
      },
      logger: { ...SILENT_LOGGER, warn: (message) => logged.push(message) },
      onMoved: () => events.push('moved'),
      onThere: (node, isFirst) => events.push(`${node} is there${isFirst ? '' : ' again'}`),
      onGone: (node) => events.push(`${node} is gone`),
      onBeat: () => {},
    });
    return { roster, events, logged };
  };
  /** Time passes, and what was asked meanwhile is answered. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 100) {
      clock.advance(100);
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    }
  };
  /** Nodes that serve. */
  const serve = async (...names: string[]) => {
    const nodes = names.map((name) => open(name));
    const started = Promise.all(nodes.map(({ roster }) => roster.start()));
    await pass(2_000);
    await started;
    await Promise.all(nodes.map(({ roster }) => roster.present('here')));
    await pass(1_000);
    for (const { events } of nodes) events.length = 0;
    return nodes;
  };
  return { clock, bus, open, pass, serve };
}

describe('Roster', () => {
  it('NODE-2 knows the others, and agrees with them on every home', async () => {
    const { serve } = setUp();
    const [a, b, c] = await serve('a', 'b', 'c');
    expect(a?.roster.count).toBe(3);
    for (const room of ROOMS) {
      expect(b?.roster.homeOf(room)).toBe(a?.roster.homeOf(room));
      expect(c?.roster.homeOf(room)).toBe(a?.roster.homeOf(room));
    }
  });

  it('NODE-2 takes a node for dead that has shown nothing for two seconds', async () => {
    const { pass, serve } = setUp();
    const [a, b] = await serve('a', 'b');
    b?.roster.close();
    await pass(1_500);
    expect(a?.events).toEqual([]);
    await pass(1_500);
    expect(a?.events).toEqual(['b is gone', 'moved']);
    expect(ROOMS.map((room) => a?.roster.homeOf(room))).toEqual(ROOMS.map(() => 'a'));
  });

  it('NODE-2 does not wait for a node that says goodbye', async () => {
    const { pass, serve } = setUp();
    const [a, b] = await serve('a', 'b');
    b?.roster.close();
    await b?.roster.present('gone');
    await pass(500);
    expect(a?.events).toEqual(['b is gone', 'moved']);
  });

  it('NODE-2 believes no card of before its own start until it changes', async () => {
    const { bus, clock, open, pass } = setUp();
    bus.cards.set('dead', new NodeSeal([SECRET]).seal('here 7', 'dead'));
    const { roster, events } = open('a');
    const started = roster.start();
    await pass(2_000);
    await started;
    expect(events).not.toContain('dead is there');
    await pass(60_000);
    expect([...bus.cards.keys()]).toEqual(['a']);
    roster.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('NODE-8 gives a node no rooms that is about to go, and still hears it', async () => {
    const { pass, serve } = setUp();
    const [a, b] = await serve('a', 'b');
    await b?.roster.present('away');
    await pass(500);
    expect(a?.roster.count).toBe(2);
    expect(a?.events).toEqual(['moved']);
    expect(ROOMS.map((room) => b?.roster.homeOf(room))).toEqual(ROOMS.map(() => 'a'));
  });

  it('NODE-4 goes on alone without the bus, and joins the others when it is back', async () => {
    const { bus, pass, serve } = setUp();
    const [a, b] = await serve('a', 'b');
    bus.isThere = false;
    await pass(1_500);
    expect(a?.roster.isConnected).toBe(true);
    await pass(1_500);
    expect(a?.roster.isConnected).toBe(false);
    expect(a?.logged).toEqual(['Redis is away: this node goes on by itself until it is back']);
    expect(a?.roster.count).toBe(1);
    await pass(60_000);
    bus.isThere = true;
    await pass(1_500);
    expect(a?.events).toEqual(['moved', 'b is there again', 'moved']);
    expect(b?.events).toEqual(['moved', 'a is there again', 'moved']);
  });

  it('NODE-4 notices after the bus is back who is not', async () => {
    const { bus, pass, serve } = setUp();
    const [a, b] = await serve('a', 'b');
    bus.isThere = false;
    await pass(3_000);
    b?.roster.close();
    bus.isThere = true;
    await pass(4_000);
    expect(a?.events).toContain('b is gone');
    expect(a?.roster.count).toBe(1);
  });

  it('NODE-4 knows for how long it has heard the others', async () => {
    const { bus, pass, serve } = setUp();
    const [a] = await serve('a', 'b');
    const hasHeard = (ms: number): boolean | undefined => a?.roster.hasHeardAllFor(ms);
    await pass(10_000);
    expect([hasHeard(10_000), hasHeard(60_000)]).toEqual([true, false]);
    bus.isThere = false;
    await pass(1_500);
    expect(hasHeard(0)).toBe(false);
    await pass(10_000);
    bus.isThere = true;
    await pass(5_000);
    expect([hasHeard(4_000), hasHeard(6_000)]).toEqual([true, false]);
  });

  it('NODE-4 keeps everybody over a break that is short', async () => {
    const { bus, pass, serve } = setUp();
    const [a] = await serve('a', 'b');
    bus.isThere = false;
    await pass(1_500);
    bus.isThere = true;
    bus.cards.clear();
    await pass(3_000);
    expect(a?.events).toEqual([]);
  });

  it('NODE-6 lets those who were inside a room that moved come first', async () => {
    const { pass, serve } = setUp();
    const [a, b] = await serve('a', 'b');
    const ofA = ROOMS.find((room) => a?.roster.homeOf(room) === 'a') ?? '';
    const ofB = ROOMS.find((room) => a?.roster.homeOf(room) === 'b') ?? '';
    await pass(2_000);
    expect(a?.roster.settlingMs(ofB)).toBe(0);
    b?.roster.close();
    await b?.roster.present('gone');
    await pass(500);
    expect(a?.roster.settlingMs(ofB)).toBeGreaterThan(0);
    expect(a?.roster.settlingMs(ofA)).toBe(0);
    await pass(2_000);
    expect(a?.roster.settlingMs(ofB)).toBe(0);
  });

  it('NODE-10 does not start beside a living node with another secret', async () => {
    const { open, pass, serve } = setUp();
    const [a] = await serve('a');
    const { roster } = open('b', 'another secret, of which nobody here knows');
    const started = roster.start().catch((error: unknown) => error);
    await pass(2_000);
    expect(await started).toMatchObject({ code: 'ERR_NODE_SECRET' });
    expect(a?.roster.count).toBe(1);
  });
});
