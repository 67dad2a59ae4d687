import { isPeerId } from '@parley/protocol';
import type { IceServer, PeerId } from '@parley/protocol';
import { FakeClock } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { Admissions } from './admissions.ts';
import type { IceServerPlan } from './ice-servers.ts';

const START_SECONDS = 1_800_000_000;
const TTL_SECONDS = 3600;
const PLAN: IceServerPlan = {
  port: 7000,
  ownRelay: { secret: 'a secret', isSecure: false },
  externalTurn: undefined,
  others: [],
};

function peerId(text: string): PeerId {
  if (!isPeerId(text)) throw new Error(`not a peer id: ${text}`);
  return text;
}

function setUp(plan: IceServerPlan = PLAN) {
  const time = new FakeClock();
  const seen: string[] = [];
  const admissions = new Admissions({
    plan,
    relay: {
      admit: ({ peer }) => seen.push(`admit ${peer}`),
      revoke: ({ peer }) => seen.push(`revoke ${peer}`),
    },
    ttlSeconds: TTL_SECONDS,
    clock: {
      now: time.now,
      unixSeconds: () => START_SECONDS + Math.floor(time.now() / 1000),
      setTimeout: time.setTimeout,
      clearTimeout: (timer) => time.clearTimeout(Number(timer)),
    },
  });
  const client = admissions.forClient('calls.example');
  const enter = (name: string, room = 'daily') => {
    const renewed: (readonly IceServer[])[] = [];
    const peer = peerId(name);
    const admission = client.admit({ room, peer, renewed: (list) => renewed.push(list) });
    return { admission, renewed };
  };
  return { time, seen, client, enter };
}

/** When the credentials in this list end, in seconds after the start. */
function endOf(list: readonly IceServer[] | undefined): number {
  const username = list?.find((one) => one.username !== undefined)?.username;
  return Number(username?.split(':')[0]) - START_SECONDS;
}

describe('Admissions', () => {
  it('SIG-40 names no relay before the join, and credentials at the join', () => {
    const { client, enter } = setUp();
    expect(client.open).toEqual([{ urls: ['stun:calls.example:7000'] }]);
    const { admission } = enter('ada');
    expect(admission.iceServers[0]).toEqual(client.open[0]);
    expect(endOf(admission.iceServers)).toBe(TTL_SECONDS);
  });

  it('SIG-44 puts people of one room under one key, and others under another', () => {
    const { enter } = setUp();
    const [ada, bob, cyd] = [enter('ada'), enter('bob'), enter('cyd', 'weekly')].map(
      ({ admission }) => /:(.*)\./.exec(admission.iceServers[1]?.username ?? '')?.[1],
    );
    expect(ada).toBe(bob);
    expect(ada).not.toBe(cyd);
  });

  it('SIG-45 renews when two thirds of the time are over, again and again', () => {
    const { time, enter } = setUp();
    const { admission, renewed } = enter('ada');
    time.advance(2_399_999);
    expect(renewed).toHaveLength(0);
    time.advance(1);
    expect(renewed.map(endOf)).toEqual([2400 + TTL_SECONDS]);
    time.advance(3 * 2_400_000);
    expect(renewed.map(endOf)).toEqual([2400, 4800, 7200, 9600].map((at) => at + TTL_SECONDS));
    expect(renewed[0]?.[0]).toEqual({ urls: ['stun:calls.example:7000'] });
    expect(admission.iceServers, 'whoever joins late is named the newest').toBe(renewed.at(-1));
  });

  it('SIG-45 is always ahead of the end', () => {
    const { time, enter } = setUp();
    const { admission, renewed } = enter('ada');
    for (let hour = 0; hour < 24; hour += 1) {
      time.advance(3_600_000);
      const end = endOf(renewed.at(-1) ?? admission.iceServers);
      expect(end * 1000).toBeGreaterThan(time.now());
    }
  });

  it('SIG-46 lets in at the join and out at the end, once', () => {
    const { seen, enter } = setUp();
    const { admission } = enter('ada');
    expect(seen).toEqual(['admit ada']);
    admission.end();
    admission.end();
    expect(seen).toEqual(['admit ada', 'revoke ada']);
  });

  it('SIG-45 renews nothing for those who are gone, and leaves no timer', () => {
    const { time, enter } = setUp();
    const ada = enter('ada');
    const bob = enter('bob');
    ada.admission.end();
    time.advance(2_400_000);
    expect([ada.renewed.length, bob.renewed.length]).toEqual([0, 1]);
    bob.admission.end();
    expect(time.pendingTimers).toBe(0);
  });

  it('SIG-43 has nothing to renew without a relay', () => {
    const { time, seen, enter, client } = setUp({ ...PLAN, ownRelay: undefined });
    const { admission } = enter('ada');
    expect(admission.iceServers).toEqual(client.open);
    expect(time.pendingTimers).toBe(0);
    admission.end();
    expect(seen).toEqual([]);
  });

  it('SIG-84 renews credentials out of turn, under the name the client uses now', () => {
    const { time, enter } = setUp();
    const { admission, renewed } = enter('ada');
    time.advance(1000 * 1000);
    const fresh = admission.renew('other.example');
    expect(endOf(fresh)).toBe(1000 + TTL_SECONDS);
    expect(fresh[0]).toEqual({ urls: ['stun:other.example:7000'] });
    time.advance((TTL_SECONDS * 1000 * 2) / 3 - 1);
    expect(renewed).toEqual([]);
    time.advance(1);
    expect(renewed[0]?.[0]).toEqual({ urls: ['stun:other.example:7000'] });
    admission.end();
    expect(endOf(admission.renew('calls.example'))).toBeGreaterThan(TTL_SECONDS);
    expect(time.pendingTimers).toBe(0);
  });
});
