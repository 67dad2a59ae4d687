import type { Payload } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { FakePlatform } from '../test/fakes/fake-platform.ts';
import { FakeServer } from './testing/fake-server.ts';
import type { FakeSignaling } from './testing/fake-server.ts';
import { settle } from './testing/settle.ts';
import { resolveClientOptions } from './client-options.ts';
import { ParleyClient } from './client.ts';
import { createLinkKey } from './privacy/link-key.ts';
import type { Room } from './room.ts';

interface Guest {
  readonly client: ParleyClient;
  readonly room: Room;
  readonly socket: FakeSignaling;
}

async function joinWith(server: FakeServer, key: string | undefined): Promise<Guest> {
  let socket = server.open();
  const client = new ParleyClient({
    options: resolveClientOptions({}),
    platform: new FakePlatform(),
    openSignaling: () => (socket = server.open()),
  });
  return { client, room: await client.join('daily', { key }), socket };
}

async function meet(...keys: readonly (string | undefined)[]): Promise<readonly Guest[]> {
  const server = new FakeServer();
  const guests: Guest[] = [];
  for (const key of keys) guests.push(await joinWith(server, key));
  await sealed();
  return guests;
}

/** Cryptography runs on threads of its own; what follows it runs here. */
async function sealed(): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    await settle();
    await crypto.subtle.digest('SHA-256', new Uint8Array(1));
  }
}

function payloads({ socket }: Guest): readonly Payload[] {
  return socket.sent.map(({ payload }) => payload);
}

function stateIn({ room }: Guest): object {
  const [peer] = room.snapshot.peers;
  return { state: peer?.snapshot.state, refusal: peer?.snapshot.refusal?.code };
}

describe('a link with a key', () => {
  it('SEAL-10 three people connect, and the server reads nothing', async () => {
    const key = createLinkKey();
    const guests = await meet(key, key, key);
    for (const guest of guests) {
      const states = guest.room.snapshot.peers.map(({ snapshot }) => snapshot.state);
      expect(states).toEqual(['connected', 'connected']);
    }
    const sent = JSON.stringify(guests.flatMap(payloads));
    expect(sent).toContain('sealed');
    expect(sent).not.toMatch(/v=0|candidate|parley/u);
  });

  it('SEAL-4 does not connect to somebody without one, and both learn why', async () => {
    const key = createLinkKey();
    const [ada, bob] = await meet(key, undefined);
    expect(ada && stateIn(ada)).toEqual({ state: 'connecting', refusal: 'ERR_SIGNAL_UNSEALED' });
    expect(bob && stateIn(bob)).toEqual({ state: 'connecting', refusal: 'ERR_SIGNAL_SEALED' });
  });

  it('SEAL-4 also when the one without was there first', async () => {
    const [ada, bob] = await meet(undefined, createLinkKey());
    expect(ada && stateIn(ada)).toEqual({ state: 'connecting', refusal: 'ERR_SIGNAL_SEALED' });
    expect(bob && stateIn(bob)).toEqual({ state: 'connecting', refusal: 'ERR_SIGNAL_UNSEALED' });
  });

  it('SEAL-3 does not connect to somebody with another one, and both learn why', async () => {
    const guests = await meet(createLinkKey(), createLinkKey());
    for (const guest of guests) {
      expect(stateIn(guest)).toEqual({ state: 'connecting', refusal: 'ERR_SEAL_BROKEN' });
    }
    // One answer to the first refusal, not one for each.
    expect(guests.map(({ socket }) => socket.sent.at(-1)?.event)).toContain('icecandidate');
    expect(guests[1]?.socket.sent).toHaveLength(1);
  });

  it('SEAL-4 drops an open signal in the middle of a call, which goes on', async () => {
    const key = createLinkKey();
    const [ada, bob] = await meet(key, key);
    const [peer] = ada?.room.snapshot.peers ?? [];
    if (ada === undefined || bob === undefined || peer === undefined) throw new Error('alone');
    const forged = { type: 'offer', sdp: 'v=0\r\n' };
    ada.socket.tell('signal', { event: 'offer', payload: forged, from: peer.id });
    await sealed();
    expect(stateIn(ada)).toEqual({ state: 'connected', refusal: 'ERR_SIGNAL_UNSEALED' });
    expect(stateIn(bob)).toMatchObject({ state: 'connected' });
  });

  it('SEAL-7 says nothing about a signal that comes twice', async () => {
    const key = createLinkKey();
    const [ada, bob] = await meet(key, key);
    const [first] = bob?.socket.sent ?? [];
    const [peer] = ada?.room.snapshot.peers ?? [];
    if (ada === undefined || first === undefined || peer === undefined) throw new Error('alone');
    ada.socket.tell('signal', { ...first, from: peer.id });
    await sealed();
    expect(stateIn(ada)).toEqual({ state: 'connected', refusal: undefined });
  });
});

describe('join with a key', () => {
  it('KEY-3 refuses a damaged one before the server hears of us, and can be tried again', async () => {
    const server = new FakeServer();
    const code = 'ERR_LINK_KEY';
    await expect(joinWith(server, 'cut')).rejects.toMatchObject({ code });
    expect(server.rooms.size).toBe(0);
    await expect(joinWith(server, createLinkKey())).resolves.toBeDefined();
  });

  it('KEY-3 prepare() says so already', async () => {
    const { client } = await joinWith(new FakeServer(), undefined);
    await expect(client.prepare(undefined, { key: 'cut' })).rejects.toMatchObject({
      code: 'ERR_LINK_KEY',
    });
    await expect(client.prepare(undefined, { key: createLinkKey() })).resolves.toBeUndefined();
  });

  it('ends when the client is closed meanwhile', async () => {
    const server = new FakeServer();
    const client = new ParleyClient({
      options: resolveClientOptions({}),
      platform: new FakePlatform(),
      openSignaling: () => server.open(),
    });
    const joining = client.join('daily', { key: createLinkKey() });
    await client.close();
    await expect(joining).rejects.toMatchObject({ code: 'ERR_CLIENT_CLOSED' });
    expect(server.sockets.every(({ closed }) => closed)).toBe(true);
    expect(server.rooms.size).toBe(0);
  });
});
