/**
 * A signaling server as a process of its own, built as users get it: `parley`, `peerjs` or `bare`.
 * Prints its port when it is ready.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv } from 'node:process';
import { startServer } from '@parley/server';
import { PeerServer } from 'peer';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

const HOST = '127.0.0.1';
const PORTS = { parley: 23_490, peerjs: 23_491, bare: 23_492 } as const;
/** Well above what one generator can open. */
const MAX_CONNECTIONS = 100_000;

const SERVERS = {
  /** All of Parley: relay thread, sessions that outlive their connection, limits (out of reach). */
  parley: async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'parley-benchmark-'));
    process.once('exit', () => rmSync(dataDir, { recursive: true }));
    const limit = 1e9;
    const rateLimit = { burst: limit, perSecond: limit };
    const { port } = await startServer({ host: HOST, port: PORTS.parley, dataDir, rateLimit });
    return port;
  },
  peerjs: () =>
    new Promise<number>((resolve) => {
      const options = {
        host: HOST,
        port: PORTS.peerjs,
        path: '/',
        concurrent_limit: MAX_CONNECTIONS,
        alive_timeout: 600_000,
      };
      PeerServer(options, () => resolve(PORTS.peerjs));
    }),
  /** No rooms, no names, no limits, no repair: what passing on costs at least. */
  bare: () =>
    new Promise<number>((resolve) => {
      const clients = new Map<string, WebSocket>();
      const server = new WebSocketServer({ host: HOST, port: PORTS.bare }, () =>
        resolve(PORTS.bare),
      );
      server.on('connection', (socket, request) => {
        const id = new URL(request.url ?? '/', 'http://host').searchParams.get('id') ?? '';
        clients.set(id, socket);
        socket.on('close', () => clients.delete(id));
        socket.on('message', (data: Buffer) => {
          const message: { to?: string } = JSON.parse(data.toString());
          clients.get(message.to ?? '')?.send(JSON.stringify(message));
        });
        socket.send('{"type":"ready"}');
      });
    }),
} as const;

function isServer(name: string | undefined): name is keyof typeof SERVERS {
  return name !== undefined && name in SERVERS;
}

process.once('SIGTERM', () => process.exit(0));
const [, , name] = argv;
if (!isServer(name)) throw new Error(`no server "${name}"`);
console.log(JSON.stringify({ port: await SERVERS[name]() }));
