/**
 * Everything on one TCP port, however slowly it arrives.
 * @module
 */
import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { ParleyServer } from '../src/index.ts';
import { IDENTITY_ONE } from '../../turn/test/transport-tls-identities.ts';
import { PATIENCE, serve } from './harness.ts';
import { writeTlsFiles } from './tls-files.ts';

type Transport = 'tcp' | 'tls';

const BINDING_REQUEST = Buffer.from('000100002112a442000102030405060708090a0b', 'hex');
const BINDING_SUCCESS = '0101';
const GET = Buffer.from('GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');

/** A connection, and what has come over it. */
class Line {
  readonly socket: Socket;
  received: Buffer = Buffer.alloc(0);
  closed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('error', () => {}); // told by `closed`
    socket.on('close', () => (this.closed = true));
    socket.on('data', (chunk) => (this.received = Buffer.concat([this.received, chunk])));
  }

  static async open(transport: Transport, { port }: ParleyServer): Promise<Line> {
    const where = { port, host: '127.0.0.1' };
    const socket =
      transport === 'tcp' ? connectTcp(where) : connectTls({ ...where, rejectUnauthorized: false });
    await new Promise((resolve, reject) => {
      socket.once(transport === 'tcp' ? 'connect' : 'secureConnect', resolve);
      socket.once('error', reject);
    });
    return new Line(socket);
  }

  /** Each byte goes out by itself, with turns of the event loop between. */
  async writeByteByByte(bytes: Buffer): Promise<void> {
    for (const byte of bytes) {
      await new Promise<void>((resolve) => {
        this.socket.write(Buffer.of(byte), () => resolve());
      });
      for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
    }
  }

  get hex(): string {
    return this.received.toString('hex');
  }
}

function start(transport: Transport): Promise<ParleyServer> {
  return serve(transport === 'tls' ? writeTlsFiles(IDENTITY_ONE) : {});
}

describe.each(['tcp', 'tls'] as const)('one port over %s', (transport) => {
  it('SIG-41 answers STUN that comes byte by byte, and pipelined', async () => {
    const line = await Line.open(transport, await start(transport));
    await line.writeByteByByte(BINDING_REQUEST);
    await expect.poll(() => line.hex.slice(0, 4), PATIENCE).toBe(BINDING_SUCCESS);
    const first = line.received.length;
    line.socket.write(Buffer.concat([BINDING_REQUEST, BINDING_REQUEST]));
    await expect.poll(() => line.received.length, PATIENCE).toBe(3 * first);
  });

  it('answers HTTP that comes byte by byte', async () => {
    const line = await Line.open(transport, await start(transport));
    await line.writeByteByByte(GET);
    await expect.poll(() => line.received.toString(), PATIENCE).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('answers a client that says nothing for a while, and then the rest at once', async () => {
    const line = await Line.open(transport, await start(transport));
    await line.writeByteByByte(BINDING_REQUEST.subarray(0, 1));
    for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);
    line.socket.write(BINDING_REQUEST.subarray(1));
    await expect.poll(() => line.hex.slice(0, 4), PATIENCE).toBe(BINDING_SUCCESS);
  });

  it('closes what it does not know, and serves the next one', async () => {
    const server = await start(transport);
    const stranger = await Line.open(transport, server);
    stranger.socket.write(Buffer.alloc(64, 0xff));
    await expect.poll(() => stranger.closed, PATIENCE).toBe(true);
    const liar = await Line.open(transport, server);
    liar.socket.write(Buffer.concat([BINDING_REQUEST, Buffer.alloc(64, 0xff)]));
    await expect.poll(() => liar.closed, PATIENCE).toBe(true);
    const next = await Line.open(transport, server);
    next.socket.write(BINDING_REQUEST);
    await expect.poll(() => next.hex.slice(0, 4), PATIENCE).toBe(BINDING_SUCCESS);
  });
});

describe('one port with a certificate', () => {
  it('SIG-41 answers plain STUN over TCP all the same', async () => {
    const line = await Line.open('tcp', await start('tls'));
    line.socket.write(BINDING_REQUEST);
    await expect.poll(() => line.hex.slice(0, 4), PATIENCE).toBe(BINDING_SUCCESS);
  });

  it('closes garbage within TLS, and a TLS handshake that is none', async () => {
    const server = await start('tls');
    const inside = await Line.open('tls', server);
    inside.socket.write(Buffer.alloc(64, 0xff));
    const outside = await Line.open('tcp', server);
    outside.socket.write(Buffer.concat([Buffer.of(0x16), Buffer.alloc(200, 0xff)]));
    await expect.poll(() => [inside.closed, outside.closed], PATIENCE).toEqual([true, true]);
  });
});
