import { createSocket } from 'node:dgram';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { startServer } from '../src/index.ts';
import { connect, serve } from './harness.ts';

/** Type, length 0, magic cookie: a Binding request without its transaction id. */
const BINDING_REQUEST = Buffer.from('000100002112a442', 'hex');
const BINDING_SUCCESS = 0x0101;
const TIMEOUT_MS = 10_000;

/** Asks for its address by STUN; resolves to the type of the answer and whether it is to us. */
async function askStun(host: string, port: number): Promise<{ type: number; ours: boolean }> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    const transaction = randomBytes(12);
    const answered = once(socket, 'message', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    socket.send(Buffer.concat([BINDING_REQUEST, transaction]), port, host);
    const [answer]: unknown[] = await answered;
    if (!Buffer.isBuffer(answer)) throw new Error('no bytes');
    return { type: answer.readUInt16BE(0), ours: answer.subarray(8, 20).equals(transaction) };
  } finally {
    socket.close();
  }
}

describe('the ICE servers', () => {
  it.each([
    ['calls.example.org', 'calls.example.org'],
    ['192.0.2.7:80', '192.0.2.7'],
    ['[2001:db8::7]:443', '[2001:db8::7]'],
  ])('SIG-41 name us as the client did: %s', async (header, host) => {
    const server = await serve();
    const ada = await connect(server, { extraHeaders: { host: header } });
    expect(await ada.ask('prepare')).toEqual({
      ok: true,
      iceServers: [{ urls: [`stun:${host}:${server.port}`] }],
    });
  });

  it.each(['evil?transport=tcp', 'a b', 'user@example.org', '[::1'])(
    'SIG-41 name the address of the connection when the header is %j',
    async (header) => {
      const server = await serve();
      const ada = await connect(server, { extraHeaders: { host: header } });
      expect(await ada.ask('prepare')).toEqual({
        ok: true,
        iceServers: [{ urls: [`stun:127.0.0.1:${server.port}`] }],
      });
    },
  );

  it('SIG-42 name nobody else unless they are told to', async () => {
    const server = await serve();
    const ada = await connect(server);
    expect(JSON.stringify(await ada.ask('prepare')).match(/(?:stun|turn)s?:/g)).toEqual(['stun:']);
  });
});

describe('STUN', () => {
  it('SIG-41 answers on the port number of the page', async () => {
    const server = await serve();
    expect(await askStun('127.0.0.1', server.port)).toEqual({ type: BINDING_SUCCESS, ours: true });
  });

  it('SIG-41 answers over IPv4 and IPv6 when the server listens everywhere', async () => {
    const server = await startServer({ port: 0 });
    try {
      for (const host of ['127.0.0.1', '::1']) {
        expect(await askStun(host, server.port)).toEqual({ type: BINDING_SUCCESS, ours: true });
        const urlHost = host.includes(':') ? `[${host}]` : host;
        expect((await fetch(`http://${urlHost}:${server.port}/nothing`)).status).toBe(404);
      }
    } finally {
      await server.close();
    }
  });
});
