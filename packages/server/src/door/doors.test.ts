import { describe, expect, it } from 'vitest';
import { OFFER, setUp } from '../../test/session-harness.ts';

type Server = ReturnType<typeof setUp>;
type Client = ReturnType<Server['open']>;

const OK = { ok: true };
const refused = (code: string) => ({ ok: false, error: { code, message: expect.any(String) } });
const DOOR = ['door', 'resume'];

function sessionOf(reply: unknown): string {
  return String(Reflect.get(Object(reply), 'session'));
}

/** Joins and returns client and answer. */
function enter(server: Server, request: object = {}): Client & { readonly reply: unknown } {
  const client = server.open();
  const reply = client.ask('join', { room: 'daily', features: DOOR, ...request });
  return { ...client, reply };
}

function host(server: Server = setUp()) {
  const ada = enter(server, { name: 'Ada' });
  return { server, ada };
}

/** The last door that somebody was told of. */
function doorOf({ told }: Client): unknown {
  return told.findLast(([event]) => event === 'door')?.[1];
}

/** A passcode is hashed in another thread, so the answer comes later. */
function askLater(client: Client, event: string, request: unknown): Promise<unknown> {
  return new Promise((resolve) => client.session.receive(event, [request, resolve]));
}

describe('the door of a room', () => {
  it('DOOR-1 DOOR-2 is open at first, and held by whoever comes first and knows what a door is', () => {
    const server = setUp();
    const plain = server.enter();
    const ada = enter(server, { name: 'Ada' });
    const bob = enter(server);
    const open = { locked: false, knock: false, passcode: false, knocks: [] };
    expect(ada.reply).toMatchObject({ door: { ...open, role: 'host', hosts: ['peer2'] } });
    expect(bob.reply).toMatchObject({ door: { ...open, role: 'guest', hosts: ['peer2'] } });
    expect(plain.told.map(([event]) => event)).toEqual(['welcome', 'welcome']);
  });

  it('DOOR-3 obeys nobody but the host', () => {
    const { server, ada } = host();
    const bob = enter(server);
    for (const request of [
      { do: 'door', locked: true },
      { do: 'remove', id: 'peer1' },
      { do: 'promote', id: 'peer2' },
    ]) {
      expect(bob.ask('host', request)).toEqual(refused('ERR_NOT_HOST'));
      expect(server.open().ask('host', request)).toEqual(refused('ERR_NOT_HOST'));
    }
    expect(ada.told).toEqual([['welcome', expect.anything()]]);
    expect(enter(server).reply).toMatchObject(OK);
  });

  it.each([
    [undefined],
    ['lock'],
    [{ do: 'explode' }],
    [{ do: 'admit' }],
    [{ do: 'remove', id: 'not an id' }],
    [{ do: 'door', locked: 'yes' }],
    [{ do: 'door', knock: 1 }],
    [{ do: 'door', passcode: 'abc' }],
    [{ do: 'door', passcode: 'x'.repeat(65) }],
    [{ do: 'door', passcode: 1234 }],
  ])('DOOR-3 refuses what no host can mean: %j', (request) => {
    const { ada } = host();
    expect(ada.ask('host', request)).toEqual(refused('ERR_MESSAGE_SCHEMA'));
  });

  it.each([[{ passcode: 7 }], [{ passcode: 'x'.repeat(65) }], [{ token: {} }], [{ session: [] }]])(
    'DOOR-3 refuses keys of a wrong form: %j',
    (keys) => {
      expect(enter(setUp(), keys).reply).toEqual(refused('ERR_MESSAGE_SCHEMA'));
    },
  );

  it('DOOR-4 keeps everybody out when it is locked, and lets back in whoever was inside', () => {
    const { server, ada } = host();
    const bob = enter(server);
    bob.say('answer', OFFER, 'daily', 'peer1');
    expect(ada.ask('host', { do: 'door', locked: true })).toEqual(OK);
    expect(doorOf(bob)).toMatchObject({ locked: true, role: 'guest' });
    expect(enter(server).reply).toEqual(refused('ERR_ROOM_LOCKED'));
    bob.session.close('lost');
    const request = { session: sessionOf(bob.reply), lastSeen: 0, sent: 1 };
    expect(server.open().ask('resume', request)).toMatchObject({
      ok: true,
      door: { locked: true },
    });
    ada.say('host', { do: 'door', locked: false });
    expect(enter(server).reply).toMatchObject(OK);
  });

  it('DOOR-5 asks for the passcode, and takes no other', async () => {
    const { server, ada } = host();
    expect(await askLater(ada, 'host', { do: 'door', passcode: ' open sesame ' })).toEqual(OK);
    expect(doorOf(ada)).toMatchObject({ passcode: true });
    const bob = server.open();
    const join = (passcode?: string) =>
      askLater(bob, 'join', { room: 'daily', ...(passcode !== undefined && { passcode }) });
    expect(await join()).toEqual(refused('ERR_PASSCODE_WANTED'));
    for (const wrong of ['', 'open', 'open sesame!', 'OPEN SESAME']) {
      expect(await join(wrong)).toEqual(refused('ERR_PASSCODE_WRONG'));
    }
    expect(await join('open sesame')).toMatchObject(OK);
    ada.say('host', { do: 'door', passcode: null });
    expect(enter(server).reply).toMatchObject(OK);
  });

  it('DOOR-5 forgets a join whose client leaves while the passcode is compared', async () => {
    const { server, ada } = host();
    await askLater(ada, 'host', { do: 'door', passcode: 'sesame' });
    const bob = server.open();
    const joining = askLater(bob, 'join', { room: 'daily', passcode: 'sesame' });
    expect(bob.ask('join', 'daily')).toEqual(refused('ERR_ROOM_ALREADY_JOINED'));
    bob.say('leave');
    expect(await joining).toEqual(refused('ERR_ROOM_NOT_JOINED'));
    expect(server.rooms.memberCount).toBe(1);
  });

  it('DOOR-6 stops guessing by address, also the right guess, and lets time heal it', async () => {
    const { server, ada } = host();
    await askLater(ada, 'host', { do: 'door', passcode: 'sesame' });
    const guess = (passcode: string) =>
      askLater(server.open(), 'join', { room: 'daily', passcode });
    const answers: unknown[] = [];
    for (let n = 0; n < 20; n += 1) answers.push(await guess(`guess ${n}`));
    expect(answers).toEqual(Array(20).fill(refused('ERR_PASSCODE_WRONG')));
    expect(await guess('guess')).toEqual(refused('ERR_RATE_LIMIT'));
    expect(await guess('sesame')).toEqual(refused('ERR_RATE_LIMIT'));
    server.advance(10_000);
    expect(await guess('sesame')).toMatchObject(OK);
  });

  it('DOOR-6 stops guessing at one room from many addresses', async () => {
    const setup = setUp();
    const { ada } = host(setup);
    await askLater(ada, 'host', { do: 'door', passcode: 'sesame' });
    const answers: unknown[] = [];
    for (let n = 0; n < 61; n += 1) {
      const eve = setup.open({ address: `192.0.2.${n}` });
      answers.push(await askLater(eve, 'join', { room: 'daily', passcode: 'wrong' }));
    }
    expect(answers.slice(0, 60)).toEqual(Array(60).fill(refused('ERR_PASSCODE_WRONG')));
    expect(answers[60]).toEqual(refused('ERR_RATE_LIMIT'));
  });
});

function knocking() {
  const { server, ada } = host();
  ada.say('host', { do: 'door', knock: true });
  const bob = server.open();
  const join = () => bob.ask('join', { room: 'daily', name: 'Bob', features: DOOR });
  return { server, ada, bob, join };
}
const waiting = refused('ERR_KNOCK_WAITING');

describe('knocking', () => {
  it('DOOR-7 tells the hosts who waits, and lets in whom they admit', () => {
    const { server, ada, bob, join } = knocking();
    expect(join()).toEqual(waiting);
    expect(join()).toEqual(waiting);
    const [id] = ['peer2'];
    expect(doorOf(ada)).toMatchObject({ knocks: [{ id, name: 'Bob' }] });
    expect(ada.ask('host', { do: 'admit', id })).toEqual(OK);
    expect(doorOf(ada)).toMatchObject({ knocks: [] });
    expect(bob.told).toEqual([['knocked', 'admitted']]);
    expect(join()).toMatchObject({ ok: true, door: { role: 'guest', knocks: [] } });
    expect(ada.ask('host', { do: 'admit', id })).toEqual(refused('ERR_PEER_UNKNOWN'));
    bob.say('leave');
    expect(join()).toEqual(waiting);
    expect(server.rooms.memberCount).toBe(1);
  });

  it('DOOR-7 forgets an admission that is not used', () => {
    const { server, ada, join } = knocking();
    join();
    ada.say('host', { do: 'admit', id: 'peer2' });
    server.advance(60_000);
    expect(join()).toEqual(waiting);
  });

  it('DOOR-7 tells no guest who waits', () => {
    const { ada, server, bob, join } = knocking();
    join();
    ada.say('host', { do: 'admit', id: 'peer2' });
    join();
    bob.told.length = 0;
    enter(server);
    expect(bob.told).toEqual([]);
    ada.say('host', { do: 'door', locked: true });
    expect(doorOf(bob)).toMatchObject({ knocks: [] });
  });

  it('DOOR-8 lets nobody in whom a host has refused, until they connect anew', () => {
    const { ada, bob, join, server } = knocking();
    join();
    ada.say('host', { do: 'refuse', id: 'peer2' });
    expect(bob.told).toEqual([['knocked', 'refused']]);
    expect(join()).toEqual(refused('ERR_ENTRY_REFUSED'));
    ada.say('host', { do: 'door', knock: false });
    expect(join()).toEqual(refused('ERR_ENTRY_REFUSED'));
    expect(enter(server).reply).toMatchObject(OK);
  });

  it('DOOR-15 forgets whoever does not wait any more', () => {
    const { ada, bob, join } = knocking();
    join();
    bob.say('leave');
    expect(doorOf(ada)).toMatchObject({ knocks: [] });
    join();
    bob.session.close('left');
    expect(doorOf(ada)).toMatchObject({ knocks: [] });
  });

  it('DOOR-15 takes no more people than can be looked at', () => {
    const { server, ada } = knocking();
    for (let n = 0; n < 32; n += 1) expect(enter(server).reply).toEqual(waiting);
    expect(enter(server).reply).toEqual(refused('ERR_ROOM_FULL'));
    expect(doorOf(ada)).toMatchObject({ knocks: { length: 32 } });
  });

  it('DOOR-15 takes no knock at a room that is full', () => {
    const { server, ada } = knocking();
    ada.say('host', { do: 'door', knock: false });
    enter(server);
    enter(server);
    ada.say('host', { do: 'door', knock: true });
    expect(enter(server).reply).toEqual(refused('ERR_ROOM_FULL'));
  });

  it('DOOR-16 lets everybody in who waits when there is no knocking any more', () => {
    const { ada, bob, join } = knocking();
    join();
    ada.say('host', { do: 'door', knock: false });
    expect(bob.told).toEqual([['knocked', 'admitted']]);
    expect(join()).toMatchObject(OK);
  });
});

describe('the host', () => {
  it('DOOR-9 sends somebody out, who cannot come back as who they were', () => {
    const { server, ada } = host();
    const bob = enter(server, { name: 'Bob' });
    bob.say('answer', OFFER, 'daily', 'peer1');
    expect(ada.ask('host', { do: 'remove', id: 'peer2' })).toEqual(OK);
    const gone = ['bye', { id: 'peer2', name: 'Bob' }, 'removed'];
    expect([ada.told.at(-1), bob.told.at(-1)]).toEqual([gone, gone]);
    expect(server.stays.at(-1)).toBe('out daily peer2');
    const session = sessionOf(bob.reply);
    expect(server.open().ask('resume', { session, lastSeen: 0 })).toEqual(
      refused('ERR_SESSION_EXPIRED'),
    );
    expect(enter(server, { session }).reply).toEqual(refused('ERR_ENTRY_REFUSED'));
    expect(ada.ask('host', { do: 'remove', id: 'peer2' })).toEqual(refused('ERR_PEER_UNKNOWN'));
    expect(ada.ask('host', { do: 'remove', id: 'peer1' })).toEqual(refused('ERR_PEER_UNKNOWN'));
  });

  it('DOOR-10 asks somebody to mute, and no more than that', () => {
    const { server, ada } = host();
    const bob = enter(server);
    expect(ada.ask('host', { do: 'mute', id: 'peer2' })).toEqual(OK);
    expect(bob.told).toEqual([['mute', 'peer1']]);
  });

  it('DOOR-11 hands the role on', () => {
    const { server, ada } = host();
    const bob = enter(server);
    const plain = server.enter();
    expect(ada.ask('host', { do: 'promote', id: 'peer3' })).toEqual(refused('ERR_PEER_UNKNOWN'));
    expect(ada.ask('host', { do: 'promote', id: 'peer2' })).toEqual(OK);
    expect(doorOf(bob)).toMatchObject({ role: 'host', hosts: ['peer2'] });
    expect(doorOf(ada)).toMatchObject({ role: 'guest', hosts: ['peer2'] });
    expect(ada.ask('host', { do: 'door', locked: true })).toEqual(refused('ERR_NOT_HOST'));
    expect(plain.told).toEqual([]);
  });

  it.each([
    ['leaves', (ada: Client) => ada.say('leave')],
    ['says goodbye', (ada: Client) => ada.session.close('left')],
  ])('DOOR-11 gives the role to the oldest inside when the host %s', (_how, go) => {
    const { server, ada } = host();
    server.enter();
    const [bob, cyd] = [enter(server), server.rooms];
    go(ada);
    expect(doorOf(bob)).toMatchObject({ role: 'host', hosts: ['peer3'] });
    expect(cyd.memberCount).toBe(2);
  });

  it('DOOR-11 gives the role on when the host is lost for good, and not before', () => {
    const { server, ada } = host();
    const bob = enter(server);
    ada.say('offer', OFFER, 'daily');
    ada.session.close('lost');
    server.advance(29_999);
    expect(doorOf(bob)).toBeUndefined();
    server.advance(1);
    expect(doorOf(bob)).toMatchObject({ role: 'host' });
  });

  it('DOOR-12 is the host again after a reload of the page', () => {
    const { server, ada } = host();
    const bob = enter(server);
    ada.say('host', { do: 'door', locked: true });
    const session = sessionOf(ada.reply);
    server.memberships.leaveWith(session);
    server.advance(29_999);
    const again = enter(server, { session });
    expect(again.reply).toMatchObject({ ok: true, door: { role: 'host', locked: true } });
    server.advance(60_000);
    expect(doorOf(bob)).toMatchObject({ role: 'guest', hosts: ['peer3'] });
    expect(enter(server, { session }).reply).toEqual(refused('ERR_ROOM_LOCKED'));
  });

  it('DOOR-12 is the host again after a page has said by its connection that it closes', () => {
    const { server, ada } = host();
    const bob = enter(server);
    const session = sessionOf(ada.reply);
    ada.say('leave', 'closing');
    server.memberships.leaveWith(session);
    expect(enter(server, { session }).reply).toMatchObject({ ok: true, door: { role: 'host' } });
    server.advance(60_000);
    expect(doorOf(bob)).toMatchObject({ role: 'guest', hosts: ['peer3'] });
  });

  it('DOOR-12 stays with the tab that is there when the browser makes a copy of it', () => {
    const { server, ada } = host();
    const session = sessionOf(ada.reply);
    const copy = enter(server, { session });
    expect(copy.reply).toMatchObject({ ok: true, door: { role: 'guest', hosts: ['peer1'] } });
    expect(ada.ask('host', { do: 'door', locked: true })).toEqual(OK);
    expect(enter(server, { session }).reply).toEqual(refused('ERR_ROOM_LOCKED'));
    ada.say('offer', OFFER, 'daily');
    ada.session.close('lost');
    expect(enter(server, { session }).reply).toMatchObject({ door: { role: 'host' } });
  });

  it('DOOR-12 is a guest when the reload takes too long', () => {
    const { server, ada } = host();
    const bob = enter(server);
    const session = sessionOf(ada.reply);
    server.memberships.leaveWith(session);
    server.advance(30_000);
    expect(doorOf(bob)).toMatchObject({ role: 'host' });
    expect(enter(server, { session }).reply).toMatchObject({ door: { role: 'guest' } });
  });

  it('DOOR-13 finds the room as it was after a restart of the server', async () => {
    const { server, ada } = host();
    const bob = enter(server);
    await askLater(ada, 'host', { do: 'door', passcode: 'sesame', knock: true });
    const sessions = [server.sessionOf(ada.told), server.sessionOf(bob.told)];
    server.restart();
    const resume = (session: string | undefined) => {
      const client = server.open();
      return { ...client, reply: client.ask('resume', { session, lastSeen: 3, sent: 1 }) };
    };
    const guest = resume(sessions[1]);
    expect(guest.reply).toMatchObject({ door: { role: 'guest', passcode: true, knock: true } });
    expect(enter(server).reply).toEqual(refused('ERR_PASSCODE_WANTED'));
    expect(resume(sessions[0]).reply).toMatchObject({ door: { role: 'host', hosts: ['peer1'] } });
    expect(await askLater(server.open(), 'join', { room: 'daily', passcode: 'sesame' })).toEqual(
      refused('ERR_KNOCK_WAITING'),
    );
  });

  it('DOOR-13 believes the later of two doors, and the earlier of two rooms', () => {
    const { server, ada } = host();
    const bob = enter(server);
    const early = sessionOf(ada.reply);
    ada.say('host', { do: 'promote', id: 'peer2' });
    const late = server.sessionOf(bob.told);
    server.advance(2_000);
    server.restart();
    const eve = enter(server);
    expect(eve.reply).toMatchObject({ door: { role: 'host' } });
    const resume = (session: string | undefined) =>
      server.open().ask('resume', { session, lastSeen: 9, sent: 1 });
    expect(resume(early)).toMatchObject({ door: { role: 'host' } });
    expect(doorOf(eve)).toMatchObject({ role: 'guest' });
    expect(resume(late)).toMatchObject({ door: { role: 'host', hosts: ['peer2'] } });
  });

  it('DOOR-13 gives the room to somebody when its host does not come back after a restart', () => {
    const { server } = host();
    const bob = enter(server);
    server.restart();
    const back = server.open();
    back.ask('resume', { session: sessionOf(bob.reply), lastSeen: 0, sent: 1 });
    server.advance(30_000);
    expect(doorOf(back)).toMatchObject({ role: 'host' });
  });

  it('DOOR-14 leaves a closed door behind when the last page is closed, for a moment', () => {
    const { server, ada } = host();
    ada.say('host', { do: 'door', knock: true });
    server.memberships.leaveWith(sessionOf(ada.reply));
    const bob = enter(server);
    expect(bob.reply).toEqual(refused('ERR_KNOCK_WAITING'));
    server.advance(30_000);
    expect(bob.told).toEqual([['knocked', 'admitted']]);
    expect(server.memberships.doors.count).toBe(0);
  });

  it('DOOR-14 leaves nothing behind when the last one leaves, or the door was open', () => {
    const { server, ada } = host();
    ada.say('host', { do: 'door', locked: true });
    ada.say('leave');
    const bob = enter(server);
    expect(bob.reply).toMatchObject({ door: { role: 'host', locked: false } });
    bob.session.close('lost');
    expect(server.memberships.doors.count).toBe(0);
    expect(server.clock.pendingTimers).toBe(0);
  });
});
