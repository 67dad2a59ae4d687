import { describe, expect, it } from 'vitest';
import { GRACE_MS, OFFER, peerId, RENEWED, setUp } from '../../test/session-harness.ts';

type Client = ReturnType<ReturnType<typeof setUp>['open']>;

const INVALID = { ok: false, error: { code: 'ERR_SESSION_INVALID' } };
const EXPIRED = { ok: false, error: { code: 'ERR_SESSION_EXPIRED' } };
const BOB = { id: 'peer2', name: 'Bob' };

function sessionOf(reply: unknown): string {
  const isToken = typeof reply === 'object' && reply !== null && 'session' in reply;
  return isToken ? String(reply.session) : '';
}

/** Ada is a plain page, Bob can come back and has said something. */
function twoPeople(options: Parameters<typeof setUp>[0] = {}) {
  const server = setUp(options);
  const ada = server.enter();
  const bob = server.open();
  const session = sessionOf(
    bob.ask('join', { room: 'daily', name: 'Bob', features: ['resume', 'unheard of'] }),
  );
  bob.say('answer', OFFER, 'daily', 'peer1');
  ada.told.length = 0;
  const tellBob = (...numbers: number[]): void => {
    for (const n of numbers)
      expect(ada.ask('offer', { n }, 'daily', 'peer2')).toEqual({ ok: true });
  };
  const comeBack = (lastSeen: number, token = session): Client & { reply: unknown } => {
    const client = server.open();
    const reply = client.ask('resume', { session: token, lastSeen, sent: 1 });
    return { ...client, reply };
  };
  return { server, ada, bob, session, tellBob, comeBack };
}

function offers(...numbers: number[]): unknown[] {
  return numbers.map((n) => ['offer', { n }, 'peer1']);
}

describe('a place in a room', () => {
  it('SIG-60 is kept for those who ask for it, and for nobody else', () => {
    const { ada, session, server } = twoPeople();
    expect(session).toMatch(/^[\w-]+\.[\w-]+$/);
    expect(server.open().ask('join', 'other')).not.toHaveProperty('session');
    ada.session.close('lost');
    expect(server.rooms.memberCount).toBe(2);
    expect(server.open().ask('join', { room: 'daily', features: 7 })).toMatchObject({
      error: { code: 'ERR_MESSAGE_SCHEMA' },
    });
  });

  it('SIG-60 is kept for nobody when the owner does not want it', () => {
    const { session, bob, ada } = twoPeople({ graceMs: 0 });
    expect(session).toBe('');
    bob.session.close('lost');
    expect(ada.told).toEqual([['bye', BOB, 'lost']]);
  });

  it('SIG-60 is not kept for somebody who has not said anything yet', () => {
    const { server, ada } = twoPeople();
    const cyd = server.open();
    const session = sessionOf(cyd.ask('join', { room: 'daily', features: ['resume'] }));
    cyd.session.close('lost');
    expect(ada.told.at(-1)).toEqual(['bye', { id: 'peer3', name: '' }, 'lost']);
    expect(server.open().ask('resume', { session, lastSeen: 0 })).toMatchObject({ ok: true });
  });

  it('SIG-61 is kept for the grace time; then the others hear that they are lost', () => {
    const { server, ada, bob } = twoPeople();
    bob.session.close('lost');
    server.advance(GRACE_MS - 1);
    expect(ada.told).toEqual([]);
    expect(server.stays.at(-1)).toBe('in daily peer2');
    server.advance(1);
    expect(ada.told).toEqual([['bye', BOB, 'lost']]);
    expect(server.stays.at(-1)).toBe('out daily peer2');
  });

  it('SIG-61 counts the grace time anew after each break', () => {
    const { server, ada, bob, comeBack } = twoPeople();
    bob.session.close('lost');
    server.advance(GRACE_MS - 1);
    const again = comeBack(0);
    server.advance(GRACE_MS);
    again.session.close('lost');
    server.advance(GRACE_MS - 1);
    expect(ada.told).toEqual([]);
  });

  it('SIG-30 ends at once with a goodbye, for good', () => {
    const { ada, bob, comeBack } = twoPeople();
    bob.session.close('left');
    expect(ada.told).toEqual([['bye', BOB, 'left']]);
    expect(comeBack(0).reply).toMatchObject(EXPIRED);
  });

  it('SIG-34 ends for good when the owner removes the person, away or not', () => {
    const { server, ada, bob, comeBack } = twoPeople();
    bob.session.close('lost');
    const member = server.rooms.find(peerId('peer2'));
    if (member !== undefined) server.memberships.end(member, 'removed');
    expect(ada.told).toEqual([['bye', BOB, 'removed']]);
    expect(comeBack(0).reply).toMatchObject(EXPIRED);
  });

  it('leaves no timer behind', () => {
    const { server, ada, bob, comeBack } = twoPeople();
    bob.session.close('lost');
    comeBack(0).session.close('left');
    ada.session.close('lost');
    expect(server.clock.pendingTimers).toBe(0);
    const { server: other, bob: away } = twoPeople();
    away.session.close('lost');
    other.memberships.close();
    expect(other.clock.pendingTimers).toBe(0);
    expect(other.stays.slice(2)).toEqual(['out daily peer1', 'out daily peer2']);
  });
});

describe('coming back', () => {
  it('SIG-64 gives the same place; nobody is told', () => {
    const { server, ada, bob, comeBack, session } = twoPeople();
    bob.session.close('lost');
    const again = comeBack(0);
    expect(again.reply).toEqual({
      ok: true,
      self: BOB,
      peers: [{ id: 'peer1', name: '' }],
      iceServers: RENEWED,
      session: expect.any(String),
      received: 1,
      missed: 'exact',
    });
    expect(ada.told).toEqual([]);
    expect(server.stays).toHaveLength(2);
    expect(again.ask('offer', OFFER, 'daily', 'peer1')).toEqual({ ok: true });
    expect(ada.told).toEqual([['offer', OFFER, 'peer2']]);
    expect(comeBack(0, session).reply).toMatchObject({ received: 2 });
  });

  it('SIG-65 brings what came meanwhile, once, in order, behind the answer', () => {
    const { bob, tellBob, comeBack } = twoPeople();
    tellBob(1, 2);
    expect([bob.told, bob.numbers]).toEqual([offers(1, 2), [1, 2]]);
    bob.session.close('lost');
    tellBob(3, 4);
    const again = comeBack(1);
    expect([again.told, again.numbers]).toEqual([offers(2, 3, 4), [2, 3, 4]]);
    tellBob(5);
    expect(again.told).toEqual(offers(2, 3, 4, 5));
    again.session.close('lost');
    expect(comeBack(5).told).toEqual([]);
  });

  it('SIG-65 brings who came and who went as well', () => {
    const { server, bob, comeBack } = twoPeople();
    bob.session.close('lost');
    server.enter().session.close('lost');
    expect(comeBack(0).told.map(([event]) => event)).toEqual(['welcome', 'bye']);
  });

  it('SIG-66 says so when too much was missed, and introduces everybody', () => {
    const { bob, tellBob, comeBack, server } = twoPeople({
      rateLimit: { burst: 9e9, perSecond: 1 },
    });
    bob.session.close('lost');
    tellBob(...Array.from({ length: 1024 }, (_, n) => n));
    server.enter();
    const again = comeBack(0);
    expect(again.reply).toMatchObject({ missed: 'lost', received: 1 });
    expect(again.told).toEqual([
      ['welcome', { id: 'peer1', name: '' }],
      ['welcome', { id: 'peer3', name: '' }],
    ]);
    expect(again.numbers).toEqual([1026, 1027]);
  });

  it('SIG-66 keeps what is under way while the connection lasts, and not for ever', () => {
    const { server, bob, tellBob, comeBack } = twoPeople({
      rateLimit: { burst: 9e9, perSecond: 1 },
    });
    tellBob(...Array.from({ length: 70 }, (_, n) => n));
    bob.session.close('lost');
    expect(comeBack(5).reply).toMatchObject({ missed: 'lost' });
    const other = twoPeople();
    other.tellBob(1);
    other.server.advance(60_000);
    expect(other.comeBack(0).reply).toMatchObject({ missed: 'lost' });
    expect(server.logged).toEqual([]);
  });

  it('SIG-68 cuts off the socket that had the place before', () => {
    const { server, ada, bob, comeBack } = twoPeople();
    const again = comeBack(0);
    expect(bob.told).toEqual([['disconnect']]);
    bob.session.close('left');
    server.advance(GRACE_MS);
    expect([ada.told, server.rooms.memberCount]).toEqual([[], 2]);
    expect(again.ask('leave')).toEqual({ ok: true });
    expect(ada.told).toEqual([['bye', BOB, 'left']]);
  });

  it('SIG-15 SIG-68 needs a socket that is in no room', () => {
    const { bob, session, server } = twoPeople();
    const request = { session, lastSeen: 0 };
    const already = { error: { code: 'ERR_ROOM_ALREADY_JOINED' } };
    expect(bob.ask('resume', request)).toMatchObject(already);
    expect(server.enter('other').ask('resume', request)).toMatchObject(already);
  });

  it.each([
    [undefined],
    [null],
    [{}],
    [{ session: 'x' }],
    [{ session: 7, lastSeen: 0 }],
    [{ session: 'x'.repeat(1025), lastSeen: 0 }],
    [{ session: 'x', lastSeen: -1 }],
    [{ session: 'x', lastSeen: 1.5 }],
    [{ session: 'x', lastSeen: 0, sent: '1' }],
  ])('SIG-5 SIG-64 refuses %j', (request) => {
    expect(setUp().open().ask('resume', request)).toMatchObject({
      error: { code: 'ERR_MESSAGE_SCHEMA' },
    });
  });

  it('SIG-63 refuses a token that is not ours', () => {
    const { comeBack, session } = twoPeople();
    expect(comeBack(0, 'x.y').reply).toMatchObject(INVALID);
    expect(comeBack(0, `${session.slice(0, -2)}AA`).reply).toMatchObject(INVALID);
  });
});

describe('a server that was restarted', () => {
  it('SIG-67 learns who is in a room from those who come back', () => {
    const { server, tellBob, bob, comeBack } = twoPeople();
    tellBob(1, 2, 3);
    const cyd = server.open();
    const other = sessionOf(cyd.ask('join', { room: 'daily', name: 'Cyd', features: ['resume'] }));
    server.restart();
    bob.session.close('lost');
    const bobAgain = comeBack(3);
    expect(bobAgain.reply).toMatchObject({
      self: BOB,
      peers: [],
      received: 1,
      missed: 'lost',
      session: expect.any(String),
    });
    const cydAgain = comeBack(9, other);
    expect(cydAgain.reply).toMatchObject({ self: { id: 'peer3', name: 'Cyd' }, peers: [BOB] });
    expect(bobAgain.told).toEqual([['welcome', { id: 'peer3', name: 'Cyd' }]]);
    expect(bobAgain.numbers).toEqual([4]);
    bobAgain.say('offer', OFFER, 'daily', 'peer3');
    expect([cydAgain.told, cydAgain.numbers]).toEqual([[['offer', OFFER, 'peer2']], [10]]);
    expect(server.stays.slice(-2)).toEqual(['in daily peer2', 'in daily peer3']);
  });

  it('SIG-67 knows again what they know how to do', () => {
    const { server } = twoPeople();
    const features = ['resume', 'offer'];
    const session = sessionOf(server.open().ask('join', { room: 'weekly', features }));
    server.restart();
    const back = server.open();
    back.say('resume', { session, lastSeen: 0 });
    expect(server.open().ask('join', { room: 'weekly', offer: OFFER })).toMatchObject({
      offered: 'peer3',
    });
    expect(back.told).toEqual([['welcome', { id: 'peer4', name: '' }, OFFER]]);
  });

  it('SIG-67 lets them in although newcomers have filled the room', () => {
    const { server, comeBack } = twoPeople();
    server.restart();
    for (let count = 0; count < 3; count += 1) server.enter();
    expect(comeBack(0).reply).toMatchObject({ ok: true });
    expect(server.rooms.memberCount).toBe(4);
    expect(server.open().ask('join', 'daily')).toMatchObject({ error: { code: 'ERR_ROOM_FULL' } });
  });

  it('SIG-67 takes somebody back whose grace time is over', () => {
    const { server, ada, bob, comeBack } = twoPeople();
    bob.session.close('lost');
    server.advance(10 * GRACE_MS);
    expect(comeBack(0).reply).toMatchObject({ self: BOB, missed: 'lost' });
    expect(ada.told).toEqual([
      ['bye', BOB, 'lost'],
      ['welcome', BOB],
    ]);
  });
});

describe('a closing page', () => {
  it('SIG-81 says goodbye with its token, once and for good', () => {
    const { server, ada, session, comeBack } = twoPeople();
    expect(server.memberships.leaveWith(session)).toBe(true);
    expect(server.memberships.leaveWith(session)).toBe(true);
    expect(ada.told).toEqual([['bye', BOB, 'left']]);
    expect(comeBack(0).reply).toMatchObject(EXPIRED);
  });

  it('SIG-81 says goodbye also at a server that does not know it yet', () => {
    const { server, session, comeBack } = twoPeople();
    server.restart();
    expect(server.memberships.leaveWith(session)).toBe(true);
    expect(comeBack(0).reply).toMatchObject(EXPIRED);
  });

  it('SIG-81 needs a token of ours', () => {
    const { server, ada } = twoPeople();
    expect(server.memberships.leaveWith('x.y')).toBe(false);
    expect(ada.told).toEqual([]);
  });
});

describe('asking', () => {
  it('SIG-83 is answered when somebody is there', () => {
    expect(setUp().open().ask('ping')).toEqual({ ok: true });
  });

  it('SIG-84 brings fresh credentials to those who are in a room', () => {
    const { server, bob } = twoPeople();
    expect(bob.ask('credentials')).toEqual({ ok: true, iceServers: RENEWED });
    expect(server.open().ask('credentials')).toMatchObject({
      error: { code: 'ERR_ROOM_NOT_JOINED' },
    });
  });
});

describe('an access token that ends', () => {
  const grant = { standing: undefined, tokenKey: 'k', subjectKey: '' };

  function granted(endsAtSeconds: number) {
    const server = setUp();
    const ada = server.enter();
    const bob = server.open();
    const session = sessionOf(
      bob.ask('join', { room: 'daily', name: 'Bob', features: ['resume'] }),
    );
    const self = server.rooms.find(peerId('peer2'));
    if (self === undefined) throw new Error('Bob is not there');
    server.memberships.regrant(self, { ...grant, endsAtSeconds });
    return { server, ada, bob, self, session };
  }

  it('TOKEN-12 sends its bearer out half a minute later', () => {
    const { server, ada, bob } = granted(100);
    server.advance(129_999);
    expect(bob.told).toEqual([]);
    server.advance(1);
    const bye = ['bye', BOB, 'expired'];
    expect([bob.told.at(-1), ada.told.at(-1)]).toEqual([bye, bye]);
    expect(server.stays.at(-1)).toBe('out daily peer2');
  });

  it('TOKEN-10 is replaced by a newer one', () => {
    const { server, bob, self } = granted(100);
    server.memberships.regrant(self, { ...grant, endsAtSeconds: 200_000 });
    server.advance(200_029_000);
    expect(bob.told).toEqual([]);
    server.advance(1_000);
    expect(bob.told.at(-1)).toEqual(['bye', BOB, 'expired']);
    expect(server.clock.pendingTimers).toBe(1);
  });

  it('TOKEN-12 ends the session as well, also after a restart', () => {
    const { server, self } = granted(100);
    const session = server.memberships.tokenOf(self);
    server.restart();
    server.advance(129_000);
    const resume = () => server.open().ask('resume', { session, lastSeen: 0, sent: 1 });
    expect(resume()).toMatchObject({ ok: true });
    server.advance(1_000);
    expect(server.rooms.memberCount).toBe(0);
    expect(resume()).toMatchObject(EXPIRED);
    server.restart();
    expect(resume()).toMatchObject(EXPIRED);
  });
});
