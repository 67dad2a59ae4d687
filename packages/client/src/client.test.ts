import { describe, expect, it } from 'vitest';
import { FakeMediaDevices, camera, microphone } from './testing/fake-media-devices.ts';
import { FakePlatform } from '../test/fakes/fake-platform.ts';
import { FakeServer } from './testing/fake-server.ts';
import { Gate } from '../test/fakes/gate.ts';
import { settle } from './testing/settle.ts';
import { abortable } from './abortable.ts';
import { resolveClientOptions } from './client-options.ts';
import { ParleyClient } from './client.ts';

function setUp(server = new FakeServer()) {
  const platform = new FakePlatform(new FakeMediaDevices(camera('c1'), microphone('m1')));
  const client = new ParleyClient({
    options: resolveClientOptions({}),
    platform,
    openSignaling: () => server.open(),
  });
  return { server, platform, client };
}

describe('prepare', () => {
  it('opens a connection to the server and keeps a peer connection ready', async () => {
    const { client, server, platform } = setUp();
    await client.prepare();
    expect(server.sockets).toHaveLength(1);
    expect(platform.connections[0]?.configuration.iceServers).toEqual(server.iceServers);
  });

  it('does it once, and join goes on with it', async () => {
    const { client, server } = setUp();
    await Promise.all([client.prepare(), client.prepare()]);
    await client.prepare();
    await client.join('daily');
    expect(server.sockets).toHaveLength(1);
  });

  it('is given up when its signal says so, and can be tried again', async () => {
    const { client, server } = setUp();
    server.reachable = false;
    const giving = new AbortController();
    const preparing = client.prepare('daily', { signal: giving.signal });
    await settle();
    giving.abort(new Error('the page was left'));
    await expect(preparing).rejects.toThrow('the page was left');
    await expect(client.prepare('daily', { signal: giving.signal })).rejects.toThrow('left');

    server.reachable = true;
    await expect(client.prepare('daily')).resolves.toBeUndefined();
  });

  it('that was given up is not what the next one waits for', async () => {
    const { client, server } = setUp();
    server.reachable = false;
    const giving = new AbortController();
    const first = client.prepare('daily', { signal: giving.signal });
    await settle();
    giving.abort(new Error('the page was left'));
    server.reachable = true;
    const second = client.prepare('daily'); // in the same moment, as React does in development
    await expect(first).rejects.toThrow('the page was left');
    await expect(second).resolves.toBeUndefined();
  });

  it('says when the server cannot be reached, and can be tried again', async () => {
    const { client, server, platform } = setUp();
    server.reachable = false;
    const preparing = client.prepare();
    await settle();
    platform.clock.advance(10_000);
    await expect(preparing).rejects.toMatchObject({
      code: 'ERR_SERVER_UNREACHABLE',
      cause: new Error('websocket error'),
    });
    server.reachable = true;
    await expect(client.prepare()).resolves.toBeUndefined();
    expect(platform.clock.pendingTimers).toBe(0);
  });
});

describe('join', () => {
  it('gives a room that is connected', async () => {
    const { client } = setUp();
    const room = await client.join('daily', { name: 'Ada' });
    expect(room.snapshot.state).toBe('connected');
    expect(room.self.name).toBe('Ada');
    expect(room.self.camera).toBe(client.media.camera);
  });

  it('needs no device, and a peer connection stands ready before the first message', async () => {
    const { client, platform, server } = setUp();
    const joining = client.join('daily');
    expect(platform.connections).toHaveLength(1);
    expect(server.sockets[0]?.connected).toBe(false);
    // The way to the server is not what waits for the code of rooms, which is loaded meanwhile.
    expect(server.sockets[0]?.isConnecting).toBe(true);
    await joining;
    expect(platform.devices.requests).toEqual([]);
  });

  it('says when the server does not answer, and lets go of it', async () => {
    const { client, server, platform } = setUp();
    server.answers = new Promise(() => {});
    const joining = client.join('daily');
    await settle();
    platform.clock.advance(10_000);
    await expect(joining).rejects.toMatchObject({ code: 'ERR_SERVER_TIMEOUT' });
    expect(server.sockets[0]?.closed).toBe(true);
    expect(server.rooms.get('daily')?.size).toBe(0);
    expect(platform.open).toEqual([]);
  });

  it('passes on what the server refused', async () => {
    const { client, server } = setUp();
    server.maxPeers = 0;
    await expect(client.join('daily')).rejects.toMatchObject({ code: 'ERR_ROOM_FULL' });
  });

  it('ends with the reason of the signal', async () => {
    const { client, server } = setUp();
    const gate = new Gate();
    server.answers = gate.opened;
    const controller = new AbortController();
    const joining = client.join('daily', { signal: controller.signal });
    await settle();
    controller.abort(new Error('the person went back'));
    await expect(joining).rejects.toThrow('the person went back');
    await expect(client.join('daily', { signal: controller.signal })).rejects.toThrow('went back');
    gate.open();
    await expect(client.join('daily')).resolves.toBeDefined();
    expect(server.rooms.get('daily')?.size).toBe(1);
  });
});

describe('coming and going', () => {
  it('uses the same connection for the next room', async () => {
    const { client, server } = setUp();
    for (let round = 0; round < 5; round += 1) {
      const room = await client.join('daily');
      await room.leave();
      await settle();
    }
    expect(server.sockets).toHaveLength(1);
    expect(server.rooms.get('daily')?.size).toBe(0);
  });

  it('uses a second connection for a second room at the same time', async () => {
    const { client, server } = setUp();
    const first = await client.join('one');
    const second = await client.join('two');
    expect(server.sockets).toHaveLength(2);
    await Promise.all([first.leave(), second.leave()]);
    await settle();
    expect(server.sockets.filter(({ closed }) => !closed)).toHaveLength(1);
  });

  it('does not use a connection again whose goodbye was not answered', async () => {
    const { client, server, platform } = setUp();
    const room = await client.join('daily');
    const [socket] = server.sockets;
    if (socket !== undefined) {
      socket.leave = (signal: AbortSignal) => abortable(new Promise<void>(() => {}), signal);
    }
    const leaving = room.leave();
    await settle();
    platform.clock.advance(2_000);
    await leaving;
    await client.join('daily');
    expect(server.sockets).toHaveLength(2);
  });

  it('leaves no peer connection open between rooms', async () => {
    const { client, platform } = setUp();
    await client.prepare();
    const room = await client.join('daily');
    await room.leave();
    expect(platform.open).toEqual([]);
  });

  it('keeps devices running when a room is left', async () => {
    const { client, platform } = setUp();
    await client.media.start({ camera: true, microphone: true });
    const room = await client.join('daily');
    await room.leave();
    expect(platform.devices.live).toHaveLength(2);
  });
});

describe('a page that goes away', () => {
  it('says goodbye at once', async () => {
    const { client, server, platform } = setUp();
    const room = await client.join('daily');
    for (const listener of platform.pageHideListeners) listener();
    expect(room.snapshot).toMatchObject({ state: 'closed', closeReason: 'left' });
    expect(server.rooms.get('daily')?.size).toBe(0);
  });

  it('never says that it leaves for good: it may only be reloaded', async () => {
    const { client, server, platform } = setUp();
    await client.join('daily');
    const [signaling] = server.sockets;
    if (signaling === undefined) throw new Error('no connection');
    let goodbyes = 0;
    signaling.leave = () => {
      goodbyes += 1;
      return Promise.resolve();
    };
    for (const listener of platform.pageHideListeners) listener();
    await settle();
    expect(signaling.farewells).toHaveLength(1);
    expect(goodbyes).toBe(0);
  });

  it('is watched only while there is a room', async () => {
    const { client, platform } = setUp();
    expect(platform.pageHideListeners.size).toBe(0);
    const room = await client.join('daily');
    expect(platform.pageHideListeners.size).toBe(1);
    await room.leave();
    expect(platform.pageHideListeners.size).toBe(0);
  });
});

describe('close', () => {
  it('leaves every room, stops every device, and ends every connection', async () => {
    const { client, server, platform } = setUp();
    await client.media.start({ camera: true, microphone: true });
    const rooms = [await client.join('one'), await client.join('two')];
    await client.close();
    await client.close();
    await settle();
    expect(rooms.map(({ snapshot }) => snapshot.state)).toEqual(['closed', 'closed']);
    expect(server.sockets.every(({ closed }) => closed)).toBe(true);
    expect(platform.open).toEqual([]);
    expect(platform.devices.live).toEqual([]);
    expect(platform.pageHideListeners.size).toBe(0);
    expect(platform.clock.pendingTimers).toBe(0);
  });

  it('ends a join that is under way', async () => {
    const { client, server, platform } = setUp();
    const gate = new Gate();
    server.answers = gate.opened;
    const joining = client.join('daily');
    await settle();
    await client.close();
    await expect(joining).rejects.toMatchObject({ code: 'ERR_CLIENT_CLOSED' });
    gate.open();
    await settle();
    expect(server.rooms.get('daily')?.size).toBe(0);
    expect(server.sockets[0]?.closed).toBe(true);
    expect(platform.open).toEqual([]);
    expect(platform.clock.pendingTimers).toBe(0);
  });

  it('is final', async () => {
    const { client } = setUp();
    await client.prepare();
    await client.close();
    await expect(client.join('daily')).rejects.toMatchObject({ code: 'ERR_CLIENT_CLOSED' });
    await expect(client.prepare()).rejects.toMatchObject({ code: 'ERR_CLIENT_CLOSED' });
  });
});

it('two clients call each other, and turning a camera on makes no offer', async () => {
  const server = new FakeServer();
  const [ada, bob] = [setUp(server), setUp(server)];
  const room = await ada.client.join('daily', { name: 'Ada' });
  await bob.client.join('daily', { name: 'Bob' });
  await settle();
  const [peer] = room.snapshot.peers;
  expect(peer?.snapshot.state).toBe('connected');
  const offers = (): number =>
    server.sockets.flatMap(({ sent }) => sent.filter(({ event }) => event === 'offer')).length;
  expect(offers()).toBe(1);
  await ada.client.media.start({ camera: true, microphone: true });
  await settle();
  expect(offers()).toBe(1);
  const [connection] = ada.platform.connections;
  expect(connection?.transceivers.map(({ sender }) => sender.track)).toEqual([
    ada.client.media.microphone.snapshot.track,
    ada.client.media.camera.snapshot.track,
  ]);
});
