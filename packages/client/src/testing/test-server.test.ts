import { describe, expect, it } from 'vitest';
import { createLinkKey } from '../privacy/link-key.ts';
import type { RemotePeer } from '../peer/remote-peer.ts';
import type { Room } from '../room.ts';
import { createTestServer } from './test-server.ts';

async function meet(...names: readonly string[]) {
  const server = createTestServer();
  const clients = names.map(() => server.createClient());
  const rooms: Room[] = [];
  for (const [index, client] of clients.entries()) {
    rooms.push(await client.join('daily', { name: names[index] ?? '' }));
  }
  await server.settle();
  return { server, clients, rooms };
}

function at<Value>(list: readonly Value[], index: number): Value {
  const value = list[index];
  if (value === undefined) throw new Error(`nothing at ${index}`);
  return value;
}

/** What the second one hears on the channel `chat` from now on. */
function listen(rooms: readonly Room[]): readonly unknown[] {
  const heard: unknown[] = [];
  at(rooms, 1)
    .channel('chat')
    .on('message', ({ data }) => heard.push(data));
  return heard;
}

function peerIn(rooms: readonly Room[], index: number): RemotePeer {
  return at(at(rooms, index).snapshot.peers, 0);
}

describe('people who meet', () => {
  it('see each other with their names, connected, all at once', async () => {
    const { server, rooms } = await meet('Ada', 'Bob', 'Eve');
    const seen = rooms.map(({ snapshot }) =>
      snapshot.peers.map((peer) => `${peer.name} ${peer.snapshot.state}`).toSorted(),
    );
    expect(seen).toEqual([
      ['Bob connected', 'Eve connected'],
      ['Ada connected', 'Eve connected'],
      ['Ada connected', 'Bob connected'],
    ]);
    await server.close();
  });

  it('hear what devices do, also of those who come later', async () => {
    const { server, clients, rooms } = await meet('Ada', 'Bob');
    const [ada] = clients;
    await ada?.media.start({ camera: true, microphone: true });
    await server.settle();
    const { camera, microphone, stream } = peerIn(rooms, 1).snapshot;
    expect([camera.on, microphone.on]).toEqual([true, true]);
    expect(stream.getTracks().map(({ kind }) => kind)).toEqual(['audio', 'video']);
    ada?.media.microphone.setMuted(true);
    await server.settle();
    expect(peerIn(rooms, 1).snapshot.microphone.on).toBe(false);
    const eve = await server.createClient().join('daily');
    await server.settle();
    expect(eve.snapshot.peers[0]?.snapshot).toMatchObject({
      camera: { on: true },
      microphone: { on: false },
    });
    await server.close();
    expect(ada?.devices.live).toEqual([]);
  });

  it('share a screen', async () => {
    const { server, clients, rooms } = await meet('Ada', 'Bob');
    await clients[0]?.media.screen.on();
    await server.settle();
    expect(peerIn(rooms, 1).snapshot.screen.on).toBe(true);
    await clients[0]?.media.screen.off();
    await server.settle();
    expect(peerIn(rooms, 1).snapshot.screen.on).toBe(false);
    await server.close();
  });

  it('talk over channels, send files and ask each other', async () => {
    const { server, rooms } = await meet('Ada', 'Bob');
    const [ada, bob] = [at(rooms, 0), at(rooms, 1)];
    const heard: unknown[] = [];
    bob.channel('chat').on('message', ({ data }) => heard.push(data));
    await ada.channel('chat').send('hello');
    await server.settle();
    expect(heard).toEqual(['hello']);

    const received = new Promise<Blob>((resolve) => {
      bob.files.on('offer', (offer) => resolve(offer.acceptBlob()));
    });
    const sent = await ada.files.send(new Blob(['x'.repeat(100_000)]), { to: bob.self.id });
    expect(sent.bytes).toBe(100_000);
    expect((await received).size).toBe(100_000);

    bob.handle('double', (value: number) => value * 2);
    expect(await ada.request('double', 21, { to: bob.self.id })).toBe(42);
    await server.close();
  });

  it('meet after both were prepared', async () => {
    const server = createTestServer();
    const [ada, bob] = [server.createClient(), server.createClient()];
    await Promise.all([ada.prepare('daily'), bob.prepare('daily')]);
    const rooms = [await ada.join('daily'), await bob.join('daily')];
    await server.settle();
    expect(peerIn(rooms, 0).snapshot.state).toBe('connected');
    expect(peerIn(rooms, 1).snapshot.state).toBe('connected');
    await server.close();
  });

  it('are refused without the key of the others', async () => {
    const server = createTestServer();
    const ada = await server.createClient().join('daily', { key: createLinkKey() });
    const bob = await server.createClient().join('daily', {});
    const refusals = (): unknown =>
      [ada, bob].map(({ snapshot: { peers } }) => peers[0]?.snapshot.refusal?.code);
    await expect.poll(refusals).toEqual(['ERR_SIGNAL_UNSEALED', 'ERR_SIGNAL_SEALED']);
    expect(ada.snapshot.peers[0]?.snapshot.state).toBe('connecting');
    await server.close();
  });
});

describe('what can go wrong', () => {
  it('a refusal of the server', async () => {
    const server = createTestServer();
    const ada = server.createClient();
    server.refuseNext('ERR_ROOM_FULL');
    await expect(ada.join('daily')).rejects.toMatchObject({ code: 'ERR_ROOM_FULL' });
    await expect(ada.join('daily')).resolves.toBeDefined();
  });

  it('a server that is not there when somebody joins, for a while or for too long', async () => {
    const server = createTestServer();
    server.stop();
    const joining = server.createClient().join('daily');
    await server.advance(3_000);
    server.start();
    await expect(joining).resolves.toBeDefined();
    server.stop();
    const late = server.createClient().join('daily');
    const refused = late.catch((error: unknown) => error);
    await server.advance(10_000);
    expect(await refused).toMatchObject({ code: 'ERR_SERVER_UNREACHABLE' });
  });

  it('a server that stops during a call: nobody leaves, and all have their places again', async () => {
    const { server, rooms } = await meet('Ada', 'Bob');
    const [ada, bob] = [at(rooms, 0), at(rooms, 1)];
    const peer = peerIn(rooms, 0);
    server.stop();
    await server.advance(60_000);
    expect(ada.snapshot.state).toBe('reconnecting');
    expect(peer.link.snapshot.state).toBe('connected');
    server.start();
    await server.advance(1_000);
    expect([ada.snapshot.state, bob.snapshot.state]).toEqual(['connected', 'connected']);
    expect(ada.snapshot.peers).toEqual([peer]);
    await server.close();
  });

  it('one way to the server breaks and comes back', async () => {
    const { server, clients, rooms } = await meet('Ada', 'Bob');
    clients[0]?.loseServer();
    await server.advance(20_000);
    expect(rooms.map(({ snapshot }) => snapshot.state)).toEqual(['reconnecting', 'connected']);
    clients[0]?.regainServer();
    await server.settle();
    expect(rooms.map(({ snapshot }) => snapshot.state)).toEqual(['connected', 'connected']);
    expect(peerIn(rooms, 1).name).toBe('Ada');
    await server.close();
  });

  it('a link that breaks and comes back, with every message once', async () => {
    const { server, clients, rooms } = await meet('Ada', 'Bob');
    const [ada, bob] = [at(clients, 0), at(clients, 1)];
    const heard = listen(rooms);
    await server.advance(3_000);
    ada.cutLink(bob);
    await at(rooms, 0).channel('chat').send('during');
    await server.advance(5_000);
    const peer = peerIn(rooms, 0);
    expect(peer.link.snapshot.state).toBe('recovering');
    expect(peer.snapshot.state).toBe('disconnected');
    expect(heard).toEqual([]);
    ada.mendLink(bob);
    await server.advance(2_000);
    expect(peer.link.snapshot.state).toBe('connected');
    expect(peer.snapshot.state).toBe('connected');
    expect(heard).toEqual(['during']);
    await server.close();
  });

  it('a link that is broken so long that it is built anew: the same peer, and no message lost', async () => {
    const { server, clients, rooms } = await meet('Ada', 'Bob');
    const [ada, bob] = [at(clients, 0), at(clients, 1)];
    const heard = listen(rooms);
    const peer = peerIn(rooms, 0);
    const { connection } = peer;
    ada.cutLink(bob);
    await at(rooms, 0).channel('chat').send('before');
    await server.advance(30_000);
    const sending = at(rooms, 0).channel('chat').send('after');
    ada.mendLink(bob);
    await server.advance(20_000);
    await sending;
    expect(peer.connection).not.toBe(connection);
    expect(peer.snapshot.state).toBe('connected');
    expect(peerIn(rooms, 0)).toBe(peer);
    expect(heard).toEqual(['before', 'after']);
    await server.close();
  });

  it('a link that is broken for minutes: lost, then the same peer again, and no message lost', async () => {
    const { server, clients, rooms } = await meet('Ada', 'Bob');
    const [ada, bob] = [at(clients, 0), at(clients, 1)];
    const heard = listen(rooms);
    const peer = peerIn(rooms, 0);
    ada.cutLink(bob);
    await at(rooms, 0).channel('chat').send('before');
    await server.advance(90_000);
    expect(peer.link.snapshot.state).toBe('lost');
    void at(rooms, 0).channel('chat').send('after');
    await server.advance(60_000);
    ada.mendLink(bob);
    await server.advance(75_000);
    expect(peer.link.snapshot.state).toBe('connected');
    expect(peerIn(rooms, 0)).toBe(peer);
    expect(heard).toEqual(['before', 'after']);
    await server.close();
  });

  it('somebody who vanishes is lost to the others', async () => {
    const { server, clients, rooms } = await meet('Ada', 'Bob');
    const left: unknown[] = [];
    at(rooms, 0).on('peerLeft', ({ peer, reason }) => left.push([peer.name, reason]));
    clients[1]?.vanish();
    await server.advance(20_000);
    expect(left).toEqual([]);
    await server.advance(60_000);
    expect(left).toEqual([['Bob', 'lost']]);
    expect(at(rooms, 0).snapshot.peers).toEqual([]);
    await server.close();
  });

  it('devices that are refused, missing or pulled out', async () => {
    const server = createTestServer();
    const bare = server.createClient({ devices: [] });
    await bare.media.start({ camera: true });
    expect(bare.media.camera.snapshot.error?.code).toBe('ERR_MEDIA_NOT_FOUND');
    const ada = server.createClient();
    ada.devices.refuse('NotAllowedError');
    await ada.media.start({ camera: true, microphone: true });
    expect(ada.media.camera.snapshot.error?.code).toBe('ERR_MEDIA_DENIED_BY_BROWSER');
    await expect(ada.media.screen.on()).rejects.toMatchObject({
      code: 'ERR_MEDIA_DENIED_BY_BROWSER',
    });
    ada.devices.refuse(undefined);
    await ada.media.camera.on();
    expect(ada.devices.live).toEqual([ada.media.camera.snapshot.track]);
    ada.devices.unplug('camera');
    await server.settle();
    expect(ada.media.camera.snapshot.error?.code).toBe('ERR_MEDIA_NOT_FOUND');
    ada.devices.plug('camera');
    await ada.media.camera.on();
    expect(ada.media.camera.snapshot.state).toBe('live');
  });
});
