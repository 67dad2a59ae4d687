/**
 * Joins a room of its own over websocket and over long polling, as a caller would.
 * @module
 */
import { randomBytes } from 'node:crypto';
import type {
  ClientToServerEvents,
  IceServer,
  Joined,
  Refused,
  ServerToClientEvents,
} from '@parley/protocol';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { failed, passed, skipped, warned } from './check.ts';
import type { Check } from './check.ts';

type ClientSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** Two people in one room, who may use the relay as long as they stay. Its owner must `close` it. */
export interface Guests {
  /** What the server tells each of them to use; none when nobody was let in. */
  readonly iceServers: readonly (readonly IceServer[])[];
  readonly checks: readonly Check[];
  close(): void;
}

const TIMEOUT_MS = 8000;

/** Lets one guest in over each transport. */
export async function enterGuests(url: URL): Promise<Guests> {
  const room = `parley doctor ${randomBytes(9).toString('base64url')}`;
  const websocket = await enter(url, room, 'websocket');
  const polling = await enter(url, room, 'polling');
  const guests = [websocket, polling];
  return {
    checks: guests.map(({ check }) => check),
    iceServers: guests.flatMap(({ iceServers }) => (iceServers ? [iceServers] : [])),
    close: () => {
      for (const { socket } of guests) socket.disconnect();
    },
  };
}

interface Guest {
  readonly socket: ClientSocket;
  readonly check: Check;
  readonly iceServers: readonly IceServer[] | undefined;
}

async function enter(url: URL, room: string, transport: 'websocket' | 'polling'): Promise<Guest> {
  const socket: ClientSocket = io(url.origin, {
    transports: [transport],
    forceNew: true,
    reconnection: false,
    timeout: TIMEOUT_MS,
    // Whether the certificate is good is asked for itself.
    rejectUnauthorized: false,
  });
  const startedAt = performance.now();
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('connect_error', () => resolve(false));
  });
  if (!isOpen) return { socket, check: noWay(transport), iceServers: undefined };
  const reply = await join(socket, room);
  const ms = Math.round(performance.now() - startedAt);
  if (reply?.ok === true) {
    return { socket, check: passed(transport, `joined in ${ms} ms`), iceServers: reply.iceServers };
  }
  return { socket, check: notIn(transport, reply), iceServers: undefined };
}

async function join(socket: ClientSocket, room: string): Promise<Joined | Refused | undefined> {
  const request = { room, name: 'parley doctor' };
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), TIMEOUT_MS);
    socket.emit('join', request, (reply) => {
      clearTimeout(timer);
      resolve(reply);
    });
  });
}

function noWay(transport: 'websocket' | 'polling'): Check {
  const fix =
    transport === 'websocket'
      ? 'A proxy in front does not pass websockets on: let it forward the headers Upgrade and Connection (docs/SELF-HOSTING.md).'
      : 'A proxy in front does not pass /socket.io/ on: let it forward every path.';
  return failed(transport, 'no connection', fix);
}

function notIn(transport: string, reply: Refused | undefined): Check {
  const code = reply?.error.code;
  if (code === undefined) {
    return failed(
      transport,
      'no answer',
      'The server is overloaded or stuck: see its log, and restart it.',
    );
  }
  if (code === 'ERR_SERVER_DRAINING') {
    return warned(
      transport,
      'the server is about to stop',
      'Wait until it has been restarted, then look again.',
    );
  }
  return skipped(transport, `connected; rooms are closed to strangers (${code})`);
}
