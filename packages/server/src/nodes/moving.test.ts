import type { RoomName } from '@parley/protocol';
import { parseRoomName } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { OFFER, peerId, SESSION_SECRET, setUp } from '../../test/session-harness.ts';
import { SessionTokens } from '../membership/session-token.ts';

/** The session of somebody, as another node would have given it. */
function sessionOfElsewhere(room: string, id: string): string {
  const tokens = new SessionTokens({ secrets: [SESSION_SECRET], unixSeconds: () => 0 });
  const name = parseRoomName(room);
  if (name === undefined) throw new Error(`no room name: ${room}`);
  const peer = { id: peerId(id), name: '' };
  return tokens.issue({ room: name, peer, features: new Set(['resume']), node: 'elsewhere' });
}

const NONE = (room: RoomName): boolean => room === undefined;
const JOIN = { room: 'daily', features: ['resume', 'door'] };

describe('a room that moves to another node', () => {
  it('NODE-3 goes without a word, and its relays go on until somebody has left', () => {
    const { open, memberships, rooms, stays } = setUp();
    const [ada, bob] = [open(), open()];
    ada.ask('join', JOIN);
    bob.ask('join', JOIN);
    const told = [ada.told.length, bob.told.length];
    memberships.handOver(NONE);
    expect(rooms.roomCount).toBe(0);
    ada.session.close('lost');
    bob.session.close('lost');
    expect([ada.told.length, bob.told.length]).toEqual(told);
    expect(stays).toEqual(['in daily peer1', 'in daily peer2']);
    memberships.noteGone(peerId('peer1'), 'left');
    expect(stays.at(-1)).toBe('out daily peer1');
  });

  it('NODE-3 NODE-11 takes its people back, who go on with the relay that they have', () => {
    const { open, memberships, stays } = setUp();
    const ada = open();
    ada.ask('join', JOIN);
    const session = sessionOfElsewhere('daily', 'peer1');
    memberships.handOver(NONE);
    const again = open();
    expect(again.ask('resume', { session, lastSeen: 4, sent: 2 })).toMatchObject({
      ok: true,
      missed: 'lost',
      received: 2,
      self: { id: 'peer1' },
    });
    expect(stays).toEqual(['in daily peer1']);
  });

  it('NODE-7 does not take the numbers of another node for its own', () => {
    const { open } = setUp();
    const [ada, bob] = [open(), open()];
    ada.ask('join', JOIN);
    bob.ask('join', JOIN);
    for (let number = 1; number <= 3; number += 1) bob.ask('offer', OFFER, 'daily', 'peer1');
    const session = sessionOfElsewhere('daily', 'peer1');
    const again = open();
    expect(again.ask('resume', { session, lastSeen: 2, sent: 0 })).toMatchObject({
      ok: true,
      missed: 'lost',
    });
    expect(again.told.map(([event]) => event)).toEqual(['welcome']);
    bob.ask('offer', OFFER, 'daily', 'peer1');
    expect(again.numbers.at(-1)).toBeGreaterThan(again.numbers[0] ?? Number.POSITIVE_INFINITY);
  });

  it('NODE-9 does not let anybody in who was sent away elsewhere', () => {
    const { open, memberships } = setUp();
    const session = sessionOfElsewhere('daily', 'peer1');
    memberships.noteGone(peerId('peer1'), 'removed');
    const ada = open();
    expect(ada.ask('resume', { session, lastSeen: 0, sent: 0 })).toMatchObject({
      error: { code: 'ERR_SESSION_EXPIRED' },
    });
    expect(ada.ask('join', { room: 'daily', session })).toMatchObject({
      error: { code: 'ERR_ENTRY_REFUSED' },
    });
  });

  it('NODE-9 sends somebody out who came back here before it was told', () => {
    const { open, memberships, rooms, stays } = setUp();
    const [ada, bob] = [open(), open()];
    ada.ask('join', JOIN);
    bob.ask('join', JOIN);
    memberships.noteGone(peerId('peer2'), 'removed');
    const bye = ['bye', { id: 'peer2', name: '' }, 'removed'];
    expect([ada.told.at(-1), bob.told.at(-1)]).toEqual([bye, bye]);
    expect(rooms.memberCount).toBe(1);
    expect(stays.at(-1)).toBe('out daily peer2');
  });

  it('NODE-4 gives nobody up who may be at a node that cannot be heard', () => {
    const bus = { worksForMs: 0 };
    const { open, clock } = setUp({
      graceMs: 10_000,
      hasHeardAllFor: (ms) => bus.worksForMs >= ms,
    });
    const [ada, bob] = [open(), open()];
    ada.ask('join', JOIN);
    bob.ask('join', JOIN);
    ada.ask('offer', OFFER, 'daily', 'peer2');
    ada.session.close('lost');
    clock.advance(60_000);
    expect(bob.told.map(([event]) => event)).not.toContain('bye');
    bus.worksForMs = 9_999;
    clock.advance(4_000);
    expect(bob.told.map(([event]) => event)).not.toContain('bye');
    bus.worksForMs = 10_000;
    clock.advance(4_000);
    expect(bob.told.map(([event]) => event)).toContain('bye');
    bob.session.close('left');
    expect(clock.pendingTimers).toBe(0);
  });
});
