import { createServer } from 'node:http';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { PacketReceiver, PacketSocket, ReceivedPacket } from '../src/engine/packet-socket.ts';
import { PortDemultiplexer } from '../src/transport/one-port/port-demultiplexer.ts';
import type { PortDemultiplexerOptions } from '../src/transport/one-port/port-demultiplexer.ts';
import { attachSocket } from '../src/transport/stream/attach-socket.ts';
import { StreamHost } from '../src/transport/stream/stream-host.ts';
import { emptyTransportCounters } from '../src/transport/transport-counters.ts';
import type { TransportCounters } from '../src/transport/transport-counters.ts';
import { formatIp } from '../src/wire/address-text.ts';
import { listenOnFreePort } from './listen-on-free-port.ts';
import { eventually } from './transport-eventually.ts';
import { IDENTITY_ONE } from './transport-tls-identities.ts';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** Echoes frames and remembers where they came from. */
class Echo implements PacketReceiver {
  readonly seen: { transport: string; from: string; hex: string }[] = [];
  readonly sockets = new Set<PacketSocket>();
  readonly closed: PacketSocket[] = [];

  onPacket({ buffer, offset, length, from, socket }: ReceivedPacket): void {
    const hex = buffer.toString('hex', offset, offset + length);
    this.seen.push({ transport: socket.transport, from: formatIp(from), hex });
    this.sockets.add(socket);
    const padded = (length + 3) & ~3;
    buffer.fill(0, offset + length, offset + padded);
    socket.send(buffer, offset, padded, from);
  }

  onBatchEnd(): void {
    for (const socket of this.sockets) socket.flush();
  }

  onSocketClosed(socket: PacketSocket): void {
    this.closed.push(socket);
  }
}

interface Setup {
  readonly port: number;
  readonly echo: Echo;
  readonly host: StreamHost;
  readonly demultiplexer: PortDemultiplexer;
  readonly http: HttpServer;
  readonly counters: TransportCounters;
}

async function setUp(options: Partial<PortDemultiplexerOptions> = {}): Promise<Setup> {
  const echo = new Echo();
  const counters = emptyTransportCounters();
  const host = new StreamHost({ receiver: echo, counters });
  const http =
    options.http ??
    createServer((request, response) => {
      response.end(`${isSecure(request) ? 'https' : 'http'} ${request.url}`);
    });
  const { port, demultiplexer } = await listen({
    http,
    onTurn: (socket, transport) => attachSocket(socket, transport, { host, counters }),
    tls: IDENTITY_ONE,
    ...options,
  });
  cleanups.push(() => {
    host.close();
    http.closeAllConnections();
  });
  return { port, echo, host, demultiplexer, http, counters };
}

async function listen(
  options: PortDemultiplexerOptions,
): Promise<{ port: number; demultiplexer: PortDemultiplexer }> {
  const demultiplexer = new PortDemultiplexer(options);
  cleanups.push(() => demultiplexer.close());
  return { port: await listenOnFreePort(demultiplexer.server, '::'), demultiplexer };
}

function isSecure({ socket }: IncomingMessage): boolean {
  return 'encrypted' in socket && socket.encrypted === true;
}

type Transport = 'tcp' | 'tls';

/** A connected client, and everything it has received so far. */
async function client(transport: Transport, port: number, host = '127.0.0.1') {
  const socket: Socket =
    transport === 'tcp'
      ? connectTcp({ port, host })
      : connectTls({ port, host, rejectUnauthorized: false });
  cleanups.push(() => socket.destroy());
  socket.setNoDelay(true);
  const state = { received: Buffer.alloc(0), closed: false };
  socket.on('data', (chunk) => {
    state.received = Buffer.concat([state.received, chunk]);
  });
  socket.on('error', () => {
    // Told by `closed`.
  });
  socket.on('close', () => {
    state.closed = true;
  });
  await new Promise((resolve) => {
    socket.once(transport === 'tcp' ? 'connect' : 'secureConnect', resolve);
    socket.once('close', resolve);
  });
  return { socket, state };
}

/** Writes so that each piece arrives by itself: the next one waits for the event loop twice. */
async function writeSlowly(socket: Socket, pieces: readonly Buffer[]): Promise<void> {
  for (const piece of pieces) {
    await new Promise<void>((resolve) => {
      socket.write(piece, () => resolve());
    });
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  }
}

const bytesOf = (data: Buffer): Buffer[] => Array.from(data, (byte) => Buffer.of(byte));

const STUN = Buffer.from('000100002112a442000102030405060708090a0b', 'hex');
const CHANNEL_DATA = Buffer.from('40000003aabbcc00', 'hex');
const GET = Buffer.from('GET /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');

describe.each(['tcp', 'tls'] as const)('one port over %s', (transport) => {
  const scheme = transport === 'tcp' ? 'http' : 'https';

  it('serves HTTP', async () => {
    const { port } = await setUp();
    const { socket, state } = await client(transport, port);
    socket.write(GET);
    await eventually(() => expect(state.received.toString()).toContain(`${scheme} /page`));
  });

  it('serves HTTP that comes byte by byte', async () => {
    const { port } = await setUp();
    const { socket, state } = await client(transport, port);
    await writeSlowly(socket, bytesOf(GET));
    await eventually(() => expect(state.received.toString()).toContain(`${scheme} /page`));
  });

  it('serves pipelined HTTP requests in order', async () => {
    const { port } = await setUp();
    const { socket, state } = await client(transport, port);
    const gets = ['/1', '/2', '/3'].map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    socket.write(gets.join(''));
    await eventually(() => expect(state.received.toString()).toContain('/3'));
    expect(state.received.toString().match(/https? \/\d/g)).toEqual(
      ['1', '2', '3'].map((path) => `${scheme} /${path}`),
    );
  });

  it('serves a body that follows its header at once', async () => {
    const http = createServer((request, response) => {
      let size = 0;
      request.on('data', (chunk: Buffer) => {
        size += chunk.length;
      });
      request.on('end', () => response.end(`got ${size}`));
    });
    const { port } = await setUp({ http });
    const { socket, state } = await client(transport, port);
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n');
    socket.write(Buffer.alloc(300_000, 0x61));
    await eventually(() => expect(state.received.toString()).toContain('got 300000'));
  });

  it('passes upgrades, which carry the sockets of the page', async () => {
    const { port, http } = await setUp();
    http.on('upgrade', (_request, socket: Socket, head: Buffer) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
      socket.write(head);
      socket.pipe(socket);
    });
    const { socket, state } = await client(transport, port);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nhead');
    await eventually(() => expect(state.received.toString()).toContain('head'));
    socket.write('later');
    await eventually(() => expect(state.received.toString()).toContain('headlater'));
  });

  it('hands STUN and the frames right behind it to the engine', async () => {
    const { port, echo } = await setUp();
    const { socket, state } = await client(transport, port);
    socket.write(Buffer.concat([STUN, CHANNEL_DATA, STUN]));
    await eventually(() => expect(state.received.length).toBe(48));
    expect(state.received).toEqual(Buffer.concat([STUN, CHANNEL_DATA, STUN]));
    expect(echo.seen).toEqual([
      { transport, from: '127.0.0.1', hex: STUN.toString('hex') },
      { transport, from: '127.0.0.1', hex: '40000003aabbcc' },
      { transport, from: '127.0.0.1', hex: STUN.toString('hex') },
    ]);
  });

  it('hands STUN that comes byte by byte to the engine', async () => {
    const { port, echo } = await setUp();
    const { socket, state } = await client(transport, port);
    await writeSlowly(socket, bytesOf(Buffer.concat([STUN, CHANNEL_DATA])));
    await eventually(() => expect(state.received.length).toBe(28));
    expect(echo.seen).toHaveLength(2);
  });

  it('relays over IPv6', async () => {
    const { port, echo } = await setUp();
    const { socket, state } = await client(transport, port, '::1');
    socket.write(STUN);
    await eventually(() => expect(state.received).toEqual(STUN));
    expect(echo.seen[0]?.from).toBe('::1');
  });

  it('closes what is neither', async () => {
    const { port } = await setUp();
    const { socket, state } = await client(transport, port);
    socket.write(Buffer.of(0x80, 0x01, 0x02));
    await eventually(() => expect(state.closed).toBe(true));
  });

  it('closes garbage behind STUN and tells the engine', async () => {
    const { port, echo } = await setUp();
    const { socket, state } = await client(transport, port);
    socket.write(Buffer.concat([STUN, Buffer.alloc(100, 0xff)]));
    await eventually(() => expect(state.closed).toBe(true));
    await eventually(() => expect(echo.closed).toEqual([...echo.sockets]));
  });

  it('closes TURN when there is no relay', async () => {
    const { port } = await listen({ http: createServer(), tls: IDENTITY_ONE });
    const { socket, state } = await client(transport, port);
    socket.write(STUN);
    await eventually(() => expect(state.closed).toBe(true));
  });

  it('closes those who connect and stay silent', async () => {
    const { port } = await setUp({ decisionTimeoutMs: 50 });
    const { state } = await client(transport, port);
    await eventually(() => expect(state.closed).toBe(true));
  });

  it('closes those who end without a word', async () => {
    const { port } = await setUp();
    const { socket, state } = await client(transport, port);
    socket.end();
    await eventually(() => expect(state.closed).toBe(true));
  });

  it('tells the engine when the client hangs up', async () => {
    const { port, echo, host } = await setUp();
    const { socket } = await client(transport, port);
    socket.write(STUN);
    await eventually(() => expect(echo.seen).toHaveLength(1));
    socket.end();
    await eventually(() => expect(echo.closed).toEqual([...echo.sockets]));
    expect(host.connectionCount).toBe(0);
  });

  it('frees the port while clients of every kind are connected', async () => {
    const { port, http, host, demultiplexer, echo } = await setUp();
    const silent = await client(transport, port);
    const page = await client(transport, port);
    page.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually(() => expect(page.state.received.length).toBeGreaterThan(0));
    const relayed = await client(transport, port);
    relayed.socket.write(STUN);
    await eventually(() => expect(echo.seen).toHaveLength(1));
    host.close();
    http.closeAllConnections();
    await demultiplexer.close();
    const states = [silent.state, page.state, relayed.state];
    await eventually(() => expect(states.every(({ closed }) => closed)).toBe(true));
    await demultiplexer.close();
  });
});

describe('one port', () => {
  it('keeps the time limits of the HTTP server, which does not listen itself', async () => {
    const http = createServer({ headersTimeout: 50, connectionsCheckingInterval: 20 });
    const { port } = await setUp({ http });
    const { socket, state } = await client('tcp', port);
    socket.write('GET / HTTP/1.1\r\nHos');
    await eventually(() => expect(state.received.toString()).toContain('408'));
  });

  it('hands HTTP without TLS to a server of its own, with the same time limits', async () => {
    const timeouts = { headersTimeout: 50, connectionsCheckingInterval: 20 };
    const plainHttp = createServer(timeouts, (_request, response) => response.end('come by https'));
    const { port } = await setUp({ plainHttp });
    cleanups.push(() => plainHttp.closeAllConnections());
    const clients = { tcp: await client('tcp', port), tls: await client('tls', port) };
    for (const { socket } of Object.values(clients)) socket.write(GET);
    await eventually(() => {
      expect(clients.tcp.state.received.toString()).toContain('come by https');
      expect(clients.tls.state.received.toString()).toContain('https /page');
    });
    const slow = await client('tcp', port);
    slow.socket.write('GET / HTTP/1.1\r\nHos');
    await eventually(() => expect(slow.state.received.toString()).toContain('408'));
  });

  it('gives plain HTTP to a server of its own when there is one', async () => {
    const plainHttp = createServer((_request, response) => response.end('use https'));
    const { port } = await setUp({ plainHttp });
    const [plain, secure] = [await client('tcp', port), await client('tls', port)];
    plain.socket.write(GET);
    secure.socket.write(GET);
    await eventually(() => expect(plain.state.received.toString()).toContain('use https'));
    await eventually(() => expect(secure.state.received.toString()).toContain('https /page'));
  });

  it('TCP-3 closes those who begin a TLS handshake and stall', async () => {
    const { port, http } = await setUp({ decisionTimeoutMs: 100 });
    const stalled = await client('tcp', port);
    // A handshake record that announces 512 bytes, of which three come.
    stalled.socket.write(Buffer.from('1603010200010001', 'hex'));
    await eventually(() => expect(stalled.state.closed).toBe(true));
    expect(http.listening).toBe(false);
  });

  it('TCP-4 lets the oldest undecided connection make room, and serves the new one', async () => {
    const { port, echo } = await setUp({ undecided: { total: 8, perAddress: 4 } });
    const silent: Awaited<ReturnType<typeof client>>[] = [];
    for (let count = 0; count < 5; count += 1) silent.push(await client('tcp', port));
    await eventually(() => {
      expect(silent.map(({ state }) => state.closed)).toEqual([true, false, false, false, false]);
    });
    const caller = await client('tls', port);
    caller.socket.write(STUN);
    await eventually(() => expect(echo.seen).toHaveLength(1));
  });

  it('closes garbage in a TLS handshake', async () => {
    const { port } = await setUp();
    const { socket, state } = await client('tcp', port);
    socket.write(Buffer.concat([Buffer.of(0x16), Buffer.alloc(200, 0xff)]));
    await eventually(() => expect(state.closed).toBe(true));
  });

  it('does not speak TLS inside TLS', async () => {
    const { port } = await setUp();
    const { socket, state } = await client('tls', port);
    socket.write(Buffer.from('1603010005', 'hex'));
    await eventually(() => expect(state.closed).toBe(true));
  });

  it('closes TLS when it has no certificate', async () => {
    const { port } = await listen({ http: createServer() });
    const { socket, state } = await client('tcp', port);
    socket.write(Buffer.from('1603010005', 'hex'));
    await eventually(() => expect(state.closed).toBe(true));
  });

  it('queues a bounded amount for a client that stops reading', async () => {
    const { port, echo, counters } = await setUp();
    const { socket } = await client('tcp', port);
    socket.write(STUN);
    await eventually(() => expect(echo.sockets.size).toBe(1));
    socket.pause();
    const [connection] = echo.sockets;
    const frame = Buffer.alloc(1000, 0x40);
    // Far more than the buffers of the system hold.
    for (let index = 0; index < 20_000; index += 1) {
      connection?.send(frame, 0, frame.length, connection.local);
      connection?.flush();
    }
    expect(counters.streamSendDropped).toBeGreaterThan(1000);
  });
});
