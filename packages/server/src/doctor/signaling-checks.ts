/**
 * Joins a room of its own over websocket and over long polling, as a caller would. With an access token
 * two places are held instead: people may be in its room, who are not to notice, and the token is not spent.
 * @module
 */
import { randomBytes } from 'node:crypto';
import type {
  ClientToServerEvents,
  IceServer,
  Joined,
  Prepared,
  Refused,
  ServerToClientEvents,
  SignalingErrorCode,
} from '@parley/protocol';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { checkAccess, roomOfToken } from './access-checks.ts';
import { failed, passed, skipped, warned } from './check.ts';
import type { Check } from './check.ts';
import { isAboutToStop } from './page-checks.ts';

type ClientSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** Two people in one room, who may use the relay as long as they stay. Its owner must `close` it. */
export interface Guests {
  /** What the server tells each of them to use; none when nobody was let in. */
  readonly iceServers: readonly (readonly IceServer[])[];
  readonly checks: readonly Check[];
  close(): void;
}

/** Where the guests are to go. */
interface Way {
  readonly url: URL;
  readonly room: string;
  readonly token: string | undefined;
}

const TIMEOUT_MS = 8000;

/** Lets one guest in over each transport; with an access token, where the server asks for one. */
export async function enterGuests(url: URL, token: string | undefined): Promise<Guests> {
  if (await isAboutToStop(url)) {
    return {
      checks: [stopping('websocket'), stopping('polling')],
      iceServers: [],
      close: () => {},
    };
  }
  const ownRoom = `parley doctor ${randomBytes(9).toString('base64url')}`;
  const way = { url, room: (token && roomOfToken(token)) ?? ownRoom, token };
  const websocket = await enter(way, 'websocket');
  const polling = await enter(way, 'polling');
  const guests = [websocket, polling];
  const access = guests.map(({ refusal }) => checkAccess(refusal)).find(Boolean);
  return {
    checks: [...guests.map(({ check }) => check), ...(access ? [access] : [])],
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
  /** Why the server did not let them in. */
  readonly refusal: SignalingErrorCode | undefined;
}

async function enter(way: Way, transport: 'websocket' | 'polling'): Promise<Guest> {
  const socket: ClientSocket = io(way.url.origin, {
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
  const outside = { socket, iceServers: undefined, refusal: undefined };
  if (!isOpen) return { ...outside, check: noWay(transport) };
  const reply = await ask(socket, way);
  const ms = Math.round(performance.now() - startedAt);
  if (reply?.ok === true) {
    const did = way.token === undefined ? 'joined' : 'held a place';
    const check = passed(transport, `${did} in ${ms} ms`);
    return { ...outside, check, iceServers: reply.iceServers };
  }
  const refusal = reply?.error.code;
  const isAboutToken = checkAccess(refusal) !== undefined;
  const check = isAboutToken ? passed(transport, `answered in ${ms} ms`) : notIn(transport, reply);
  return { ...outside, check, refusal };
}

async function ask(
  socket: ClientSocket,
  { room, token }: Way,
): Promise<Joined | Prepared | Refused | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), TIMEOUT_MS);
    const answered = (reply: Joined | Prepared | Refused): void => {
      clearTimeout(timer);
      resolve(reply);
    };
    if (token === undefined) socket.emit('join', { room, name: 'parley doctor' }, answered);
    else socket.emit('prepare', { room, token }, answered);
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
  if (code === 'ERR_SERVER_DRAINING') return stopping(transport);
  if (code === 'ERR_SERVER_FULL') {
    return failed(
      transport,
      'the server has as many rooms as it may',
      'Wait until some are empty, or start it with a greater --max-rooms.',
    );
  }
  return skipped(transport, `connected, and refused (${code})`);
}

function stopping(transport: string): Check {
  return warned(
    transport,
    'the server is about to stop',
    'Wait until it has been restarted, then look again.',
  );
}
