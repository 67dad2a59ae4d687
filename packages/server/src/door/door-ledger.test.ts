import { anything, assert, json, oneof, property, record, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GRACE_MS, OFFER, setUp } from '../../test/session-harness.ts';
import { RECALL_MS } from './door-ledger.ts';

type Server = ReturnType<typeof setUp>;
type Client = ReturnType<Server['open']>;

const OK = { ok: true };
const DAY_MS = 86_400_000;
const refused = (code: string) => ({ ok: false, error: { code, message: expect.any(String) } });

/** A server whose data folder outlives it. */
function setUpWithFolder() {
  const written: (string | undefined)[] = [];
  const server = setUp({
    ledgerFile: { read: () => written.at(-1), write: (text) => written.push(text) },
  });
  return { server, written };
}

/** Somebody inside who will come back. */
function enter(server: Server, name: string): Client & { readonly token: string } {
  const client = server.open();
  const reply = client.ask('join', { room: 'daily', name, features: ['door', 'resume'] });
  expect(reply).toMatchObject(OK);
  client.say('icecandidate', OFFER, 'daily');
  return { ...client, token: String(Reflect.get(Object(reply), 'session')) };
}

/** Asks for what is answered later, as a passcode is hashed in another thread. */
function askLater(client: Client, event: string, request: unknown): Promise<unknown> {
  return new Promise((resolve) => client.session.receive(event, [request, resolve]));
}

function comeBack(server: Server, session: string): Client & { readonly reply: unknown } {
  const client = server.open();
  return { ...client, reply: client.ask('resume', { session, lastSeen: 0 }) };
}

const stranger = (server: Server, more: object = {}): unknown =>
  server.open().ask('join', { room: 'daily', ...more });

function failToWrite(): never {
  throw new Error('disk full');
}

const asJson = (value: unknown): string =>
  JSON.stringify(value, (_key, one) => (typeof one === 'bigint' ? 0 : one));

/** Ada and Bob are inside, the door is set, and the server is killed. */
function killed(door: object) {
  const setup = setUpWithFolder();
  const ada = enter(setup.server, 'Ada');
  const bob = enter(setup.server, 'Bob');
  expect(ada.ask('host', { do: 'door', ...door })).toEqual(OK);
  setup.server.restart();
  return { ...setup, ada, bob };
}

describe('a door after a restart of the server', () => {
  it('DOOR-18 keeps strangers out before anybody is back, and lets back in who was inside', () => {
    const { server, ada, bob } = killed({ locked: true });
    expect(stranger(server)).toEqual(refused('ERR_ROOM_LOCKED'));
    expect(comeBack(server, bob.token).reply).toMatchObject({ door: { locked: true } });
    expect(stranger(server)).toEqual(refused('ERR_ROOM_LOCKED'));
    const again = comeBack(server, ada.token);
    expect(again.reply).toMatchObject({ door: { locked: true, role: 'host' } });
    expect(again.ask('host', { do: 'door', locked: false })).toEqual(OK);
    expect(stranger(server)).toMatchObject(OK);
  });

  it('DOOR-18 goes on asking for the passcode', async () => {
    const { server } = setUpWithFolder();
    const ada = enter(server, 'Ada');
    expect(await askLater(ada, 'host', { do: 'door', passcode: 'sesame' })).toEqual(OK);
    server.restart();
    expect(stranger(server)).toEqual(refused('ERR_PASSCODE_WANTED'));
    const join = (passcode: string) => askLater(server.open(), 'join', { room: 'daily', passcode });
    expect(await join('barley')).toEqual(refused('ERR_PASSCODE_WRONG'));
    expect(await join('sesame')).toMatchObject(OK);
  });

  it('DOOR-18 shows the host who has knocked meanwhile', () => {
    const { server, ada } = killed({ knock: true });
    const cyd = server.open();
    expect(cyd.ask('join', { room: 'daily', name: 'Cyd' })).toEqual(refused('ERR_KNOCK_WAITING'));
    const again = comeBack(server, ada.token);
    expect(again.reply).toMatchObject({ door: { knocks: [{ name: 'Cyd' }] } });
    const [{ id }] = Object(Reflect.get(Object(again.reply), 'door')).knocks;
    expect(again.ask('host', { do: 'admit', id })).toEqual(OK);
    expect(cyd.told).toContainEqual(['knocked', 'admitted']);
  });

  it('DOOR-18 is forgotten when nobody comes back in time', () => {
    const { server, written } = killed({ locked: true });
    expect(stranger(server)).toEqual(refused('ERR_ROOM_LOCKED'));
    server.advance(RECALL_MS);
    expect(stranger(server)).toMatchObject(OK);
    expect(written.at(-1)).toBeUndefined();
  });

  it('DOOR-18 is forgotten as well when nobody asked for the room', () => {
    const { server, written } = killed({ locked: true });
    server.advance(RECALL_MS);
    expect(stranger(server)).toMatchObject(OK);
    expect(written.at(-1)).toBeUndefined();
  });

  it('DOOR-18 is known through one restart after the other', () => {
    const { server, ada } = killed({ locked: true });
    server.advance(1000);
    server.restart();
    expect(stranger(server)).toEqual(refused('ERR_ROOM_LOCKED'));
    server.restart();
    expect(comeBack(server, ada.token).reply).toMatchObject({ door: { locked: true } });
    server.restart();
    expect(stranger(server)).toEqual(refused('ERR_ROOM_LOCKED'));
  });

  it('DOOR-18 is not known any more after a day', () => {
    const setup = killed({ locked: true });
    setup.server.advance(DAY_MS);
    const later = setUp({
      ledgerFile: { read: () => setup.written.find((text) => text !== undefined), write: () => {} },
    });
    later.advance(DAY_MS);
    later.restart();
    expect(stranger(later)).toMatchObject(OK);
  });

  it('DOOR-18 makes nobody wait before an open room', () => {
    const { server, written } = setUpWithFolder();
    enter(server, 'Ada');
    server.restart();
    expect(stranger(server)).toMatchObject(OK);
    expect(written).toEqual([]);
  });

  it('DOOR-18 has another host when the host does not come back', () => {
    const { server, bob } = killed({ locked: true });
    const again = comeBack(server, bob.token);
    again.say('icecandidate', OFFER, 'daily');
    server.advance(GRACE_MS);
    expect(again.told.findLast(([event]) => event === 'door')?.[1]).toMatchObject({
      role: 'host',
      locked: true,
    });
  });

  it('DOOR-19 keeps out whoever was sent away', () => {
    const { server } = setUpWithFolder();
    const ada = enter(server, 'Ada');
    const eve = enter(server, 'Eve');
    expect(ada.ask('host', { do: 'remove', id: 'peer2' })).toEqual(OK);
    server.restart();
    expect(comeBack(server, eve.token).reply).toEqual(refused('ERR_SESSION_EXPIRED'));
    expect(stranger(server, { session: eve.token })).toEqual(refused('ERR_ENTRY_REFUSED'));
    expect(comeBack(server, ada.token).reply).toMatchObject(OK);
  });
});

describe('the file of doors', () => {
  it('DOOR-20 tells no name of a room', () => {
    const { written } = killed({ locked: true });
    expect(written.at(-1)).not.toContain('daily');
  });

  it('DOOR-20 is written at the first change, and then twice a second at most', () => {
    const { server, written } = setUpWithFolder();
    const ada = enter(server, 'Ada');
    for (let turn = 0; turn < 10; turn += 1) {
      ada.say('host', { do: 'door', locked: true, knock: turn % 2 === 0 });
    }
    expect(written).toHaveLength(1);
    server.advance(500);
    expect(written).toHaveLength(2);
    server.restart();
    expect(comeBack(server, ada.token).reply).toMatchObject({ door: { knock: false } });
  });

  it('DOOR-20 is no reason to fail when it cannot be written', () => {
    const server = setUp({ ledgerFile: { read: () => undefined, write: failToWrite } });
    const ada = enter(server, 'Ada');
    for (const locked of [true, false, true]) {
      expect(ada.ask('host', { do: 'door', locked })).toEqual(OK);
      server.advance(1000);
    }
    expect(server.logged).toEqual(['doors of rooms cannot be kept']);
  });

  it('DOOR-20 may say anything', () => {
    const texts = oneof(
      string(),
      json(),
      record({ at: anything(), doors: anything(), removed: anything() }).map(asJson),
    );
    assert(
      property(texts, (text) => {
        const server = setUp({ ledgerFile: { read: () => text, write: () => {} } });
        expect(stranger(server)).toMatchObject(OK);
      }),
    );
  });
});
