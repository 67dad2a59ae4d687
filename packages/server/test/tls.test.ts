import { renameSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { get as getSecurely } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { LogFields, ParleyServer, ServerOptions } from '../src/index.ts';
import { IDENTITY_ONE, IDENTITY_TWO } from '../../turn/test/transport-tls-identities.ts';
import { connect, serve } from './harness.ts';
import { writeTlsFiles } from './tls-files.ts';

const OFFER = { type: 'offer', sdp: 'v=0\r\n'.repeat(300) };
/** The certificate is our own: nobody else vouches for it. */
const TRUSTING = { rejectUnauthorized: false };

function serveSecurely(options: ServerOptions = {}): Promise<ParleyServer> {
  return serve({ ...writeTlsFiles(IDENTITY_ONE), ...options });
}

/** Replaces a file as renewal tools do: all at once. */
function replace(file: string, content: Buffer): void {
  writeFileSync(`${file}.new`, content);
  renameSync(`${file}.new`, file);
}

function request(url: string, host?: string): Promise<IncomingMessage> {
  const options = { ...TRUSTING, agent: false, headers: host === undefined ? {} : { host } };
  return new Promise((resolve, reject) => {
    const sent = (url.startsWith('https:') ? getSecurely : get)(url, options, (response) => {
      response.resume();
      resolve(response);
    });
    sent.on('error', reject);
  });
}

/** The name on the certificate a new client is shown. */
async function shownName(port: number): Promise<unknown> {
  const socket = connectTls({ port, host: '127.0.0.1', ...TRUSTING });
  try {
    await new Promise((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
    });
    return socket.getPeerCertificate().subject.CN;
  } finally {
    socket.destroy();
  }
}

describe('a server with a certificate', () => {
  it('serves the page by https', async () => {
    const server = await serveSecurely();
    expect(server.url).toBe(`https://127.0.0.1:${server.port}`);
    expect(server.isSecure).toBe(true);
    const response = await request(`${server.url}/socket.io/socket.io.js`);
    expect(response.statusCode).toBe(200);
    expect(response.headers['x-content-type-options']).toBe('nosniff');
  });

  it.each([
    ['/r/daily?x=1', 'calls.example.org:7443', 'https://calls.example.org:7443/r/daily?x=1'],
    ['/', 'calls.example.org', 'https://calls.example.org/'],
    ['//evil.example/', 'calls.example.org', 'https://calls.example.org/'],
    [
      '/socket.io/?EIO=4&transport=polling',
      '[::1]:7',
      'https://[::1]:7/socket.io/?EIO=4&transport=polling',
    ],
  ])('sends plain http for %s at %s to https', async (path, host, location) => {
    const server = await serveSecurely();
    const response = await request(`http://127.0.0.1:${server.port}${path}`, host);
    expect(response.statusCode).toBe(308);
    expect(response.headers.location).toBe(location);
  });

  it('sends nobody to where a forged name points', async () => {
    const server = await serveSecurely();
    const response = await request(`http://127.0.0.1:${server.port}/`, 'a@evil.example');
    expect(response.headers.location).toBe(`https://127.0.0.1:${server.port}/`);
  });

  it('lets no websocket in without TLS', async () => {
    const server = await serveSecurely();
    const plain = { url: `http://127.0.0.1:${server.port}` };
    await expect(connect(plain)).rejects.toThrow('websocket error');
    await expect(connect(plain, { transports: ['polling'] })).rejects.toThrow('xhr poll error');
    expect(server.stats.connections).toBe(0);
  });

  it.each([['websocket'], ['polling']])('SIG-1 carries signaling over TLS by %s', async (way) => {
    const server = await serveSecurely();
    const ada = await connect(server, { transports: [way], ...TRUSTING });
    const bob = await connect(server, { transports: [way], ...TRUSTING });
    const joined = [await ada.join('daily'), await bob.join('daily')];
    await ada.hears('welcome');
    await ada.relay('offer', OFFER, 'daily');
    expect(await bob.hears('offer')).toMatchObject({ payload: OFFER });
    expect(joined).toMatchObject([{ ok: true }, { ok: true }]);
  });

  it('stops although clients of every kind hang on', async () => {
    const server = await serveSecurely();
    const { port } = server;
    const opened: Socket[] = [
      connectTcp({ port, host: '127.0.0.1' }),
      connectTls({ port, host: '127.0.0.1', ...TRUSTING }),
    ];
    const tls = connectTls({ port, host: '127.0.0.1', ...TRUSTING });
    tls.write('GET / HTTP/1.1\r\nHost: x\r\n');
    opened.push(tls);
    const gone = opened.map(
      (socket) =>
        new Promise((resolve) => socket.resume().on('error', resolve).on('close', resolve)),
    );
    await connect(server, TRUSTING);
    await server.close();
    expect(await Promise.all(gone)).toHaveLength(3);
  });

  it('shows a renewed certificate to newcomers and drops nobody', async () => {
    const logged: [string, LogFields | undefined][] = [];
    const logger = {
      debug: () => {},
      info: (message: string, fields?: LogFields) => logged.push([message, fields]),
      warn: (message: string, fields?: LogFields) => logged.push([message, fields]),
      error: () => {},
    };
    const files = writeTlsFiles(IDENTITY_ONE);
    const server = await serve({ ...files, logger });
    const ada = await connect(server, TRUSTING);
    expect(await shownName(server.port)).toBe('one.parley.test');

    replace(files.tlsKey, IDENTITY_TWO.key);
    replace(files.tlsCert, IDENTITY_TWO.cert);

    await expect.poll(() => shownName(server.port), { timeout: 15_000 }).toBe('two.parley.test');
    expect(logged).toContainEqual(['certificate renewed', { certFile: files.tlsCert }]);
    expect(await ada.ask('prepare')).toMatchObject({ ok: true });
  });

  it('does not start with files that are no certificate, or not each other’s', async () => {
    const files = writeTlsFiles(IDENTITY_ONE);
    writeFileSync(files.tlsKey, IDENTITY_TWO.key);
    await expect(serve(files)).rejects.toMatchObject({
      code: 'ERR_TLS_FILES',
      message: expect.stringContaining(files.tlsCert),
    });
    await expect(serve({ ...files, tlsKey: '/no/such/key.pem' })).rejects.toMatchObject({
      code: 'ERR_TLS_FILES',
      message: expect.stringMatching(/ENOENT.*must be PEM files that belong together/),
    });
  });
});
