// @ts-check
/**
 * People come and go, and nothing of them must stay: `node --expose-gc soak-process.mjs JOINS` runs the
 * built server and its clients, and prints as JSON what was there after the first part and at the end.
 *
 * Each connection joins several times; some hold a place first, some leave, some say goodbye, and some
 * are cut off and are waited for in vain.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, getActiveResourcesInfo, memoryUsage } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { startServer } from '@parley/server';
import { io } from 'socket.io-client';

const AT_ONCE = 20;
const JOINS_EACH = 10;
const GRACE_MS = 200;
/** The server remembers so many who have gone for good (4096), and grows until it does. */
const MAX_WARM_UP_JOINS = 6_000;

const [, , wanted = '50000'] = argv;
const WARM_UP_JOINS = Math.min(MAX_WARM_UP_JOINS, Number(wanted) / 2);
const dataDir = mkdtempSync(join(tmpdir(), 'parley-soak-'));
const limit = 1e9;
const server = await startServer({
  port: 0,
  host: '127.0.0.1',
  dataDir,
  publicDir: dataDir,
  resumeGraceMs: GRACE_MS,
  rateLimit: { burst: limit, perSecond: limit },
});
let joins = 0;
let visits = 0;

/** @param {number} number */
async function visit(number) {
  const socket = io(server.url, { transports: ['websocket'], forceNew: true, reconnection: false });
  await new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(undefined));
    socket.once('connect_error', reject);
  });
  for (let stay = 0; stay < JOINS_EACH; stay += 1) {
    const room = `room ${(number + stay) % 7}`;
    if (stay % 3 === 0) await socket.emitWithAck('prepare', { room });
    const features = stay % 2 === 0 ? ['offer', 'resume'] : [];
    const reply = await socket.emitWithAck('join', { room, name: 'Ada', features });
    if (!reply.ok && reply.error.code !== 'ERR_ROOM_FULL') throw new Error(reply.error.code);
    if (reply.ok) joins += 1;
    await socket.emitWithAck('icecandidate', { candidate: 'x'.repeat(150) }, room, null);
    if (stay < JOINS_EACH - 1) await socket.emitWithAck('leave');
  }
  if (number % 2 === 0) socket.disconnect();
  else socket.io.engine.close(); // as a closed tab
}

/** @param {number} end */
async function until(end) {
  const lane = async () => {
    while (joins < end) await visit((visits += 1));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

async function look() {
  const isEmpty = () => server.stats.peers === 0 && server.stats.connections === 0;
  while (!isEmpty()) await delay(GRACE_MS);
  await delay(5 * GRACE_MS); // Node lets go of closed sockets a little later
  for (let round = 0; round < 3; round += 1) globalThis.gc?.();
  /** @type {Record<string, number>} */
  const resources = {};
  for (const name of getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
  const listeners = process.eventNames().map((event) => process.listenerCount(event));
  return {
    joins,
    heapBytes: memoryUsage().heapUsed,
    rooms: server.stats.rooms,
    resources,
    listeners: listeners.reduce((sum, count) => sum + count, 0),
  };
}

await until(WARM_UP_JOINS);
const before = await look();
await until(WARM_UP_JOINS + Number(wanted));
const after = await look();
await server.close();
rmSync(dataDir, { recursive: true });
process.stdout.write(JSON.stringify({ before, after }));
