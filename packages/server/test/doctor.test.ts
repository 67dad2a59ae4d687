import { createServer, request as forward } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { TurnServer } from '@parley/turn';
import { SignJWT } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import type { Check } from '../src/doctor/check.ts';
import { examine } from '../src/doctor/doctor.ts';
import { formatChecks, hasFailed } from '../src/doctor/format-checks.ts';
import type { DoctorOptions } from '../src/doctor/doctor.ts';
import { checkSecureContext } from '../src/doctor/page-checks.ts';
import { createSelfSigned } from '../src/https/self-signed.ts';
import type { ServerOptions } from '../src/index.ts';
import { connect, enter, PATIENCE, serve, temporaryFolder } from './harness.ts';
import { publicFolder } from './public-folder.ts';
import { writeTlsFiles } from './tls-files.ts';

const RELAY_SECRET = 'the secret of a relay that somebody else runs';
const HOUR_MS = 3_600_000;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A healthy server with a page. */
function serveHealthy(options: ServerOptions = {}) {
  return serve({ publicDir: publicFolder({ 'index.html': '<title>Parley</title>' }), ...options });
}

function look(url: string, options: Partial<DoctorOptions> = {}): Promise<readonly Check[]> {
  return examine({ url: new URL(url), timeoutMs: 1000, ...options });
}

/** The rows that are not well, with what is to be done. */
function troubles(checks: readonly Check[]): Record<string, string> {
  const bad = checks.filter(({ status }) => status === 'fail' || status === 'warn');
  return Object.fromEntries(bad.map(({ name, fix = '' }) => [name, fix]));
}

function listen(server: Server): Promise<number> {
  closing.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  );
  return new Promise((resolve) => {
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await new Promise<number>((resolve) => {
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

/** A proxy that passes on what `passes` lets through, and no websockets. */
function startProxy(target: string, passes: (path: string) => boolean): Promise<number> {
  return listen(
    createServer((incoming, response) => {
      const path = incoming.url ?? '/';
      if (!passes(path)) {
        response.writeHead(404).end();
        return;
      }
      const { method, headers } = incoming;
      const outgoing = forward(`${target}${path}`, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      outgoing.on('error', () => response.destroy());
      incoming.pipe(outgoing);
    }),
  );
}

async function startRelay(): Promise<number> {
  const relay = new TurnServer({ secrets: [RELAY_SECRET] });
  closing.push(() => relay.close());
  const { port } = await relay.listen({ host: '127.0.0.1', port: 0 });
  return port;
}

describe('parley doctor', () => {
  it('finds everything in order, with a packet through the relay by UDP and TCP', async () => {
    const server = await serveHealthy();
    const checks = await look(server.url);
    expect(troubles(checks)).toEqual({});
    expect(checks.map(({ name, status }) => `${status} ${name}`)).toEqual([
      'ok page',
      'ok clock',
      'ok secure context',
      'skip certificate',
      'ok websocket',
      'ok polling',
      `ok STUN udp ${server.port}`,
      `ok TURN udp ${server.port}`,
      `ok TURN tcp ${server.port}`,
    ]);
    expect(formatChecks(checks)).toMatch(/relayed there and back in .* ms[^]*Everything works\./);
    expect(hasFailed(checks)).toBe(false);
    await expect.poll(() => server.stats.relay.allocations, PATIENCE).toBe(0);
  });

  it('goes through the relay by TLS as well', async () => {
    const now = Date.now();
    const span = {
      notBefore: new Date(now - HOUR_MS),
      notAfter: new Date(now + 90 * 24 * HOUR_MS),
    };
    const identity = await createSelfSigned({ names: ['127.0.0.1'], ...span });
    const server = await serveHealthy(writeTlsFiles(identity));
    const checks = await look(server.url, { authorities: identity.cert.toString() });
    expect(troubles(checks)).toEqual({});
    expect(checks).toContainEqual({
      name: `TURN tls ${server.port}`,
      status: 'ok',
      detail: expect.stringMatching(/there and back/),
    });
    expect(checks).toContainEqual({
      name: 'certificate',
      status: 'ok',
      detail: 'good for 89 days',
    });
  });
});

describe('parley doctor names the one fix', () => {
  it('1: nothing listens', async () => {
    const port = await closedPort();
    const checks = await look(`http://127.0.0.1:${port}`);
    expect(troubles(checks)).toEqual({
      page: `Nothing listens on TCP port ${port}: start Parley, or correct the port of the link.`,
    });
    expect(hasFailed(checks)).toBe(true);
  });

  it('2: another program has the port', async () => {
    const port = await listen(createServer((_request, response) => response.end('hello')));
    const { page } = troubles(await look(`http://127.0.0.1:${port}`));
    expect(page).toMatch(/^Another program answers/);
  });

  it('3: the proxy in front has nothing behind it', async () => {
    const broken = createServer((_request, response) => response.writeHead(502).end());
    const { page } = troubles(await look(`http://127.0.0.1:${await listen(broken)}`));
    expect(page).toMatch(/^The proxy in front does not reach Parley/);
  });

  it('4: the clock is off', async () => {
    const server = await serveHealthy();
    const { clock } = troubles(await look(server.url, { now: () => Date.now() + 120_000 }));
    expect(clock).toMatch(/timedatectl set-ntp true/);
  });

  it('5: the certificate has expired', async () => {
    const now = Date.now();
    const span = { notBefore: new Date(now - 9 * HOUR_MS), notAfter: new Date(now - HOUR_MS) };
    const identity = await createSelfSigned({ names: ['127.0.0.1'], ...span });
    const server = await serveHealthy(writeTlsFiles(identity));
    const checks = await look(server.url, { authorities: identity.cert.toString() });
    expect(troubles(checks)['certificate']).toMatch(/^Renew the certificate/);
    expect(hasFailed(checks)).toBe(true);
  });

  it('6: nobody vouches for the certificate', async () => {
    const server = await serveHealthy({ lan: true, dataDir: temporaryFolder() });
    const checks = await look(server.url);
    expect(troubles(checks)['certificate']).toMatch(/--domain NAME or --public/);
    expect(hasFailed(checks)).toBe(false);
  });

  it('7: the proxy in front passes no websockets on', async () => {
    const server = await serveHealthy();
    const port = await startProxy(server.url, () => true);
    const found = troubles(await look(`http://127.0.0.1:${port}`));
    expect(Object.keys(found)).toEqual(['websocket']);
    expect(found['websocket']).toMatch(/forward the headers Upgrade and Connection/);
  });

  it('8: the proxy in front passes the page on and nothing else', async () => {
    const server = await serveHealthy();
    const port = await startProxy(server.url, (path) => !path.startsWith('/socket.io/'));
    const found = troubles(await look(`http://127.0.0.1:${port}`));
    expect(found['polling']).toMatch(/let it forward every path/);
  });

  it('9: the relay is off', async () => {
    const server = await serveHealthy({ relay: 'off' });
    expect(troubles(await look(server.url))).toEqual({
      TURN: expect.stringMatching(/start without --relay off/),
    });
  });

  it('10: UDP is blocked on the way to the relay', async () => {
    const port = await closedPort();
    const server = await serveHealthy({
      relay: 'off',
      externalTurn: [`turn:127.0.0.1:${port}?transport=udp`],
      externalTurnSecret: RELAY_SECRET,
    });
    expect(troubles(await look(server.url))).toEqual({
      [`TURN udp ${port}`]: expect.stringContaining(`sudo ufw allow ${port}/udp`),
    });
  });

  it('11: TCP is blocked on the way to the relay', async () => {
    const port = await closedPort();
    const server = await serveHealthy({
      relay: 'off',
      externalTurn: [`turn:127.0.0.1:${port}?transport=tcp`],
      externalTurnSecret: RELAY_SECRET,
    });
    expect(troubles(await look(server.url))).toEqual({
      [`TURN tcp ${port}`]: expect.stringContaining(`sudo ufw allow ${port}/tcp`),
    });
  });

  it('12: the relay has another secret', async () => {
    const port = await startRelay();
    const server = await serveHealthy({
      relay: 'off',
      externalTurn: [`turn:127.0.0.1:${port}?transport=udp`],
      externalTurnSecret: `${RELAY_SECRET}, mistyped`,
    });
    expect(troubles(await look(server.url))).toEqual({
      [`TURN udp ${port}`]: expect.stringMatching(/give both the same one/),
    });
  });

  it('13: the server is about to stop', async () => {
    const server = await serveHealthy();
    const ada = await connect(server);
    await ada.join('daily');
    const draining = server.drain(60_000);
    for (const options of [{}, { token: 'of an application' }]) {
      const found = troubles(await look(server.url, options));
      expect(Object.keys(found)).toEqual(['websocket', 'polling']);
      expect(found['websocket']).toMatch(/^Wait until it has been restarted/);
    }
    await ada.leave();
    await draining;
  });

  it('14: the page is not built', async () => {
    const server = await serve();
    expect(troubles(await look(server.url))['page']).toMatch(/npm run build/);
  });

  it('15: the link is plain http for strangers', () => {
    expect(checkSecureContext(new URL('http://203.0.113.5:7000'))).toMatchObject({
      status: 'fail',
      fix: expect.stringContaining('--domain NAME'),
    });
    for (const url of ['http://localhost:7000', 'http://127.0.0.1', 'http://[::1]:7000']) {
      expect(checkSecureContext(new URL(url)).status).toBe('ok');
    }
  });

  it('18: the server asks for access tokens, and none was shown, or none that counts', async () => {
    const secret = 'the key that an application shares with us';
    const server = await serveHealthy({ auth: { secret } });
    const found = async (token?: string): Promise<string> => {
      const checks = await look(server.url, token === undefined ? {} : { token });
      expect(Object.keys(troubles(checks))).toEqual(['access token']);
      expect(checks.filter(({ name }) => name === 'websocket')).toMatchObject([{ status: 'ok' }]);
      return `${hasFailed(checks)}: ${troubles(checks)['access token']}`;
    };
    const exp = Math.floor(Date.now() / 1000) + 600;
    const sign = (claims: object, key = secret): Promise<string> =>
      new SignJWT({ exp, ...claims })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(new TextEncoder().encode(key));
    expect(await found()).toMatch(/^false: Show one: "PARLEY_ACCESS_TOKEN=TOKEN parley doctor/);
    expect(await found('nonsense')).toMatch(/^true: Sign it with the key in PARLEY_AUTH_SECRET/);
    expect(await found(await sign({}, `another one, ${secret}`))).toMatch(/^true: Sign it with/);
    expect(await found(await sign({ exp: exp - 7200 }))).toMatch(/^true: Take a fresh one/);

    const ada = await connect(server);
    const once = await sign({ room: 'daily', once: true, jti: 'link' });
    await ada.join({ room: 'daily', token: await sign({ room: 'daily' }) });
    for (const token of [once, await sign({})]) {
      const checks = await look(server.url, { token });
      expect(troubles(checks)).toEqual({});
      expect(formatChecks(checks)).toMatch(/TURN udp .* there and back[^]*Everything works/);
    }
    expect(await ada.settled(), 'nobody in the room noticed').toEqual([]);
    const bob = await connect(server);
    expect(await bob.join({ room: 'daily', token: once }), 'not spent').toMatchObject({ ok: true });
    expect(await found(once)).toMatch(/^true: Take another one/);
  });

  it('19: the server is full of rooms', async () => {
    const server = await serveHealthy({ maxRooms: 1 });
    await enter(server, 'daily');
    expect(troubles(await look(server.url))['websocket']).toMatch(/greater --max-rooms/);
  });

  it('17: the certificate is for another name', async () => {
    const now = Date.now();
    const span = { notBefore: new Date(now - HOUR_MS), notAfter: new Date(now + HOUR_MS) };
    const identity = await createSelfSigned({ names: ['calls.example.org'], ...span });
    const server = await serveHealthy(writeTlsFiles(identity));
    const checks = await look(server.url, { authorities: identity.cert.toString() });
    expect(troubles(checks)['certificate']).toMatch(/^Get a certificate for the name in the link/);
  });

  it('16: https is asked where there is none', async () => {
    const server = await serveHealthy();
    const { page } = troubles(await look(server.url.replace('http:', 'https:')));
    expect(page).toMatch(/TCP port|no https/);
  });
});
