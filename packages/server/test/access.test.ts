import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Authenticated, Refused } from '@parley/protocol';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import type { ParleyServer } from '../src/index.ts';
import { connect, PATIENCE, refusal, serve } from './harness.ts';
import type { TestClient } from './harness.ts';
import { openRelayClient } from './relay-client.ts';

const SECRET = 'the key that an application shares with us';
const API_KEY = 'what-the-application-shows-to-get-tokens';
const AUTH = { auth: { secret: SECRET, apiKey: API_KEY } };
const nowSeconds = (): number => Math.floor(Date.now() / 1000);

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function sign(payload: JWTPayload = {}): Promise<string> {
  const claims = { room: 'daily', exp: nowSeconds() + 60, ...payload };
  const key = new TextEncoder().encode(SECRET);
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(key);
}

function authenticate(client: TestClient, token: string): Promise<Authenticated | Refused> {
  return new Promise((resolve) => {
    client.socket.emit('authenticate', token, resolve);
  });
}

async function joinWith(server: ParleyServer, token?: string, more = {}) {
  const client = await connect(server);
  const request = { room: 'daily', features: ['door', 'resume'], ...more };
  const reply = await client.join({ ...request, ...(token !== undefined && { token }) });
  return { client, reply };
}

describe('a server that asks for access tokens', () => {
  it('TOKEN-1 TOKEN-2 lets in whom the application has sent, under the name it gave', async () => {
    const server = await serve(AUTH);
    expect((await joinWith(server)).reply).toMatchObject(refusal('ERR_TOKEN_WANTED'));
    const token = await sign({ name: 'Ada', role: 'guest' });
    const { reply } = await joinWith(server, token, { name: 'Mallory' });
    expect(reply).toMatchObject({ ok: true, self: { name: 'Ada' }, door: { role: 'guest' } });
    expect(reply.ok && reply.tokenEndsInMs).toBeGreaterThan(50_000);
  });

  it('TOKEN-2 TOKEN-5 makes nobody a host whom the application has made a guest', async () => {
    const server = await serve(AUTH);
    await joinWith(server, await sign({ role: 'guest' }));
    const bob = await joinWith(server, await sign());
    expect(bob.reply).toMatchObject({ door: { role: 'host' } });
    const ada = await joinWith(server, await sign({ role: 'host' }));
    expect(ada.reply).toMatchObject({ door: { role: 'host' } });
    expect((await joinWith(server, 'forged')).reply).toMatchObject(refusal('ERR_TOKEN_INVALID'));
    const host = ada.reply.ok ? ada.reply.self.id : '';
    expect(await bob.client.ask('host', { do: 'remove', id: host })).toMatchObject(
      refusal('ERR_NOT_HOST'),
    );
  });

  it('TOKEN-2 lets a host of the application through every door', async () => {
    const server = await serve(AUTH);
    const ada = await joinWith(server, await sign());
    await ada.client.ask('host', { do: 'door', locked: true, knock: true, passcode: 'sesame' });
    expect((await joinWith(server, await sign())).reply).toMatchObject(refusal('ERR_ROOM_LOCKED'));
    expect((await joinWith(server, await sign({ role: 'host' }))).reply).toMatchObject({
      ok: true,
    });
  });

  it('TOKEN-13 SIG-86 asks for it before it holds a place and says who is inside', async () => {
    const server = await serve(AUTH);
    const ada = await joinWith(server, await sign({ name: 'Ada' }));
    expect(ada.reply).toMatchObject({ ok: true });
    const bob = await connect(server);
    const prepare = (request: unknown): Promise<unknown> => bob.ask('prepare', request);
    const room = 'daily';
    for (const [token, code] of [
      [undefined, 'ERR_TOKEN_WANTED'],
      ['forged', 'ERR_TOKEN_INVALID'],
      [await sign({ room: 'other' }), 'ERR_TOKEN_ROOM'],
      [await sign({ exp: nowSeconds() - 60 }), 'ERR_TOKEN_EXPIRED'],
    ] as const) {
      expect(await prepare({ room, look: true, token })).toMatchObject(refusal(code));
    }
    expect(await prepare({ room, token: 7 })).toMatchObject(refusal('ERR_MESSAGE_SCHEMA'));
    const open = await prepare(undefined);
    expect(open).toMatchObject({ ok: true });
    expect(JSON.stringify(open)).not.toMatch(/turn:|credential/u);

    // One that is good for one join is not spent on looking.
    const token = await sign({ once: true, jti: 'invitation' });
    expect(await prepare({ room, look: true, token })).toMatchObject({
      ok: true,
      inside: { count: 1, names: ['Ada'] },
      iceServers: expect.arrayContaining([
        expect.objectContaining({ credential: expect.any(String) }),
      ]),
    });
    expect(await bob.join({ room, token })).toMatchObject({ ok: true });
    expect(await prepare({ room, token })).toMatchObject(refusal('ERR_TOKEN_USED'));
  });

  it('TOKEN-13 holds no place for somebody who is gone before the token was looked at', async () => {
    const server = await serve({ ...AUTH, maxPeers: 2 });
    const token = await sign();
    for (let turn = 0; turn < 20; turn += 1) {
      const gone = await connect(server);
      gone.say('prepare', { room: 'daily', token });
      gone.cutWire();
    }
    await expect.poll(() => server.stats.connections, PATIENCE).toBe(0);
    const ada = await connect(server);
    const reply = await ada.ask('prepare', { room: 'daily', token });
    expect(JSON.stringify(reply)).toContain('credential');
  });

  it('TOKEN-7 does not waste a token on a room that is full', async () => {
    const server = await serve({ ...AUTH, maxPeers: 2 });
    const first = await joinWith(server, await sign());
    await joinWith(server, await sign());
    const token = await sign({ once: true, jti: 'link' });
    expect((await joinWith(server, token)).reply).toMatchObject(refusal('ERR_ROOM_FULL'));
    await first.client.leave();
    expect((await joinWith(server, token)).reply).toMatchObject({ ok: true });
  });

  it('TOKEN-9 lets everybody in where tokens are not required, and looks at those that come', async () => {
    const server = await serve({ auth: { secret: SECRET, required: false } });
    expect((await joinWith(server)).reply).toMatchObject({ ok: true });
    expect((await joinWith(server, 'x')).reply).toMatchObject(refusal('ERR_TOKEN_INVALID'));
    const away = await serve();
    expect((await joinWith(away, 'x')).reply).toMatchObject({ ok: true });
  });

  it('TOKEN-10 goes on with a token that is shown in time', async () => {
    const server = await serve(AUTH);
    const { client } = await joinWith(server, await sign({ sub: 'ada' }));
    const other = await sign({ sub: 'bob' });
    expect(await authenticate(client, other)).toMatchObject(refusal('ERR_TOKEN_INVALID'));
    const elsewhere = await sign({ sub: 'ada', room: 'other' });
    expect(await authenticate(client, elsewhere)).toMatchObject(refusal('ERR_TOKEN_ROOM'));
    const fresh = await sign({ sub: 'ada', exp: nowSeconds() + 600 });
    const reply = await authenticate(client, fresh);
    expect(reply.ok && reply.tokenEndsInMs).toBeGreaterThan(500_000);
    const stranger = await connect(server);
    expect(await authenticate(stranger, fresh)).toMatchObject(refusal('ERR_ROOM_NOT_JOINED'));
    expect(await client.ask('authenticate', 7)).toMatchObject(refusal('ERR_MESSAGE_SCHEMA'));
  });

  it('TOKEN-8 DOOR-9 takes neither token nor session of somebody who was removed, and their relay ends', async () => {
    const server = await serve(AUTH);
    const ada = await joinWith(server, await sign({ role: 'host' }));
    const token = await sign({ name: 'Bob' });
    const bob = await joinWith(server, token);
    if (!bob.reply.ok) throw new Error('Bob was refused');
    const { turn, close } = await openRelayClient(bob.reply.iceServers, 'udp');
    closing.push(close);
    expect(await turn.allocate()).toBe(0);
    await expect.poll(() => server.stats.relay.allocations, PATIENCE).toBe(1);

    await ada.client.ask('host', { do: 'remove', id: bob.reply.self.id });

    await expect.poll(() => server.stats.relay.allocations, { timeout: 1_000 }).toBe(0);
    expect(await turn.refresh()).toBe(403);
    expect(await bob.client.hears('bye')).toMatchObject({ reason: 'removed' });
    expect((await joinWith(server, token)).reply).toMatchObject(refusal('ERR_TOKEN_USED'));
    const { session = '' } = bob.reply;
    const again = await joinWith(server, await sign(), { session });
    expect(again.reply).toMatchObject(refusal('ERR_ENTRY_REFUSED'));
    const stranger = await connect(server);
    expect(await stranger.resume({ session, lastSeen: 0 })).toMatchObject(
      refusal('ERR_SESSION_EXPIRED'),
    );
  });
});

function issue(
  kid: string,
  alg: string,
  key: CryptoKey | Uint8Array,
  payload: JWTPayload = {},
): Promise<string> {
  const claims = { room: 'daily', exp: nowSeconds() + 60, iss: 'https://id.example', ...payload };
  return new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(key);
}

async function provider() {
  const rsa = await generateKeyPair('RS256', { extractable: true });
  const ec = await generateKeyPair('ES256', { extractable: true });
  const keys = [
    { ...(await exportJWK(rsa.publicKey)), kid: 'r', alg: 'RS256' },
    { ...(await exportJWK(ec.publicKey)), kid: 'e', alg: 'ES256' },
  ];
  const http: Server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  closing.push(() => http.close());
  const { port }: Pick<AddressInfo, 'port'> = Object(http.address());
  return { rsa, ec, keys, jwksUrl: `http://127.0.0.1:${port}/keys` };
}

describe('keys of an identity provider', () => {
  it('TOKEN-5 TOKEN-11 open the door, and no algorithm but theirs does', async () => {
    const { rsa, ec, keys, jwksUrl } = await provider();
    const server = await serve({ auth: { jwksUrl, issuer: 'https://id.example' } });
    const tokens = [
      await issue('r', 'RS256', rsa.privateKey),
      await issue('e', 'ES256', ec.privateKey),
    ];
    for (const token of tokens) {
      expect((await joinWith(server, token)).reply).toMatchObject({ ok: true });
    }
    const publicKey = new TextEncoder().encode(JSON.stringify(keys[0]));
    const stranger = await generateKeyPair('RS256');
    for (const forged of [
      await issue('r', 'HS256', publicKey),
      await issue('r', 'RS256', stranger.privateKey),
      await issue('x', 'RS256', rsa.privateKey),
      await issue('r', 'RS256', rsa.privateKey, { iss: 'https://evil.example' }),
      await sign({ iss: 'https://id.example' }),
    ]) {
      expect((await joinWith(server, forged)).reply).toMatchObject(refusal('ERR_TOKEN_INVALID'));
    }
  });

  it('TOKEN-11 work beside a shared key, each with its own algorithms', async () => {
    const { rsa, keys, jwksUrl } = await provider();
    const server = await serve({ auth: { jwksUrl, secret: SECRET } });
    expect((await joinWith(server, await sign())).reply).toMatchObject({ ok: true });
    const token = await issue('r', 'RS256', rsa.privateKey);
    expect((await joinWith(server, token)).reply).toMatchObject({ ok: true });
    const confused = await issue('r', 'HS256', new TextEncoder().encode(JSON.stringify(keys[0])));
    expect((await joinWith(server, confused)).reply).toMatchObject(refusal('ERR_TOKEN_INVALID'));
  });
});

function post(server: ParleyServer, body: unknown, key = API_KEY): Promise<Response> {
  return fetch(`${server.url}/api/tokens`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

describe('POST /api/tokens', () => {
  it('TOKEN-20 makes a token that opens one room', async () => {
    const server = await serve(AUTH);
    const wanted = { room: 'daily', name: 'Ada', role: 'host', ttlSeconds: 60, once: true };
    const response = await post(server, wanted);
    expect(response.status).toBe(201);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { token, expiresAt }: { token: string; expiresAt: number } = Object(
      await response.json(),
    );
    expect(expiresAt - nowSeconds()).toBeGreaterThan(50);
    const { reply } = await joinWith(server, token);
    expect(reply).toMatchObject({ ok: true, self: { name: 'Ada' }, door: { role: 'host' } });
    expect((await joinWith(server, token)).reply).toMatchObject(refusal('ERR_TOKEN_USED'));
  });

  it('TOKEN-21 asks for the key, and slows down who guesses it', async () => {
    const server = await serve(AUTH);
    const statuses: number[] = [];
    for (let n = 0; n < 11; n += 1) {
      statuses.push((await post(server, { room: 'daily' }, `wrong-${n}`)).status);
    }
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
  });

  it.each([
    ['', 400],
    ['[]', 400],
    [{ room: '' }, 400],
    [{ room: 'daily', name: 7 }, 400],
    [{ room: 'daily', role: 'admin' }, 400],
    [{ room: 'daily', ttlSeconds: 0 }, 400],
    [{ room: 'daily', ttlSeconds: 1e9 }, 400],
    [{ room: 'daily', once: 'yes' }, 400],
    ['x'.repeat(5000), 413],
  ])('TOKEN-22 refuses what it cannot make: %j', async (body, status) => {
    const server = await serve(AUTH);
    expect((await post(server, body)).status).toBe(status);
  });

  it('TOKEN-21 is not there without an API key', async () => {
    const server = await serve({ auth: { secret: SECRET } });
    expect((await post(server, { room: 'daily' })).status).toBe(405);
  });
});
