import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ParleyServer } from '../src/index.ts';
import { connect, enter, PATIENCE, refusal, serve } from './harness.ts';

const TOKEN = randomBytes(24).toString('base64url');

function ask(server: ParleyServer, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url}${path}`, init);
}

function asOwner(server: ParleyServer, path: string, method = 'GET'): Promise<Response> {
  return ask(server, path, { method, headers: { authorization: `Bearer ${TOKEN}` } });
}

/** The values on the metrics page. */
async function metricsOf(server: ParleyServer): Promise<Map<string, number>> {
  const text = await (await ask(server, '/metrics')).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

describe('health', () => {
  it('is told to everybody', async () => {
    const server = await serve();
    expect(await (await ask(server, '/healthz')).json()).toEqual({ ok: true });
    expect(await (await ask(server, '/readyz')).json()).toEqual({ ready: true });
  });
});

describe('metrics', () => {
  it('count people, joins, and refusals by code', async () => {
    const server = await serve();
    await enter(server, 'daily');
    const bob = await enter(server, 'daily');
    await bob.join('daily');
    await bob.join('');
    const cyd = await connect(server);
    const reply = await cyd.join({ room: 'daily', features: ['resume'] });
    const session = reply.ok ? (reply.session ?? '') : '';
    expect(await (await connect(server)).resume({ session, lastSeen: 0 })).toMatchObject({
      ok: true,
    });
    await expect.poll(() => server.stats.connections, PATIENCE).toBe(3);
    const metrics = await metricsOf(server);
    expect(Object.fromEntries(metrics)).toMatchObject({
      parley_rooms: 1,
      parley_people: 3,
      parley_joins_total: 3,
      parley_resumes_total: 1,
      parley_connections: 3,
      'parley_refusals_total{code="ERR_ROOM_ALREADY_JOINED"}': 2,
      parley_relay_allocations: 0,
      parley_relay_threads_down: 0,
      parley_relay_thread_restarts_total: 0,
      parley_relay_bytes_total: 0,
      'parley_relay_drops_total{reason="malformed"}': 0,
      'parley_relay_drops_total{reason="streamSendDropped"}': 0,
      parley_draining: 0,
    });
    expect(metrics.get('parley_event_loop_delay_seconds{quantile="0.99"}')).toBeTypeOf('number');
  });

  it('name nobody', async () => {
    const server = await serve();
    const ada = await enter(server, { room: 'secret room', name: 'Ada' });
    const text = await (await ask(server, '/metrics')).text();
    for (const private_ of ['secret room', 'Ada', ada.id, '127.0.0.1']) {
      expect(text).not.toContain(private_);
    }
  });

  it('are for this machine alone, and not for what a proxy here passes on', async () => {
    const server = await serve({ adminToken: TOKEN });
    expect((await ask(server, '/metrics')).status).toBe(200);
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    expect((await ask(server, '/metrics', { headers })).status).toBe(401);
    const authorization = `Bearer ${TOKEN}`;
    const answer = await ask(server, '/metrics', { headers: { ...headers, authorization } });
    expect(answer.status).toBe(200);
  });
});

describe('the owner', () => {
  it('sees rooms, removes people, closes rooms', async () => {
    const server = await serve({ adminToken: TOKEN });
    const ada = await enter(server, { room: 'daily talk', name: 'Ada' });
    const bob = await enter(server, { room: 'daily talk', name: 'Bob' });
    const path = `/api/admin/rooms/${encodeURIComponent('daily talk')}`;
    const people = [
      { id: ada.id, name: 'Ada' },
      { id: bob.id, name: 'Bob' },
    ];
    expect(await (await asOwner(server, '/api/admin/rooms')).json()).toEqual({
      rooms: [{ name: 'daily talk', people }],
    });
    expect(await (await asOwner(server, path)).json()).toEqual({ name: 'daily talk', people });
    expect((await asOwner(server, `/api/admin/people/${ada.id}`, 'DELETE')).status).toBe(200);
    expect(await bob.hears('bye')).toMatchObject({ peer: { id: ada.id }, reason: 'removed' });
    expect(await (await asOwner(server, path, 'DELETE')).json()).toEqual({ removed: 1 });
    expect(server.stats.peers).toBe(0);
    expect((await asOwner(server, path)).status).toBe(404);
    expect((await asOwner(server, '/api/admin/people/nobody', 'DELETE')).status).toBe(404);
    expect((await asOwner(server, '/api/admin/%ff', 'POST')).status).toBe(404);
  });

  it('is known by the token alone, and guessing is slow', async () => {
    const server = await serve({ adminToken: TOKEN });
    const statuses: number[] = [];
    for (let guess = 0; guess < 25; guess += 1) {
      const authorization = `Bearer ${TOKEN.slice(0, -3)}!${String(guess).padStart(2, '0')}`;
      const answer = await ask(server, '/api/admin/rooms', { headers: { authorization } });
      statuses.push(answer.status);
    }
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect((await asOwner(server, '/api/admin/rooms')).status).toBe(200);
  });

  it('has no door where there is no token', async () => {
    const server = await serve();
    expect((await asOwner(server, '/api/admin/rooms')).status).toBe(404);
  });
});

describe('a server that is about to stop', () => {
  it('DRAIN-1 DRAIN-2 DRAIN-4 sends newcomers away, keeps those inside, and ends when they have left', async () => {
    const server = await serve({ adminToken: TOKEN });
    const ada = await enter(server, 'daily');
    const bob = await enter(server, 'daily');
    expect((await asOwner(server, '/api/admin/drain', 'POST')).status).toBe(202);
    expect((await ask(server, '/readyz')).status).toBe(503);
    expect((await ask(server, '/healthz')).status).toBe(200);
    const cyd = await connect(server);
    expect(await cyd.join('daily')).toEqual(refusal('ERR_SERVER_DRAINING'));
    expect(await ada.relay('offer', { type: 'offer', sdp: 'x' }, 'daily')).toEqual({ ok: true });
    const over = server.drain(60_000);
    await ada.leave();
    await bob.leave();
    await over;
    expect(server.stats.peers).toBe(0);
  });

  it('DRAIN-4 does not wait for ever, and not at all when nobody is there', async () => {
    const server = await serve();
    await connect(server);
    await server.drain(60_000, () => expect.unreachable('nobody is there'));
    const other = await serve();
    await enter(other, 'daily');
    let waits = 0;
    await other.drain(1, () => (waits += 1));
    expect([waits, other.stats.peers]).toEqual([1, 1]);
  });

  it('DRAIN-4 does not wait for those whose connection broke', async () => {
    const server = await serve();
    const ada = await connect(server);
    await ada.join({ room: 'daily', features: ['resume'] });
    await ada.relay('icecandidate', null, 'daily');
    ada.cutWire();
    await expect.poll(() => server.stats.connections, PATIENCE).toBe(0);
    await server.drain(60_000, () => expect.unreachable('nobody is here'));
    expect(server.stats.peers, 'the place is kept').toBe(1);
  });

  it('DRAIN-3 gives newcomers no answer before a stop that is near', async () => {
    const server = await serve();
    const ada = await enter(server, 'daily');
    const bob = await connect(server);
    const over = server.drain(5000);
    let isAnswered = false;
    void bob.join('daily').then(() => (isAnswered = true));
    expect(await ada.relay('offer', { type: 'offer', sdp: 'x' }, 'daily')).toEqual({ ok: true });
    await ada.leave();
    await over;
    await server.close();
    await bob.disconnected();
    expect(isAnswered).toBe(false);
  });
});

describe('pages of other origins', () => {
  it.each([['websocket'], ['polling']])(
    'ORIGIN-1 are kept out by %s, unless named',
    async (way) => {
      const server = await serve();
      const page = (origin: string) => ({ transports: [way], extraHeaders: { origin } });
      await expect(connect(server, page('https://evil.example'))).rejects.toThrow('error');
      await connect(server, page(server.url));
      const open = await serve({ allowOrigins: ['https://app.example'] });
      await connect(open, page('https://app.example'));
      await expect(connect(open, page('https://evil.example'))).rejects.toThrow('error');
    },
  );

  it('ORIGIN-2 may read answers only where they are named', async () => {
    const open = await serve({ allowOrigins: ['https://app.example'] });
    const path = '/socket.io/?EIO=4&transport=polling';
    const allowed = await ask(open, path, { headers: { origin: 'https://app.example' } });
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example');
    const refused = await ask(open, path, { headers: { origin: 'https://evil.example' } });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([
      403,
      null,
    ]);
  });
});
