import { randomBytes } from 'node:crypto';
import type { Refused, Resumed } from '@parley/protocol';
import { startRedis } from '@parley/testkit';
import type { RedisProcess } from '@parley/testkit';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ParleyServer, ServerOptions } from '../src/index.ts';
import { connect, enter, PATIENCE, refusal, serve } from './harness.ts';
import type { TestClient } from './harness.ts';

const ADMIN_TOKEN = randomBytes(24).toString('base64url');
/** Enough for each node to be the home of some. */
const ROOMS = Array.from({ length: 8 }, (_, number) => `room ${number}`);

let redis: RedisProcess;

beforeAll(async () => {
  redis = await startRedis();
});

afterAll(() => redis.close());

/** Two nodes that know each other. */
async function serveNodes(options: ServerOptions = {}): Promise<[ParleyServer, ParleyServer]> {
  const common = { redis: redis.url, relayHost: '127.0.0.1', adminToken: ADMIN_TOKEN, ...options };
  const nodes = await Promise.all([serve(common), serve(common)]);
  await expect.poll(() => nodes.map((node) => node.stats.nodes?.count), PATIENCE).toEqual([2, 2]);
  // Newcomers wait for whoever was there before a change.
  await enter(nodes[0], 'nobody was here');
  return nodes;
}

/** A node that comes later, knows the others, and is the only one in the end. */
async function serveOnlyLater(
  before: readonly ParleyServer[],
  options: ServerOptions = {},
): Promise<ParleyServer> {
  const common = { redis: redis.url, relayHost: '127.0.0.1', adminToken: ADMIN_TOKEN };
  const late = await serve({ ...common, ...options });
  const all = [...before, late];
  const counts = (): readonly unknown[] => all.map(({ stats }) => stats.nodes?.count);
  await expect.poll(counts, PATIENCE).toEqual(all.map(() => all.length));
  // Their answers come after all that they tell a newcomer.
  await asOwner(late, 'rooms');
  for (const node of before) await node.close();
  await expect.poll(() => late.stats.nodes?.count, PATIENCE).toBe(1);
  return late;
}

function asOwner(node: ParleyServer, path: string, method = 'GET'): Promise<Response> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  return fetch(`${node.url}/api/admin/${path}`, { method, headers });
}

/** Somebody who can come back and may hold the room. */
async function settleIn(
  node: ParleyServer,
  room: string,
): Promise<{ client: TestClient; id: string; session: string }> {
  const client = await connect(node);
  const reply = await client.join({ room, features: ['resume', 'door'] });
  if (!reply.ok || reply.session === undefined) throw new Error('no session');
  await client.relay('icecandidate', { hello: room }, room);
  return { client, id: reply.self.id, session: reply.session };
}

/** Resumes as often as it is cut off, as everybody does. */
async function comeBack(node: ParleyServer, session: string): Promise<Resumed | Refused> {
  for (;;) {
    const client = await connect(node);
    const cut = client.disconnected().then(() => undefined);
    const reply = await Promise.race([client.resume({ session, lastSeen: 0, sent: 1 }), cut]);
    if (reply !== undefined) return reply;
  }
}

describe('two nodes', () => {
  it('NODE-1 NODE-5 let people at both of them meet, and keep the order of what they say', async () => {
    const [a, b] = await serveNodes();
    for (const room of ROOMS) {
      const ada = await enter(a, room);
      const bob = await enter(b, room);
      expect(await ada.hears('welcome')).toMatchObject({ peer: { id: bob.id } });
      for (let number = 1; number <= 20; number += 1) {
        ada.say('icecandidate', { number }, room);
      }
      expect(await ada.relay('offer', { type: 'offer', sdp: 'v=0' }, room, bob.id)).toEqual({
        ok: true,
      });
      await bob.settled();
      const numbers = bob.heard.flatMap((one) =>
        'payload' in one ? [one.payload?.['number']] : [],
      );
      expect(numbers).toEqual([...Array.from({ length: 20 }, (_, at) => at + 1), undefined]);
      expect(bob.numbers).toEqual(Array.from({ length: 21 }, (_, at) => at + 1));
      bob.socket.disconnect();
      expect(await ada.hears('bye')).toMatchObject({ peer: { id: bob.id }, reason: 'left' });
    }
  });

  it('NODE-1 share the limit of people, the lock and the host of a room', async () => {
    const [a, b] = await serveNodes({ maxPeers: 2 });
    for (const room of ROOMS) {
      const { client: host } = await settleIn(a, room);
      const guest = await connect(b);
      expect(await host.ask('host', { do: 'door', locked: true })).toEqual({ ok: true });
      expect(await guest.join(room)).toEqual(refusal('ERR_ROOM_LOCKED'));
      expect(await host.ask('host', { do: 'door', locked: false, knock: true })).toEqual({
        ok: true,
      });
      expect(await guest.join(room)).toEqual(refusal('ERR_KNOCK_WAITING'));
      const admitted = new Promise((resolve) => {
        guest.socket.once('knocked', resolve);
      });
      const knocks = await new Promise<readonly { id: string }[]>((resolve) => {
        host.socket.emit('host', { do: 'door', knock: true }, () => {});
        host.socket.on('door', (state) => state.knocks.length > 0 && resolve(state.knocks));
      });
      await host.ask('host', { do: 'admit', id: knocks[0]?.id });
      expect(await admitted).toBe('admitted');
      expect(await guest.join(room)).toMatchObject({ ok: true });
      expect(await guest.ask('host', { do: 'door', locked: true })).toEqual(
        refusal('ERR_NOT_HOST'),
      );
      const third = await connect(a);
      await host.ask('host', { do: 'door', knock: false });
      expect(await third.join(room)).toEqual(refusal('ERR_ROOM_FULL'));
    }
  });

  it('NODE-3 NODE-5 give a place back at the other node, with all that was missed', async () => {
    const [a, b] = await serveNodes();
    for (const room of ROOMS) {
      const ada = await settleIn(a, room);
      const bob = await enter(b, room);
      await ada.client.hears('welcome');
      ada.client.cutWire();
      await ada.client.disconnected();
      for (const number of [1, 2, 3]) await bob.relay('icecandidate', { number }, room);
      const again = await connect(b);
      const back = await again.resume({ session: ada.session, lastSeen: 1, sent: 1 });
      expect(back).toMatchObject({ ok: true, missed: 'exact', received: 1, self: { id: ada.id } });
      await again.settled();
      expect(again.heard).toMatchObject([1, 2, 3].map((number) => ({ payload: { number } })));
      expect(again.numbers.at(-1)).toBe((again.numbers[0] ?? 0) + 2);
      expect((await bob.settled()).filter(({ event }) => event === 'bye')).toEqual([]);
    }
  });

  it('NODE-8 send their people to the other node before they stop', async () => {
    const [a, b] = await serveNodes();
    const ada = await settleIn(a, 'daily');
    const draining = a.drain(10_000);
    await ada.client.disconnected();
    await expect(connect(a)).rejects.toThrow('websocket error');
    expect(await comeBack(b, ada.session)).toMatchObject({ ok: true, self: { id: ada.id } });
    await draining;
    expect((await fetch(`${a.url}/readyz`)).status).toBe(503);
  });

  it('NODE-9 NODE-12 let the owner see all rooms and send people out at either node, for good', async () => {
    const [a, b] = await serveNodes();
    for (const room of ROOMS) {
      const ada = await settleIn(a, room);
      const shown: unknown = await (await asOwner(b, `rooms/${encodeURIComponent(room)}`)).json();
      expect(shown).toMatchObject({ name: room, people: [{ id: ada.id }] });
      expect((await asOwner(b, `people/${ada.id}`, 'DELETE')).status).toBe(200);
      expect(await ada.client.hears('bye')).toMatchObject({ reason: 'removed' });
      for (const node of [a, b]) {
        const again = await connect(node);
        const { session } = ada;
        expect(await again.resume({ session, lastSeen: 0, sent: 1 })).toEqual(
          refusal('ERR_SESSION_EXPIRED'),
        );
      }
    }
    expect((await asOwner(a, 'people/nobody-has-this', 'DELETE')).status).toBe(404);
    const metrics = await (await fetch(`${a.url}/metrics`)).text();
    expect(metrics).toContain('\nparley_nodes 2\n');
    expect(metrics).toContain('\nparley_redis_connected 1\n');
  });

  it('NODE-9 take goodbyes of closing pages at either node', async () => {
    const [a, b] = await serveNodes();
    for (const room of ROOMS) {
      const ada = await settleIn(a, room);
      const bob = await enter(b, room);
      const body = ada.session;
      expect((await fetch(`${b.url}/leave`, { method: 'POST', body })).status).toBe(204);
      expect(await bob.hears('bye')).toMatchObject({ peer: { id: ada.id }, reason: 'left' });
    }
    expect((await fetch(`${b.url}/leave`, { method: 'POST', body: 'x.y' })).status).toBe(403);
  });

  it('NODE-13 keep closed rooms closed that move to a node that came later, while nobody is inside', async () => {
    const [first, second] = await serveNodes();
    const hosts = await Promise.all(ROOMS.map((room) => settleIn(first, room)));
    for (const { client } of hosts) {
      expect(await client.ask('host', { do: 'door', locked: true })).toEqual({ ok: true });
      client.cutWire();
    }
    const a = await serveOnlyLater([first, second]);
    const strangers = await Promise.all(ROOMS.map(async (room) => (await connect(a)).join(room)));
    expect(strangers).toEqual(ROOMS.map(() => refusal('ERR_ROOM_LOCKED')));
    for (const { session } of hosts) {
      expect(await comeBack(a, session)).toMatchObject({ door: { locked: true, role: 'host' } });
    }
  });

  it('NODE-9 tell a node that comes later who was sent away, and which tokens are spent', async () => {
    const auth = { secret: 'the key that an application shares with us', required: false };
    const [a, b] = await serveNodes({ auth });
    const key = new TextEncoder().encode(auth.secret);
    const exp = Math.floor(Date.now() / 1000) + 600;
    const claims = { room: 'invited', once: true, jti: 'one', exp };
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(key);
    await enter(a, { room: 'invited', token });
    const people = await Promise.all(ROOMS.map((room) => settleIn(a, room)));
    for (const { id } of people) {
      expect((await asOwner(b, `people/${id}`, 'DELETE')).status).toBe(200);
    }
    const late = await serveOnlyLater([a, b], { auth });
    const again = await connect(late);
    expect(await again.join({ room: 'invited', token })).toEqual(refusal('ERR_TOKEN_USED'));
    for (const { session } of people) {
      expect(await comeBack(late, session)).toEqual(refusal('ERR_SESSION_EXPIRED'));
    }
  });

  it('NODE-11 name the relay of one node to everybody in a room', async () => {
    const [a, b] = await serveNodes();
    const named = new Set<string>();
    for (const room of ROOMS) {
      const urls = [];
      for (const node of [a, b]) {
        const reply = await (await connect(node)).join(room);
        if (!reply.ok) throw new Error(reply.error.code);
        urls.push(reply.iceServers.flatMap((server) => server.urls)[1]);
      }
      expect(urls[1]).toBe(urls[0]);
      named.add(urls[0] ?? '');
    }
    const ports = [a, b].map(({ port }) => `turn:127.0.0.1:${port}?transport=udp`);
    expect([...named].toSorted()).toEqual(ports.toSorted());
  });
});

describe('a Redis that hangs', () => {
  it('NODE-4 is as one that is away: people at the same node meet, nobody is given up, and it heals', async () => {
    const nodes = await serveNodes({ resumeGraceMs: 60_000 });
    const [here, there] = nodes;
    const stays = await Promise.all(nodes.map((node) => settleIn(node, 'before')));
    const [ada, bob] = stays;
    const isConnected = (): readonly unknown[] =>
      nodes.map(({ stats }) => stats.nodes?.isConnected);
    redis.hang();
    try {
      await expect.poll(isConnected, PATIENCE).toEqual([false, false]);
      const cyd = await enter(here, 'meanwhile');
      const dan = await enter(here, 'meanwhile');
      expect(await cyd.hears('welcome')).toMatchObject({ peer: { id: dan.id } });
      const ready = await fetch(`${there.url}/readyz`);
      expect([ready.status, await ready.text()]).toEqual([200, expect.stringContaining('away')]);
    } finally {
      redis.wake();
    }
    await expect.poll(isConnected, PATIENCE).toEqual([true, true]);
    await expect.poll(() => nodes.map((node) => node.stats.nodes?.count), PATIENCE).toEqual([2, 2]);
    const heard = stays.flatMap(({ client }) => client.heard.map(({ event }) => event));
    expect(heard).not.toContain('bye');
    // Both are in one room again, wherever that has its home now.
    if (ada === undefined || bob === undefined) throw new Error('two were inside');
    expect(await comeBack(here, ada.session)).toMatchObject({ ok: true, self: { id: ada.id } });
    const back = await comeBack(there, bob.session);
    expect(back).toMatchObject({ ok: true, peers: [{ id: ada.id }] });
  }, 60_000);
});

describe('a node', () => {
  it('NODE-10 does not start with another secret than the others', async () => {
    await serveNodes();
    const sessionSecrets = ['a secret of sessions that nobody else has'];
    await expect(
      serve({ redis: redis.url, relayHost: '127.0.0.1', sessionSecrets }),
    ).rejects.toMatchObject({ code: 'ERR_NODE_SECRET' });
  });

  it('does not start without Redis', async () => {
    await expect(
      serve({ redis: 'redis://127.0.0.1:1', relayHost: '127.0.0.1' }),
    ).rejects.toMatchObject({ code: 'ERR_REDIS' });
  });
});
