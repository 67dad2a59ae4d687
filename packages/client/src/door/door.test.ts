import type { DoorState } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { FakeMediaDevices } from '../testing/fake-media-devices.ts';
import { FakePlatform } from '../../test/fakes/fake-platform.ts';
import { FakeServer, peerId } from '../testing/fake-server.ts';
import { settle } from '../testing/settle.ts';
import { resolveClientOptions } from '../client-options.ts';
import { ParleyClient } from '../client.ts';

const BOB = { id: peerId('k1'), name: 'Bob' };
const CYD = { id: peerId('k2'), name: 'Cyd' };
const DOOR: DoorState = {
  role: 'host',
  hosts: [peerId('p101')],
  locked: false,
  knock: true,
  passcode: false,
  knocks: [],
};

function setUp(server = new FakeServer()) {
  const platform = new FakePlatform(new FakeMediaDevices());
  const client = new ParleyClient({
    options: resolveClientOptions({}),
    platform,
    openSignaling: () => server.open(),
  });
  return { server, platform, client };
}

/** Knocks, and remembers how often it was told to wait. */
async function knocking() {
  const setup = setUp();
  setup.server.isKnocking = true;
  const controller = new AbortController();
  let waits = 0;
  const onWaiting = (): void => void (waits += 1);
  const joining = setup.client.join('daily', { name: 'Bob', onWaiting, signal: controller.signal });
  joining.catch(() => {});
  await expect.poll(() => waits).toBe(1); // What waits is loaded by then.
  const [socket] = setup.server.sockets;
  if (socket === undefined) throw new Error('nobody has connected');
  return { ...setup, joining, socket, controller, waits: () => waits };
}

describe('knocking', () => {
  it('waits for as long as it takes, and is inside when a host has decided', async () => {
    const { joining, socket, platform, waits } = await knocking();
    platform.clock.advance(3_600_000);
    await settle();
    socket.decide('admitted');
    const room = await joining;
    expect(room.snapshot.state).toBe('connected');
    expect(room.self.name).toBe('Bob');
    expect(waits()).toBe(1);
  });

  it('says when a host does not want us, and lets go of the server', async () => {
    const { joining, socket, server } = await knocking();
    socket.decide('refused');
    await expect(joining).rejects.toMatchObject({ code: 'ERR_ENTRY_REFUSED' });
    expect(server.rooms.get('daily')?.size ?? 0).toBe(0);
  });

  it('DOOR-17 knocks again when the connection broke meanwhile, once the host can be back', async () => {
    const { joining, socket, waits, platform } = await knocking();
    socket.drop();
    await settle();
    socket.restore();
    await settle();
    platform.clock.advance(7999);
    await settle();
    expect(waits()).toBe(1);
    platform.clock.advance(1);
    await settle();
    expect(waits()).toBe(2);
    expect(socket.joined).toHaveLength(3);
    socket.decide('admitted');
    await expect(joining).resolves.toBeDefined();
  });

  it('gives up when it is told to', async () => {
    const { joining, socket, controller, client, server, platform } = await knocking();
    socket.drop();
    await settle();
    socket.restore();
    await settle();
    controller.abort(new Error('enough'));
    await expect(joining).rejects.toThrow('enough');
    await settle();
    server.isKnocking = false;
    await expect(client.join('daily')).resolves.toBeDefined();
    await client.close();
    expect(platform.clock.pendingTimers).toBe(0);
  });

  it('says so when the room is full by then', async () => {
    const { joining, socket, server } = await knocking();
    server.maxPeers = 0;
    socket.decide('admitted');
    await expect(joining).rejects.toMatchObject({ code: 'ERR_ROOM_FULL' });
  });
});

describe('the door of a room', () => {
  it('is in the snapshot, and tells of each knock once', async () => {
    const { client, server } = setUp();
    server.door = DOOR;
    const room = await client.join('daily', { passcode: 'sesame', session: 'before' });
    const [socket] = server.sockets;
    expect(socket?.joined[0]).toMatchObject({ passcode: 'sesame', session: 'before' });
    expect(room.snapshot.door).toEqual(DOOR);
    const knocks: unknown[] = [];
    room.on('knock', (knock) => knocks.push(knock));
    socket?.tell('door', { ...DOOR, knocks: [BOB] });
    socket?.tell('door', { ...DOOR, knocks: [BOB, CYD] });
    socket?.tell('door', { ...DOOR, knocks: [CYD] });
    await settle();
    expect(knocks).toEqual([BOB, CYD]);
    expect(room.snapshot.door?.knocks).toEqual([CYD]);
    expect(room.session).toBe('renewed');
  });

  it('is not known where the server says nothing of it', async () => {
    const { client } = setUp();
    expect((await client.join('daily')).snapshot.door).toBeUndefined();
  });

  it('passes on what a host wants, and what a host asks', async () => {
    const { client, server } = setUp();
    const room = await client.join('daily');
    const { host } = room;
    await host.admit(BOB.id);
    await host.refuse(BOB.id);
    await host.remove(BOB.id);
    await host.askToMute(BOB.id);
    await host.promote(BOB.id);
    await host.setDoor({ locked: true, passcode: null });
    const [socket] = server.sockets;
    const { id } = BOB;
    expect(socket?.hosted).toEqual([
      { do: 'admit', id },
      { do: 'refuse', id },
      { do: 'remove', id },
      { do: 'mute', id },
      { do: 'promote', id },
      { do: 'door', locked: true, passcode: null },
    ]);
    const asked: unknown[] = [];
    room.on('muteRequest', (request) => asked.push(request));
    socket?.tell('mute', BOB.id);
    await settle();
    expect(asked).toEqual([{ from: BOB.id }]);
  });
});
