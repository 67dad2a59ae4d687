import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { PeerId, Resumed } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import type { ParleyServer } from '../src/index.ts';
import { createLeaveHandler } from '../src/leave-handler.ts';
import { connect, enter, PATIENCE, refusal, serve, temporaryFolder } from './harness.ts';
import type { TestClient } from './harness.ts';

const ROOM = 'daily';

/** Somebody who can come back, and has said something. */
async function enterToStay(
  server: ParleyServer,
  name: string,
): Promise<{ client: TestClient; id: PeerId; session: string }> {
  const client = await connect(server);
  const reply = await client.join({ room: ROOM, name, features: ['resume'] });
  if (!reply.ok || reply.session === undefined) throw new Error('no session');
  await client.relay('icecandidate', { hello: name }, ROOM);
  return { client, id: reply.self.id, session: reply.session };
}

/** A new connection that takes the place over. */
async function comeBack(
  server: ParleyServer,
  session: string,
  lastSeen: number,
): Promise<TestClient & { readonly back: Resumed }> {
  const client = await connect(server);
  const back = await client.resume({ session, lastSeen });
  if (!back.ok) throw new Error(`resume refused: ${back.error.code}`);
  return Object.assign(client, { back });
}

function sendLeave(server: Pick<ParleyServer, 'url'>, body: string): Promise<number> {
  const headers = { 'Content-Type': 'text/plain;charset=UTF-8' };
  return fetch(`${server.url}/leave`, { method: 'POST', body, headers }).then(
    ({ status }) => status,
  );
}

describe('a connection that breaks', () => {
  it('SIG-64 SIG-65 loses nothing, repeats nothing and keeps the order, however often it is cut', async () => {
    const server = await serve();
    const ada = await enter(server, ROOM);
    const { client, id, session } = await enterToStay(server, 'Bob');
    const seen: number[] = [];
    let bob = client;
    let sent = 0;
    for (let round = 1; round <= 25; round += 1) {
      const cut = round % 3;
      if (cut === 0) bob.cutWire();
      for (let count = 0; count < round % 7; count += 1) {
        sent += 1;
        ada.say('icecandidate', { n: sent }, ROOM, id);
      }
      if (cut === 1) bob.cutWire();
      else if (round % 2 === 0) await ada.settled();
      if (cut === 2) bob.cutWire();
      seen.push(...bob.numbers);
      const again = await comeBack(server, session, seen.at(-1) ?? 0);
      expect(again.back.missed).toBe('exact');
      bob = again;
    }
    await ada.settled();
    await bob.settled();
    seen.push(...bob.numbers);
    expect(seen).toEqual(Array.from({ length: sent }, (_, index) => index + 1));
    const events = (await ada.settled()).map(({ event }) => event);
    expect(events).toEqual(['welcome', 'icecandidate']);
  });

  it('SIG-61 ends the place after the grace time', async () => {
    const server = await serve({ resumeGraceMs: 150 });
    const ada = await enter(server, ROOM);
    const bob = await enterToStay(server, 'Bob');
    bob.client.cutWire();
    await expect.poll(() => server.stats.connections, PATIENCE).toBe(1);
    expect(server.stats.peers).toBe(2);
    expect(await ada.hears('bye')).toMatchObject({ peer: { id: bob.id }, reason: 'lost' });
    expect(server.stats.peers).toBe(1);
  });

  it('SIG-60 ends the place of a plain page at once', async () => {
    const server = await serve();
    const ada = await enter(server, ROOM);
    const bob = await enter(server, ROOM);
    await bob.relay('offer', {}, ROOM);
    bob.cutWire();
    expect(await ada.hears('bye')).toMatchObject({ peer: { id: bob.id }, reason: 'lost' });
  });

  it('SIG-68 gives the place to whoever came back last, and cuts the others off', async () => {
    const server = await serve();
    const ada = await enter(server, ROOM);
    const { client, session, id } = await enterToStay(server, 'Bob');
    const [first, second] = [await connect(server), await connect(server)];
    const replies = await Promise.all(
      [first, second].map((socket) => socket.resume({ session, lastSeen: 0 })),
    );
    expect(replies.map(({ ok }) => ok)).toEqual([true, true]);
    await client.disconnected();
    await Promise.race([first.disconnected(), second.disconnected()]);
    await expect.poll(() => server.stats.connections, PATIENCE).toBe(2);
    expect(await ada.relay('offer', { n: 1 }, ROOM, id)).toEqual({ ok: true });
    const left = [first, second].find(({ socket }) => socket.connected);
    expect(await left?.hears('offer')).toMatchObject({ payload: { n: 1 } });
    const events = (await ada.settled()).map(({ event }) => event);
    expect(events).toEqual(['welcome', 'icecandidate']);
  });

  it('SIG-68 is noticed at the next resume when an old token is used by somebody else', async () => {
    const server = await serve();
    const { session } = await enterToStay(server, 'Bob');
    const bob = await comeBack(server, session, 0);
    const thief = await comeBack(server, session, 0);
    await bob.disconnected();
    const again = await comeBack(server, bob.back.session, 0);
    await thief.disconnected();
    expect(await again.relay('offer', {}, ROOM)).toEqual({ ok: true });
  });
});

describe('a server that is restarted', () => {
  it('SIG-67 takes everybody back into their room with the secret in its data folder', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    const first = await serve({ dataDir });
    const ada = await enterToStay(first, 'Ada');
    const bob = await enterToStay(first, 'Bob');
    await first.close();

    const second = await serve({ dataDir, port: first.port });
    const bobAgain = await comeBack(second, bob.session, 1);
    const cyd = await enter(second, { room: ROOM, name: 'Cyd' });
    const adaAgain = await comeBack(second, ada.session, 2);
    expect(bobAgain.back).toMatchObject({ self: { id: bob.id, name: 'Bob' }, missed: 'lost' });
    expect(adaAgain.back).toMatchObject({
      self: { id: ada.id, name: 'Ada' },
      peers: [{ id: bob.id, name: 'Bob' }, { id: cyd.id }],
    });
    expect(JSON.stringify(adaAgain.back.iceServers)).toContain(`.${ada.id}`);
    expect(await adaAgain.relay('offer', { n: 1 }, ROOM, bob.id)).toEqual({ ok: true });
    expect(await bobAgain.hears('offer')).toMatchObject({ from: ada.id, payload: { n: 1 } });
    expect(await cyd.hears('welcome')).toMatchObject({ peer: { id: ada.id } });
    expect(second.stats).toMatchObject({ rooms: 1, peers: 3 });
  });

  it('DOOR-18 DOOR-19 DOOR-20 keeps out strangers, and whoever was sent away, before anybody is back', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    const first = await serve({ dataDir });
    const enterAs = async (name: string) => {
      const client = await connect(first);
      const reply = await client.join({ room: ROOM, name, features: ['resume', 'door'] });
      if (!reply.ok || reply.session === undefined) throw new Error('no session');
      return { client, id: reply.self.id, session: reply.session };
    };
    const ada = await enterAs('Ada');
    const eve = await enterAs('Eve');
    await ada.client.ask('host', { do: 'door', locked: true });
    await ada.client.ask('host', { do: 'remove', id: eve.id });
    await first.close();
    const file = join(dataDir, `doors-${first.port}.json`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(ROOM);

    const second = await serve({ dataDir, port: first.port });
    const stranger = await connect(second);
    expect(await stranger.join(ROOM)).toMatchObject(refusal('ERR_ROOM_LOCKED'));
    expect(await stranger.join('another room')).toMatchObject({ ok: true });
    const eveAgain = await connect(second);
    expect(await eveAgain.resume({ session: eve.session, lastSeen: 0 })).toMatchObject(
      refusal('ERR_SESSION_EXPIRED'),
    );
    const adaAgain = await comeBack(second, ada.session, 0);
    expect(adaAgain.back).toMatchObject({ door: { role: 'host', locked: true } });
  });

  it('SIG-63 takes nobody back with another secret', async () => {
    const first = await serve({ dataDir: join(temporaryFolder(), 'data') });
    const { session } = await enterToStay(first, 'Ada');
    const second = await serve({ dataDir: join(temporaryFolder(), 'data') });
    const ada = await connect(second);
    expect(await ada.resume({ session, lastSeen: 0 })).toMatchObject(
      refusal('ERR_SESSION_INVALID'),
    );
  });
});

describe('POST /leave', () => {
  it('SIG-81 is the goodbye of a page that is being closed', async () => {
    const server = await serve();
    const ada = await enter(server, ROOM);
    const bob = await enterToStay(server, 'Bob');
    bob.client.cutWire();
    expect(await sendLeave(server, bob.session)).toBe(204);
    expect(await ada.hears('bye')).toMatchObject({ peer: { id: bob.id }, reason: 'left' });
    expect(server.stats.peers).toBe(1);
  });

  it('SIG-81 refuses what is no token, and what is too long', async () => {
    const server = await serve();
    const ada = await enter(server, ROOM);
    expect(await sendLeave(server, '')).toBe(403);
    expect(await sendLeave(server, 'x.y')).toBe(403);
    expect(await sendLeave(server, 'x'.repeat(1025))).toBe(413);
    expect(await sendLeave(server, 'x'.repeat(1_000_000)).catch(() => 413)).toBe(413);
    expect((await fetch(`${server.url}/leave`)).status).toBe(404);
    expect(await ada.settled()).toEqual([]);
  });

  it('SIG-81 refuses what comes too often', async () => {
    const tokens: string[] = [];
    const leave = (token: string): boolean => tokens.push(token) > 0;
    const rateLimit = { burst: 3, perSecond: 1 };
    const http = createServer(createLeaveHandler({ leave, rateLimit, now: () => 0 }));
    await once(http.listen(0, '127.0.0.1'), 'listening');
    const address = http.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const statuses: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      statuses.push(await sendLeave({ url: `http://127.0.0.1:${port}` }, `token ${n}`));
    }
    http.close();
    expect(statuses).toEqual([204, 204, 204, 429, 429]);
    expect(tokens).toEqual(['token 0', 'token 1', 'token 2']);
  });
});
