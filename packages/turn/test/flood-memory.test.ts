import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { ATTRIBUTE } from '../src/wire/attribute-type.ts';
import { longTermKey } from '../src/wire/integrity-key.ts';
import { encodeMessageType, MESSAGE_CLASS, METHOD } from '../src/wire/message-type.ts';
import { buildMessage, readMessage } from './turn-message.ts';
import { allocateAttributes } from './turn-test-client.ts';

/** 127.0.0.0/8 is ours as a whole: so many addresses, as many sources. */
const SOURCES = 1000;
const WARM_UP_REQUESTS = 20_000;
const REQUESTS = 60_000;
/** What an allocator may keep for itself; that many requests of even 200 bytes would be as much. */
const TOLERATED_BYTES = 12_000_000;

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

interface Status {
  readonly rss: number;
  readonly asked: number;
  readonly judged: number;
  readonly allocationsStarted: number;
}

async function startServer(): Promise<{ port: number; ask: () => Promise<Status> }> {
  const script = fileURLToPath(new URL('flood-memory-server.mjs', import.meta.url));
  const child = spawn(process.execPath, [script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  cleanups.push(async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  });
  const lines = createInterface(child.stdout);
  const port = Number(await nextLine(lines));
  const ask = async (): Promise<Status> => {
    child.stdin.write('status\n');
    const status: Status = JSON.parse(await nextLine(lines));
    return status;
  };
  return { port, ask };
}

async function nextLine(lines: Interface): Promise<string> {
  const [line]: unknown[] = await once(lines, 'line');
  return String(line);
}

const ALLOCATE = encodeMessageType(METHOD.allocate, MESSAGE_CLASS.request);
const UNSIGNED = buildMessage(ALLOCATE, allocateAttributes());

/** An Allocate with a good nonce and name, and a wrong password. */
async function signedWrongly(port: number): Promise<Buffer> {
  const socket = createSocket('udp4');
  socket.send(UNSIGNED, port, '127.0.0.1');
  const [challenge]: unknown[] = await once(socket, 'message');
  socket.close();
  if (!Buffer.isBuffer(challenge)) throw new TypeError('no challenge');
  const nonce = readMessage(challenge).value(ATTRIBUTE.nonce) ?? Buffer.alloc(0);
  const username = `${Math.trunc(Date.now() / 1000) + 600}:room.peer`;
  const key = longTermKey({ username, realm: 'parley', password: 'wrong' }, 'md5');
  return buildMessage(
    ALLOCATE,
    (writer) => {
      allocateAttributes()(writer);
      writer.appendText(ATTRIBUTE.username, username);
      writer.appendText(ATTRIBUTE.realm, 'parley');
      writer.appendBytes(ATTRIBUTE.nonce, nonce);
    },
    { integrity: { hash: 'sha1', key } },
  );
}

async function openSources(): Promise<Socket[]> {
  const sockets = Array.from({ length: SOURCES }, () => createSocket('udp4'));
  cleanups.push(() => {
    for (const socket of sockets) socket.close();
  });
  await Promise.all(
    sockets.map(async (socket, index) => {
      socket.bind(0, `127.7.${index >> 8}.${index & 255}`);
      await once(socket, 'listening');
    }),
  );
  return sockets;
}

/** Sends from every source once. */
async function sendFromAll(sockets: readonly Socket[], port: number, packets: readonly Buffer[]) {
  for (const [index, socket] of sockets.entries()) {
    const packet = packets[index % packets.length];
    if (packet !== undefined) socket.send(packet, port, '127.0.0.1');
    if (index % 100 === 99) await new Promise(setImmediate);
  }
}

it.runIf(process.platform === 'linux')(
  'LIM-5 a relay thread keeps its memory while a thousand addresses send it bad requests',
  { timeout: 180_000 },
  async () => {
    const { port, ask } = await startServer();
    const wronglySigned = await signedWrongly(port);
    const sockets = await openSources();
    /** Loopback drops some: goes on until the server has seen so many. */
    const floodUntil = async (asked: number): Promise<Status> => {
      for (let round = 0; ; round += 1) {
        const isEven = round % 2 === 0;
        const [first, second] = isEven ? [UNSIGNED, wronglySigned] : [wronglySigned, UNSIGNED];
        await sendFromAll(sockets, port, [first, second]);
        const status = await ask();
        if (status.asked >= asked) return status;
      }
    };
    const warm = await floodUntil(WARM_UP_REQUESTS);
    const after = await floodUntil(warm.asked + REQUESTS);
    expect(after.rss - warm.rss).toBeLessThan(TOLERATED_BYTES);
    expect(after.allocationsStarted).toBe(0);
    expect(after.judged).toBeGreaterThan(REQUESTS / 10);
  },
);
