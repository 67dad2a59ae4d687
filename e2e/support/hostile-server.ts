/**
 * A server that is not honest: it stands before an honest one, serves the same pages, and looks into
 * every offer, answer and candidate before they arrive.
 * @module
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as SocketServer } from 'socket.io';
import type { Socket } from 'socket.io';
import { io } from 'socket.io-client';

/** A signal on its way. */
export interface PassingSignal {
  readonly event: 'offer' | 'answer' | 'icecandidate';
  readonly payload: unknown;
}

/** What arrives in place of a signal's payload. Asked for one signal after another. */
export type Tamper = (signal: PassingSignal) => unknown;

/** See the module comment. */
export interface HostileServer {
  readonly url: string;
  tamper: Tamper;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const RELAYED = new Set<string>(['offer', 'answer', 'icecandidate']);

/** Starts it before the server at `honest`; at first it changes nothing. */
export async function startHostileServer(honest: string): Promise<HostileServer> {
  const http = createServer((request, response) => void forward(honest, request, response));
  const sockets = new SocketServer(http);
  const hostile: { tamper: Tamper } = { tamper: ({ payload }) => payload };
  sockets.on('connection', (victim) => connect(honest, victim, (signal) => hostile.tamper(signal)));
  const port = await listen(http);
  return Object.assign(hostile, {
    url: `http://${HOST}:${port}`,
    close: async () => {
      const closed = sockets.close();
      http.closeAllConnections();
      await closed;
    },
  });
}

function connect(honest: string, victim: Socket, tamper: Tamper): void {
  const upstream = io(honest, { forceNew: true, transports: ['websocket'] });
  const deliver = async (event: string, parts: unknown[]): Promise<void> => {
    if (isRelayed(event)) parts[0] = await tamper({ event, payload: parts[0] });
    victim.emit(event, ...(event === 'welcome' ? withoutOffer(parts) : parts));
  };
  let last = Promise.resolve();
  upstream.onAny((event: string, ...parts: unknown[]) => {
    last = last.then(() => deliver(event, parts));
  });
  victim.onAny((event: string, ...parts: unknown[]) => {
    upstream.emit(event, ...(event === 'join' ? classicJoin(parts) : parts));
  });
  victim.on('disconnect', () => upstream.disconnect());
}

/** Those inside are to speak first, as ever: it is their offers that are tampered with. */
function classicJoin([request, ...rest]: readonly unknown[]): readonly unknown[] {
  const fields: Record<string, unknown> = typeof request === 'object' ? { ...request } : {};
  const { room = request, name = '' } = fields;
  return [{ room, name }, ...rest];
}

function withoutOffer([peer, sequence]: readonly unknown[]): readonly unknown[] {
  return [peer, sequence];
}

async function forward(
  honest: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reply = await fetch(`${honest}${request.url ?? '/'}`);
  const type = reply.headers.get('content-type') ?? 'application/octet-stream';
  response.writeHead(reply.status, { 'content-type': type });
  response.end(new Uint8Array(await reply.arrayBuffer()));
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.listen(0, HOST, () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('no port'));
    });
  });
}

function isRelayed(event: string): event is PassingSignal['event'] {
  return RELAYED.has(event);
}
