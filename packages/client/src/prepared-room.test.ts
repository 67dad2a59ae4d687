import { describe, expect, it } from 'vitest';
import { FakeMediaDevices, camera, microphone } from './testing/fake-media-devices.ts';
import { FakePlatform } from '../test/fakes/fake-platform.ts';
import { FakeServer } from './testing/fake-server.ts';
import type { FakeSignaling } from './testing/fake-server.ts';
import { Gate } from '../test/fakes/gate.ts';
import { settle } from './testing/settle.ts';
import { resolveClientOptions } from './client-options.ts';
import { ParleyClient } from './client.ts';
import { createLinkKey } from './privacy/link-key.ts';
import type { Room } from './room.ts';

const TWO_MINUTES_MS = 120_000;

function person(server: FakeServer) {
  const platform = new FakePlatform(new FakeMediaDevices(camera('c1'), microphone('m1')));
  const sockets: FakeSignaling[] = [];
  const client = new ParleyClient({
    options: resolveClientOptions({}),
    platform,
    openSignaling() {
      const socket = server.open();
      sockets.push(socket);
      return socket;
    },
  });
  const sent = (): readonly string[] =>
    sockets.flatMap((socket) => socket.sent.map(({ event }) => event));
  const joined = () => sockets.flatMap((socket) => socket.joined).at(-1);
  return { platform, client, sockets, sent, joined };
}

async function inside(server: FakeServer) {
  const somebody = person(server);
  const room = await somebody.client.join('daily');
  return { ...somebody, room };
}

async function prepared(server: FakeServer) {
  const somebody = person(server);
  await somebody.client.prepare('daily');
  await settle();
  return somebody;
}

function states(...rooms: readonly Room[]): readonly string[] {
  return rooms.flatMap(({ snapshot }) => snapshot.peers.map((peer) => peer.snapshot.state));
}

describe('a prepared join', () => {
  it('SIG-75 takes its offer along; who is inside answers it', async () => {
    const server = new FakeServer();
    const ada = await inside(server);
    const bob = await prepared(server);
    expect(bob.sockets[0]?.prepared).toEqual([{ room: 'daily' }]);
    const room = await bob.client.join('daily');
    await settle();
    expect(states(ada.room, room)).toEqual(['connected', 'connected']);
    expect(bob.joined()?.offer).toMatchObject({ type: 'offer', parley: { epoch: 1, offer: 1 } });
    expect([...ada.sent(), ...bob.sent()].filter((event) => event !== 'icecandidate')).toEqual([
      'answer',
    ]);
  });

  it('SIG-76 gets offers of all others inside, as ever', async () => {
    const server = new FakeServer();
    const [ada, bob, eve] = [await inside(server), await inside(server), await prepared(server)];
    const room = await eve.client.join('daily');
    await settle();
    expect(states(room)).toEqual(['connected', 'connected']);
    expect(ada.sent()).toContain('answer');
    expect(bob.sent()).toContain('offer');
    expect(eve.sent().filter((event) => event === 'answer')).toHaveLength(1);
  });

  it('SIG-75 gets an offer when only a page written by hand is inside, and takes its own back', async () => {
    const server = new FakeServer();
    const ada = await inside(server);
    for (const socket of ada.sockets) socket.isPlain = true;
    const bob = await prepared(server);
    const room = await bob.client.join('daily');
    await settle();
    expect(states(ada.room, room)).toEqual(['connected', 'connected']);
    expect(ada.sent()).toContain('offer');
    const [peer] = room.snapshot.peers;
    const connected = bob.platform.open.find(({ dom }) => dom === peer?.connection);
    expect(connected?.remoteDescription?.type).toBe('offer');
  });

  it('sends what it finds out under way after the offer', async () => {
    const server = new FakeServer();
    const ada = await inside(server);
    const bob = person(server);
    const network = new Gate();
    bob.platform.step = (label) => (label === 'gather' ? network.opened : Promise.resolve());
    const answers = new Gate();
    await bob.client.prepare('daily');
    await settle();
    bob.platform.clock.advance(40); // the offer waits no longer
    await settle();
    server.answers = answers.opened;
    const joining = bob.client.join('daily');
    await settle();
    network.open();
    await settle();
    expect(bob.joined()?.offer).toMatchObject({ type: 'offer' });
    expect(bob.sent()).toEqual([]);
    answers.open();
    const room = await joining;
    await settle();
    expect(bob.sent()).toEqual(['icecandidate', 'icecandidate']);
    expect(states(ada.room, room)).toEqual(['connected', 'connected']);
  });

  it('says what the devices do at the moment of the join', async () => {
    const server = new FakeServer();
    await inside(server);
    const bob = await prepared(server);
    await bob.client.media.start({ camera: true, microphone: true });
    await bob.client.join('daily');
    expect(bob.joined()?.offer).toMatchObject({
      parley: { media: { camera: true, microphone: true } },
    });
  });

  it('SEAL-9 seals the offer where the link has a key', async () => {
    const server = new FakeServer();
    const key = createLinkKey();
    const ada = person(server);
    const first = await ada.client.join('daily', { key });
    const bob = person(server);
    await bob.client.prepare('daily', { key });
    await settle();
    const second = await bob.client.join('daily', { key });
    await expect.poll(() => states(first, second)).toEqual(['connected', 'connected']);
    expect(bob.joined()?.offer).toHaveProperty('sealed');
    expect(ada.sent()).toContain('answer');
    expect(bob.sent()).not.toContain('answer');
  });

  it.each([
    ['another room', async ({ client }: ReturnType<typeof person>) => client.join('weekly')],
    [
      'a room that was prepared before another',
      async ({ client }: ReturnType<typeof person>) => {
        await client.prepare('weekly');
        return client.join('daily');
      },
    ],
    [
      'a room after preparing for none',
      async ({ client }: ReturnType<typeof person>) => {
        await client.prepare();
        return client.join('daily');
      },
    ],
  ])('takes no offer to %s', async (_which, join) => {
    const server = new FakeServer();
    const bob = await prepared(server);
    await join(bob);
    expect(bob.joined()?.offer).toBeNull();
  });

  it('joins without an offer when none is ready', async () => {
    const server = new FakeServer();
    const ada = await inside(server);
    const bob = person(server);
    const preparing = bob.client.prepare('daily');
    const room = await bob.client.join('daily');
    await preparing;
    await settle();
    expect(states(ada.room, room)).toEqual(['connected', 'connected']);
    expect(bob.joined()?.offer).toBeNull();
  });
});

describe('a preparation that grows old', () => {
  it('makes the offer anew before NATs forget the addresses in it', async () => {
    const bob = await prepared(new FakeServer());
    const [first] = bob.platform.connections;
    bob.platform.clock.advance(TWO_MINUTES_MS);
    await settle();
    expect(first?.signalingState).toBe('closed');
    expect(bob.platform.open.map(({ signalingState }) => signalingState)).toContain(
      'have-local-offer',
    );
    await bob.client.close();
    expect(bob.platform.open).toEqual([]);
    expect(bob.platform.clock.pendingTimers).toBe(0);
  });

  it('SIG-70 makes it anew with fresh credentials', async () => {
    const bob = await prepared(new FakeServer());
    const fresh = [{ urls: ['turn:127.0.0.1:7000'], username: 'u', credential: 'c' }];
    bob.sockets[0]?.tell('iceServers', fresh);
    await settle();
    const offering = bob.platform.open.find((one) => one.signalingState !== 'stable');
    expect(offering?.configuration.iceServers).toEqual(fresh);
  });

  it('SIG-71 gives it up with the connection to the server, and prepares again when that is back', async () => {
    const server = new FakeServer();
    const bob = await prepared(server);
    const [socket] = bob.sockets;
    socket?.drop();
    expect(bob.platform.open.every((one) => one.signalingState === 'stable')).toBe(true);
    socket?.restore();
    await settle();
    expect(socket?.prepared).toEqual([{ room: 'daily' }, { room: 'daily' }]);
    await bob.client.join('daily');
    expect(bob.joined()?.offer).toMatchObject({ type: 'offer' });
  });

  it('SIG-85 tells who is inside, looks again, and ends with the join', async () => {
    const server = new FakeServer();
    const bob = person(server);
    const seen: unknown[] = [];
    await bob.client.prepare('daily', { onInside: (people) => seen.push(people) });
    await settle();
    const ada = person(server);
    await ada.client.join('daily', { name: 'Ada' });
    bob.platform.clock.advance(4_000);
    await settle();
    bob.sockets[0]?.drop();
    bob.sockets[0]?.restore();
    await settle();
    const nobody = { count: 0, names: [] };
    const adaAlone = { count: 1, names: ['Ada'] };
    expect(seen).toEqual([nobody, adaAlone, undefined, adaAlone]);
    await bob.client.join('daily');
    bob.platform.clock.advance(4_000);
    await settle();
    expect(seen).toHaveLength(4);
  });

  it('leaves nothing behind when the client is closed', async () => {
    const bob = await prepared(new FakeServer());
    await bob.client.close();
    expect(bob.platform.open).toEqual([]);
    expect(bob.platform.clock.pendingTimers).toBe(0);
  });
});
