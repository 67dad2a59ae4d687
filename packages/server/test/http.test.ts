import { request } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ParleyServer, ServerOptions } from '../src/index.ts';
import { serve, temporaryFolder } from './harness.ts';
import { publicFolder } from './public-folder.ts';

const PAGE = '<!doctype html><title>Parley</title>';
const SCRIPT = 'export const answer = 42;\n'.repeat(100);

/** A server with a page, an example, and a secret beside the folder it serves. */
async function serveSite(options: ServerOptions = {}): Promise<ParleyServer> {
  const folder = publicFolder({
    'secret.txt': 'secret',
    'public/index.html': PAGE,
    'public/.env': 'secret',
    'public/.git/config': 'secret',
    'public/assets/app-1a2b.js': SCRIPT,
    'public/favicon.svg': '<svg/>',
    'public/embed.js': '// embed',
    'public/examples/plain/index.html': '<title>plain</title>',
    'public/examples/plain/plain.js': '// plain',
  });
  return serve({ publicDir: join(folder, 'public'), ...options });
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Sends the path exactly as it is; `fetch` would tidy it up. */
function send(server: ParleyServer, path: string, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port: server.port, path, agent: false, ...options },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('the page', () => {
  it.each(['/', '/r/daily', '/r/quiet-otter-42', '/r/%ED%95%9C%EA%B8%80'])(
    'is served at %s, and asked for again each time',
    async (path) => {
      const server = await serveSite();
      const { status, headers, body } = await send(server, path);
      expect([status, body.toString()]).toEqual([200, PAGE]);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(headers['cache-control']).toBe('no-cache');
    },
  );

  it('keeps hashed files for good, and answers 304 to who has them', async () => {
    const server = await serveSite();
    const first = await send(server, '/assets/app-1a2b.js');
    expect(first.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const etag = String(first.headers.etag);
    const again = await send(server, '/assets/app-1a2b.js', { headers: { 'if-none-match': etag } });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });

  it('is compressed for who can take it', async () => {
    const server = await serveSite();
    const path = '/assets/app-1a2b.js';
    const plain = await send(server, path);
    const gzip = await send(server, path, { headers: { 'accept-encoding': 'gzip' } });
    const both = await send(server, path, { headers: { 'accept-encoding': 'gzip, deflate, br' } });
    expect(plain.body.toString()).toBe(SCRIPT);
    expect(gunzipSync(gzip.body).toString()).toBe(SCRIPT);
    expect(brotliDecompressSync(both.body).toString()).toBe(SCRIPT);
    expect(both.headers.vary).toBe('Accept-Encoding');
  });

  it('answers HEAD without a body, and no other method', async () => {
    const server = await serveSite();
    const head = await send(server, '/', { method: 'HEAD' });
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect(head.headers['content-length']).toBe(String(PAGE.length));
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']) {
      expect(await send(server, '/', { method })).toMatchObject({
        status: 405,
        headers: { allow: 'GET, HEAD' },
      });
    }
  });

  it('shows the example, with its slash', async () => {
    const server = await serveSite();
    expect((await send(server, '/examples/plain/')).body.toString()).toContain('plain');
    expect(await send(server, '/examples/plain')).toMatchObject({
      status: 308,
      headers: { location: '/examples/plain/' },
    });
  });

  it('says what to do when it is not built, and serves signaling all the same', async () => {
    const server = await serve({ publicDir: join(temporaryFolder(), 'nowhere') });
    const { status, body } = await send(server, '/');
    expect([server.hasPage, status]).toEqual([false, 503]);
    expect(body.toString()).toContain('npm run build');
    expect((await send(server, '/socket.io/socket.io.js')).status).toBe(200);
  });
});

describe('safety', () => {
  it.each([
    '/',
    '/r/daily',
    '/nothing',
    '/socket.io/socket.io.js',
    '/socket.io/?EIO=4&transport=polling',
  ])('sends the headers with %s', async (path) => {
    const server = await serveSite();
    const { headers } = await send(server, path);
    expect(headers['content-security-policy']).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(headers['content-security-policy']).toContain(`ws://127.0.0.1:${server.port} `);
    expect(headers['permissions-policy']).toContain('camera=(self), microphone=(self)');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers).not.toHaveProperty('set-cookie');
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it('leaves out what browsers ignore on a page that is not secure, and complain about', async () => {
    const server = await serveSite();
    const { headers } = await send(server, '/', { headers: { host: 'calls.test' } });
    expect(headers).not.toHaveProperty('cross-origin-opener-policy');
  });

  it('has CORS off', async () => {
    const server = await serveSite();
    const { headers } = await send(server, '/socket.io/?EIO=4&transport=polling', {
      headers: { origin: 'https://elsewhere.example' },
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('lets nobody frame the page, and gives nobody the script for that', async () => {
    const server = await serveSite();
    const headers = { origin: 'https://school.example' };
    const page = await send(server, '/r/daily');
    const script = await send(server, '/embed.js', { headers });
    expect(page.headers['content-security-policy']).toMatch(/frame-ancestors 'self'$/u);
    expect(page.headers['x-frame-options']).toBe('SAMEORIGIN');
    expect(script.headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(script.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('lets pages of a named origin frame the page and have the script, and no others', async () => {
    const server = await serveSite({ allowEmbeds: ['https://school.example'] });
    const page = await send(server, '/r/daily');
    expect(page.headers['content-security-policy']).toMatch(
      /frame-ancestors 'self' https:\/\/school\.example$/u,
    );
    expect(page.headers).not.toHaveProperty('x-frame-options');
    expect(page.headers['cross-origin-resource-policy']).toBe('same-origin');
    const script = (origin: string): Promise<Answer> =>
      send(server, '/embed.js', { headers: { origin } });
    const [named, other] = [
      await script('https://school.example'),
      await script('https://evil.example'),
    ];
    expect(named.headers).toMatchObject({
      'cross-origin-resource-policy': 'cross-origin',
      'access-control-allow-origin': 'https://school.example',
    });
    expect(other.headers).not.toHaveProperty('access-control-allow-origin');
    const signaling = await send(server, '/socket.io/?EIO=4&transport=polling', {
      headers: { origin: 'https://school.example' },
    });
    expect(signaling.status, 'to frame the page is not to use the server').toBe(403);
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..\\secret.txt',
    '/..%5csecret.txt',
    '/assets/../../secret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '//secret.txt',
    '/.env',
    '/%2eenv',
    '/.git/config',
    '/assets',
    '/index.html%00.js',
    '/socket.io/../secret.txt',
    '/%',
  ])('never leaves the folder: %s', async (path) => {
    const server = await serveSite();
    const { status, body } = await send(server, path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.toString()).not.toContain('secret');
  });

  it.each([
    { range: 'bytes=5-2' },
    { range: 'bytes=-' },
    { range: 'bytes=999999-' },
    { 'if-none-match': '*' },
    { 'accept-encoding': 'br;q=x, gzip;;' },
    { host: 'evil"; script-src *' },
    { host: '' },
  ])('answers in spite of odd headers: %j', async (headers) => {
    const server = await serveSite();
    const { status, headers: answered } = await send(server, '/', { headers });
    expect(status).toBe(200);
    expect(answered['content-security-policy']).not.toContain('script-src *');
  });

  it('refuses a websocket anywhere but at its own path', async () => {
    const server = await serveSite();
    await expect(
      send(server, '/r/daily', {
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        },
      }),
    ).rejects.toThrow('socket hang up');
  });
});
