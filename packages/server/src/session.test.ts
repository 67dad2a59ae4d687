import { describe, expect, it } from 'vitest';
import { OFFER, peerId, RELAYED, setUp, STUN } from '../test/session-harness.ts';

const WITH_RELAY = { iceServers: [{}, { username: 'u' }] };

const refused = (code: string) => ({ ok: false, error: { code, message: expect.any(String) } });

describe('joining', () => {
  it('SIG-10 SIG-14 tells the newcomer who is here, and those who they are', () => {
    const { open } = setUp();
    const [ada, bob, cyd] = [open(), open(), open()];
    ada.say('join', { room: 'daily', name: 'Ada' });
    bob.say('join', 'daily');
    expect(cyd.ask('join', { room: 'daily', name: 'Cyd' })).toEqual({
      ok: true,
      self: { id: 'peer3', name: 'Cyd' },
      peers: [
        { id: 'peer1', name: 'Ada' },
        { id: 'peer2', name: '' },
      ],
      iceServers: RELAYED,
    });
    expect(ada.told).toEqual([
      ['welcome', { id: 'peer2', name: '' }],
      ['welcome', { id: 'peer3', name: 'Cyd' }],
    ]);
    expect(cyd.told).toEqual([]);
  });

  it('SIG-10 SIG-12 refuses a malformed request and stays outside', () => {
    const { rooms, open } = setUp();
    const ada = open();
    expect(ada.ask('join')).toEqual(refused('ERR_MESSAGE_SCHEMA'));
    expect(ada.ask('join', '')).toEqual(refused('ERR_ROOM_NAME'));
    expect(rooms.roomCount).toBe(0);
    expect(ada.ask('join', 'daily')).toMatchObject({ ok: true });
  });

  it('SIG-15 refuses a second room, and the first one again', () => {
    const { enter, rooms } = setUp();
    const ada = enter();
    expect(ada.ask('join', 'other')).toEqual(refused('ERR_ROOM_ALREADY_JOINED'));
    expect(ada.ask('join', 'daily')).toEqual(refused('ERR_ROOM_ALREADY_JOINED'));
    expect([rooms.roomCount, rooms.memberCount]).toEqual([1, 1]);
  });

  it('SIG-16 refuses the one too many without telling those inside', () => {
    const { enter, open } = setUp();
    const inside = [enter(), enter(), enter()];
    const before = inside.map(({ told }) => told.length);
    expect(open().ask('join', 'daily')).toEqual(refused('ERR_ROOM_FULL'));
    expect(inside.map(({ told }) => told.length)).toEqual(before);
  });

  it('SIG-45 hands fresh ICE servers on to those they are for', () => {
    const { enter, renewals } = setUp();
    const [ada, bob] = [enter(), enter()];
    renewals[1]?.(STUN);
    expect(ada.told).toEqual([['welcome', expect.anything()]]);
    expect(bob.told).toEqual([['iceServers', STUN]]);
  });

  it('SIG-46 ends each stay once, however it ends', () => {
    const { enter, open, stays } = setUp();
    const [ada, bob, cyd] = [enter('one'), enter('two'), enter('three')];
    ada.ask('leave');
    ada.ask('leave');
    ada.session.close('left');
    bob.session.close('lost');
    bob.session.close('lost');
    cyd.session.close(undefined);
    expect(stays.slice(3)).toEqual(['out one peer1', 'out two peer2', 'out three peer3']);

    open().ask('join', '');
    expect(stays).toHaveLength(6);
  });

  it('SIG-40 names the ICE servers before a room is chosen', () => {
    const { open } = setUp();
    expect(open().ask('prepare')).toEqual({ ok: true, iceServers: STUN });
  });
});

describe('holding a place', () => {
  it('SIG-85 tells who is inside, again and again, and keeps the place', () => {
    const { open, stays } = setUp();
    const ada = open();
    const look = () => ada.ask('prepare', { room: 'daily', look: true });
    expect(look()).toEqual({ ok: true, iceServers: RELAYED, inside: { count: 0, names: [] } });
    const bob = open();
    bob.ask('join', { room: 'daily', name: 'Bob' });
    open().ask('join', 'daily');
    bob.told.length = 0;
    expect(look()).toMatchObject({ inside: { count: 2, names: ['Bob'] } });
    expect(bob.told).toEqual([]);
    expect(stays.filter((stay) => stay.endsWith('peer1'))).toEqual(['in daily peer1']);
    expect(ada.ask('join', 'daily')).toMatchObject({ self: { id: 'peer1' } });
    expect(look(), 'who is inside holds no place').toEqual({ ok: true, iceServers: STUN });
  });

  it.each<[string, object]>([
    ['locked', { locked: true }],
    ['knock', { knock: true }],
    ['passcode', { passcode: 'tulip' }],
  ])('SIG-86 does not tell who is behind a door: %s', async (_, change) => {
    const { open } = setUp();
    const bob = open();
    bob.ask('join', { room: 'daily', name: 'Bob', features: ['door'] });
    // A passcode is hashed in another thread, so the answer comes later.
    const accepted = new Promise((resolve) => {
      bob.session.receive('host', [{ do: 'door', ...change }, resolve]);
    });
    expect(await accepted).toEqual({ ok: true });
    const answer = open().ask('prepare', { room: 'daily', look: true });
    expect(answer).toEqual({ ok: true, iceServers: RELAYED });
  });

  it('SIG-86 does not tell who looks too often, and soon tells them again', () => {
    const { open, advance } = setUp({ rateLimit: { burst: 500, perSecond: 100 } });
    const look = (): unknown => open().ask('prepare', { room: 'daily', look: true });
    const ada = open();
    const again = (): unknown => ada.ask('prepare', { room: 'daily', look: true });
    const answers = Array.from({ length: 61 }, again);
    expect(answers.at(59)).toHaveProperty('inside');
    expect(answers.at(60)).not.toHaveProperty('inside');
    expect(look(), 'nor over another connection').not.toHaveProperty('inside');
    advance(1_000);
    expect(again()).toHaveProperty('inside');
  });

  it('SIG-70 names relays before the join, which finds them and its id again', () => {
    const { open, stays } = setUp();
    const ada = open();
    expect(ada.ask('prepare', { room: 'daily' })).toEqual({ ok: true, iceServers: RELAYED });
    expect(stays).toEqual(['in daily peer1']);
    expect(ada.ask('join', 'daily')).toMatchObject({ self: { id: 'peer1' }, iceServers: RELAYED });
    ada.ask('leave');
    expect(stays).toEqual(['in daily peer1', 'out daily peer1']);
    expect(ada.ask('join', 'daily')).toMatchObject({ self: { id: 'peer2' } });
  });

  it.each<[string, (ada: ReturnType<ReturnType<typeof setUp>['open']>) => void]>([
    ['the socket is gone', ({ session }) => session.close('lost')],
    ['another one is held', ({ ask }) => ask('prepare', 'weekly')],
    ['prepare names no room', ({ ask }) => ask('prepare')],
    ['another room is joined', ({ ask }) => ask('join', 'weekly')],
  ])('SIG-71 ends it when %s', (_when, go) => {
    const { open, stays, places } = setUp();
    const ada = open();
    ada.ask('prepare', 'daily');
    go(ada);
    expect(stays.filter((stay) => stay.includes('daily'))).toEqual([
      'in daily peer1',
      'out daily peer1',
    ]);
    ada.session.close('lost');
    expect(places.roomCount).toBe(0);
    expect(stays.length % 2).toBe(0);
  });

  it('SIG-71 keeps it when the room turns out to be full', () => {
    const { open, enter, stays } = setUp();
    const inside = [enter(), enter(), enter()];
    const ada = open();
    ada.ask('prepare', 'daily');
    expect(ada.ask('join', 'daily')).toEqual(refused('ERR_ROOM_FULL'));
    inside[0]?.ask('leave');
    expect(ada.ask('join', 'daily')).toMatchObject({ self: { id: 'peer4' } });
    expect(stays.filter((stay) => stay.endsWith('peer4'))).toEqual(['in daily peer4']);
  });

  it('SIG-72 holds only so many in a room, and then names no relay', () => {
    const { open } = setUp();
    const [ada, bob, cyd] = [open(), open(), open()];
    for (const { ask } of [ada, bob]) expect(ask('prepare', 'daily')).toMatchObject(WITH_RELAY);
    expect(cyd.ask('prepare', 'daily')).toEqual({ ok: true, iceServers: STUN });
    expect(cyd.ask('prepare', 'weekly')).toMatchObject(WITH_RELAY);
    ada.session.close('lost');
    expect(cyd.ask('prepare', 'daily')).toMatchObject(WITH_RELAY);
  });

  it('SIG-73 tells nobody and takes no seat', () => {
    const { open, enter, rooms } = setUp();
    const [ada, bob] = [enter(), enter()];
    open().ask('prepare', 'daily');
    expect(rooms.memberCount).toBe(2);
    expect(bob.told).toEqual([]);
    expect(ada.told).toEqual([['welcome', { id: 'peer2', name: '' }]]);
    expect(open().ask('join', 'daily')).toMatchObject({
      peers: [{ id: 'peer1' }, { id: 'peer2' }],
    });
  });

  it('SIG-70 hands fresh credentials on before the join', () => {
    const { open, renewals } = setUp();
    const ada = open();
    ada.ask('prepare', 'daily');
    renewals[0]?.(STUN);
    expect(ada.told).toEqual([['iceServers', STUN]]);
  });

  it('SIG-12 refuses a bad room and holds nothing', () => {
    const { open, stays } = setUp();
    expect(open().ask('prepare', { room: '' })).toEqual(refused('ERR_ROOM_NAME'));
    expect(open().ask('prepare', 7)).toEqual(refused('ERR_MESSAGE_SCHEMA'));
    expect(stays).toEqual([]);
  });
});

describe('an offer that comes with the join', () => {
  const ready = { room: 'daily', features: ['offer'] };

  it('SIG-75 SIG-76 reaches exactly one: who has been able to answer it for longest', () => {
    const { open } = setUp();
    const [plain, ada, bob] = [open(), open(), open()];
    plain.ask('join', 'daily');
    ada.ask('join', ready);
    expect(bob.ask('join', { ...ready, offer: OFFER })).toMatchObject({
      peers: [{ id: 'peer1' }, { id: 'peer2' }],
      offered: 'peer2',
    });
    expect(plain.told.at(-1)).toEqual(['welcome', { id: 'peer3', name: '' }]);
    expect(ada.told.at(-1)).toEqual(['welcome', { id: 'peer3', name: '' }, OFFER]);
  });

  it('SIG-75 reaches nobody who has not said so', () => {
    const { enter, open } = setUp();
    const ada = enter();
    const reply = open().ask('join', { ...ready, offer: OFFER });
    expect(reply).not.toHaveProperty('offered');
    expect(ada.told).toEqual([['welcome', { id: 'peer2', name: '' }]]);
  });

  it('SIG-77 is a payload like any other', () => {
    const { open, rooms } = setUp();
    const join = (offer: unknown): unknown => open().ask('join', { ...ready, offer });
    expect(join('v=0')).toEqual(refused('ERR_MESSAGE_SCHEMA'));
    expect(join({ sdp: 'x'.repeat(70_000) })).toEqual(refused('ERR_MESSAGE_SIZE'));
    expect(join({ a: [[[[[[[[]]]]]]]] })).toEqual(refused('ERR_MESSAGE_SCHEMA'));
    expect(rooms.roomCount).toBe(0);
    expect(join(null)).toMatchObject({ ok: true });
  });
});

describe('passing on', () => {
  it.each(['offer', 'answer', 'icecandidate'] as const)(
    'SIG-20 SIG-21 passes %s to one peer, the very payload, with the sender stamped',
    (event) => {
      const { enter } = setUp();
      const [ada, bob, cyd] = [enter(), enter(), enter()];
      bob.told.length = 0;
      expect(ada.ask(event, OFFER, 'daily', 'peer2')).toEqual({ ok: true });
      expect(bob.told).toEqual([[event, OFFER, 'peer1']]);
      expect(bob.told[0]?.[1]).toBe(OFFER);
      expect(cyd.told).toEqual([]);
    },
  );

  it.each([[undefined], [null]])('SIG-20 reaches everyone else when `to` is %s', (to) => {
    const { enter } = setUp();
    const [ada, bob, cyd] = [enter(), enter(), enter()];
    for (const { told } of [ada, bob, cyd]) told.length = 0;
    bob.say('offer', OFFER, 'daily', to);
    expect(ada.told).toEqual([['offer', OFFER, 'peer2']]);
    expect(cyd.told).toEqual([['offer', OFFER, 'peer2']]);
    expect(bob.told).toEqual([]);
  });

  it('SIG-2 takes the ack in the third and in the fourth place', () => {
    const { enter } = setUp();
    const [ada, bob] = [enter(), enter()];
    expect(ada.ask('offer', OFFER, 'daily')).toEqual({ ok: true });
    expect(ada.ask('offer', OFFER, 'daily', 'peer2')).toEqual({ ok: true });
    expect(ada.ask('offer', OFFER, 'daily', null)).toEqual({ ok: true });
    expect(bob.told).toHaveLength(3);
  });

  it('SIG-20 accepts a message to nobody in an otherwise empty room', () => {
    const { enter } = setUp();
    expect(enter().ask('icecandidate', null, 'daily')).toEqual({ ok: true });
  });

  it('SIG-22 keeps a message inside the room of its sender', () => {
    const { enter, open } = setUp();
    const [ada, eve, outsider] = [enter('daily'), enter('other'), open()];
    expect(eve.ask('offer', OFFER, 'daily')).toEqual(refused('ERR_ROOM_NOT_JOINED'));
    expect(eve.ask('offer', OFFER, 'daily', 'peer1')).toEqual(refused('ERR_ROOM_NOT_JOINED'));
    expect(eve.ask('offer', OFFER, 'other', 'peer1')).toEqual(refused('ERR_PEER_UNKNOWN'));
    expect(outsider.ask('offer', OFFER, 'daily', 'peer1')).toEqual(refused('ERR_ROOM_NOT_JOINED'));
    expect(ada.told).toEqual([]);
  });

  it('SIG-23 refuses unknown receivers, oneself among them', () => {
    const { enter } = setUp();
    const [ada, bob] = [enter(), enter()];
    bob.session.close('lost');
    expect(ada.ask('offer', OFFER, 'daily', 'peer1')).toEqual(refused('ERR_PEER_UNKNOWN'));
    expect(ada.ask('offer', OFFER, 'daily', 'peer2')).toEqual(refused('ERR_PEER_UNKNOWN'));
    expect(ada.ask('offer', OFFER, 'daily', 'toString')).toEqual(refused('ERR_PEER_UNKNOWN'));
  });

  it('SIG-4 SIG-21 ignores further arguments, so a forged sender goes nowhere', () => {
    const { enter } = setUp();
    const [ada, bob] = [enter(), enter()];
    ada.say('offer', { ...OFFER, from: 'peer9' }, 'daily', 'peer2', 'peer9');
    expect(bob.told).toEqual([['offer', { ...OFFER, from: 'peer9' }, 'peer1']]);
  });
});

describe('leaving', () => {
  it('SIG-30 says bye to the others, once', () => {
    const { enter, rooms } = setUp();
    const [ada, bob] = [enter(), enter()];
    ada.told.length = 0;
    expect(bob.ask('leave')).toEqual({ ok: true });
    expect(bob.ask('leave')).toEqual({ ok: true });
    bob.session.close('lost');
    expect(ada.told).toEqual([['bye', { id: 'peer2', name: '' }, 'left']]);
    expect(bob.told).toEqual([]);
    expect(rooms.memberCount).toBe(1);
  });

  it('SIG-34 a person who is removed is told so, like the others, and has no relay any more', () => {
    const { enter, rooms, memberships, stays } = setUp();
    const [ada, bob] = [enter(), enter()];
    const remove = (): void => {
      const member = rooms.find(peerId('peer2'));
      if (member !== undefined) memberships.end(member, 'removed');
    };
    remove();
    remove();
    const bye = ['bye', { id: 'peer2', name: '' }, 'removed'];
    expect([ada.told.at(-1), bob.told]).toEqual([bye, [bye]]);
    expect(stays.at(-1)).toBe('out daily peer2');
    expect(rooms.memberCount).toBe(1);
    expect(bob.ask('join', 'daily')).toMatchObject({ ok: true });
  });

  it('SIG-31 passes on how the connection ended', () => {
    const { enter } = setUp();
    const [ada, bob, cyd] = [enter(), enter(), enter()];
    bob.session.close('left');
    cyd.session.close('lost');
    expect(ada.told.slice(-2)).toEqual([
      ['bye', { id: 'peer2', name: '' }, 'left'],
      ['bye', { id: 'peer3', name: '' }, 'lost'],
    ]);
  });

  it('SIG-33 tells nobody when the server itself goes', () => {
    const { enter, rooms } = setUp();
    const [ada, bob] = [enter(), enter()];
    ada.told.length = 0;
    bob.session.close(undefined);
    ada.session.close(undefined);
    expect([ada.told, bob.told, rooms.roomCount]).toEqual([[], [], 0]);
  });

  it('SIG-32 lets the same socket in again, as somebody new', () => {
    const { enter } = setUp();
    const ada = enter();
    ada.say('leave');
    expect(ada.ask('join', 'other')).toMatchObject({ ok: true, self: { id: 'peer2' } });
  });

  it('SIG-17 leaves no room behind', () => {
    const { enter, rooms } = setUp();
    const people = [enter(), enter(), enter('other')];
    for (const { session } of people) session.close('lost');
    expect([rooms.roomCount, rooms.memberCount]).toEqual([0, 0]);
  });

  it('a message that arrives after the end is dropped', () => {
    const { open, rooms } = setUp();
    const ada = open();
    ada.session.close('lost');
    ada.say('join', 'daily');
    expect([rooms.roomCount, ada.told]).toEqual([0, []]);
  });
});

describe('refusing', () => {
  it('SIG-3 uses the error event where there is no ack, and is silent about success', () => {
    const { open } = setUp();
    const ada = open();
    ada.say('offer', OFFER, 'daily');
    ada.say('join', 'daily');
    ada.say('leave');
    expect(ada.told).toEqual([['error', 'ERR_ROOM_NOT_JOINED', 'offer']]);
  });

  it.each([['nonsense'], ['__proto__'], ['constructor'], [''], [7], ['error'], ['x'.repeat(1000)]])(
    'SIG-4 knows no event %j',
    (event) => {
      const { open } = setUp();
      const ada = open();
      expect(ada.ask(event, 1, 2)).toEqual(refused('ERR_EVENT_UNKNOWN'));
      ada.say(event);
      expect(ada.told).toEqual([['error', 'ERR_EVENT_UNKNOWN', String(event).slice(0, 64)]]);
    },
  );

  it('SIG-5 answers its own fault with ERR_INTERNAL, logs it, and goes on', () => {
    let broken = true;
    const { open, logged } = setUp({
      mintPeerId: () => {
        if (broken) throw new Error('out of ids');
        return peerId('peer1');
      },
    });
    const ada = open();
    expect(ada.ask('join', 'daily')).toEqual(refused('ERR_INTERNAL'));
    expect(logged).toEqual(['message handler failed']);
    broken = false;
    expect(ada.ask('join', 'daily')).toMatchObject({ ok: true });
  });
});

describe('limits', () => {
  it('SIG-50 refuses what is too much, and takes more a little later', () => {
    const { open, advance } = setUp();
    const ada = open();
    for (let count = 0; count < 50; count += 1) ada.say('prepare');
    expect(ada.ask('join', 'daily')).toEqual(refused('ERR_RATE_LIMIT'));
    advance(100);
    expect(ada.ask('join', 'daily')).toMatchObject({ ok: true });
    expect(ada.ask('prepare')).toEqual(refused('ERR_RATE_LIMIT'));
  });

  it('SIG-50 counts a large payload as several messages', () => {
    const { enter } = setUp();
    const [ada, bob] = [enter(), enter()];
    const large = { sdp: 'x'.repeat(60_000) };
    let passed = 0;
    while (passed < 50) {
      const reply = ada.ask('offer', large, 'daily');
      if (JSON.stringify(reply) !== '{"ok":true}') break;
      passed += 1;
    }
    // 49 tokens after the join, 1 + 14 for each: the fourth goes into debt.
    expect(passed).toBe(4);
    expect(bob.told).toHaveLength(4);
  });

  it('SIG-51 disconnects whoever goes on regardless', () => {
    const { open } = setUp();
    const ada = open();
    for (let count = 0; count < 50 + 500; count += 1) ada.say('prepare');
    expect(ada.told.flat()).not.toContain('disconnect');
    ada.say('prepare');
    expect(ada.told.flat()).toContain('disconnect');
  });

  it('SIG-5 SIG-50 never limits one for what another does', () => {
    const { open } = setUp();
    const [ada, bob] = [open(), open()];
    for (let count = 0; count < 200; count += 1) ada.say('prepare');
    expect(bob.ask('join', 'daily')).toMatchObject({ ok: true });
  });
});
