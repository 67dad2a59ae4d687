import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { nameIceServers, relayRoom } from './ice-servers.ts';
import type { IceServerPlan } from './ice-servers.ts';

const PLAN: IceServerPlan = {
  port: 7000,
  ownRelay: { secret: 'our secret', isSecure: false },
  externalTurn: undefined,
  others: [],
};
const EXTERNAL = { urls: ['turn:t.example:3478?transport=udp'], secret: 'their secret' };
const MADE_FOR = { room: 'key of a room', peer: 'ada', expiresAtSeconds: 1_800_000_000 };

function passwordOf(secret: string, username: string | undefined): string {
  return createHmac('sha1', secret)
    .update(username ?? '')
    .digest('base64');
}

describe('nameIceServers', () => {
  it('SIG-40 SIG-41 names only STUN to somebody without a room', () => {
    expect(nameIceServers({ ...PLAN, externalTurn: EXTERNAL }, '[::1]')).toEqual([
      { urls: ['stun:[::1]:7000'] },
    ]);
  });

  it('SIG-43 names our relay over UDP and TCP', () => {
    const [stun, relay] = nameIceServers(PLAN, 'calls.example', MADE_FOR);
    expect(stun).toEqual({ urls: ['stun:calls.example:7000'] });
    expect(relay?.urls).toEqual([
      'turn:calls.example:7000?transport=udp',
      'turn:calls.example:7000?transport=tcp',
    ]);
  });

  it('SIG-43 names our relay over TLS as well where there is a certificate', () => {
    const plan = { ...PLAN, ownRelay: { secret: 'our secret', isSecure: true } };
    const [, relay] = nameIceServers(plan, 'calls.example', MADE_FOR);
    expect(relay?.urls[2]).toBe('turns:calls.example:7000?transport=tcp');
  });

  it('SIG-42 SIG-43 names those of others after ours, and what the owner wants last', () => {
    const others = [{ urls: ['stun:s.example'] }];
    const list = nameIceServers({ ...PLAN, externalTurn: EXTERNAL, others }, 'h', MADE_FOR);
    expect(list.map(({ urls }) => urls[0]?.split('?')[0])).toEqual([
      'stun:h:7000',
      'turn:h:7000',
      'turn:t.example:3478',
      'stun:s.example',
    ]);
  });

  it('SIG-44 signs each user name with the secret of the relay it is for', () => {
    const list = nameIceServers({ ...PLAN, externalTurn: EXTERNAL }, 'h', MADE_FOR);
    const [, ours, theirs] = list;
    expect(ours?.username).toMatch(/^1800000000:[\w-]{22}\.ada$/);
    expect(theirs?.username).toBe(ours?.username);
    expect(ours?.credential).toBe(passwordOf('our secret', ours?.username));
    expect(theirs?.credential).toBe(passwordOf('their secret', theirs?.username));
  });

  it('SIG-43 names external relays alone when ours is off', () => {
    const plan = { ...PLAN, ownRelay: undefined, externalTurn: EXTERNAL };
    expect(nameIceServers(plan, 'h', MADE_FOR).map(({ urls }) => urls)).toEqual([
      ['stun:h:7000'],
      EXTERNAL.urls,
    ]);
  });
});

describe('relayRoom', () => {
  it('SIG-44 is equal for equal rooms, differs for others, and under another secret', () => {
    const daily = relayRoom(PLAN, 'daily');
    expect(relayRoom(PLAN, 'daily')).toBe(daily);
    expect(relayRoom(PLAN, 'Daily')).not.toBe(daily);
    const ownRelay = { secret: 'another secret', isSecure: false };
    expect(relayRoom({ ...PLAN, ownRelay }, 'daily')).not.toBe(daily);
  });

  it('SIG-44 does not tell the name', () => {
    expect(relayRoom(PLAN, 'daily')).not.toContain('daily');
  });

  it('is not needed without a relay', () => {
    expect(relayRoom({ ...PLAN, ownRelay: undefined }, 'daily')).toBeUndefined();
  });
});
