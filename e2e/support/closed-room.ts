/**
 * A room whose host has locked it and is out of reach, and strangers who try to get in.
 * @module
 */
import type {
  ClientToServerEvents,
  Joined,
  Refused,
  Resumed,
  ServerToClientEvents,
} from '@parley/protocol';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';

/** See the module comment. */
export interface ClosedRoom {
  readonly name: string;
  /** With which the host can come back. */
  readonly session: string;
}

type Connection = Socket<ServerToClientEvents, ClientToServerEvents>;

const CUT = Symbol('the connection was cut');

/** Somebody enters the room `name`, locks it, and vanishes; `undefined` where the node at `home` has it not. */
export async function closeRoomAt(
  url: string,
  name: string,
  home: string,
): Promise<ClosedRoom | undefined> {
  return connected(url, async (socket) => {
    const reply = await join(socket, name);
    if (!reply.ok || reply.session === undefined) throw new Error(`no room: ${name}`);
    const relays = reply.iceServers.flatMap(({ urls }) => urls);
    if (!relays.some((relay) => relay.includes(`${new URL(home).host}?`))) return undefined;
    // Whoever has said something keeps the place.
    await new Promise((resolve) => {
      socket.emit('icecandidate', { hello: name }, name, null, resolve);
    });
    await new Promise((resolve) => {
      socket.emit('host', { do: 'door', locked: true }, resolve);
    });
    return { name, session: reply.session };
  });
}

/** Why a stranger is not let in; `undefined`: they are. */
export async function refusalOfStranger(url: string, { name }: ClosedRoom): Promise<unknown> {
  return persistently(url, async (socket) => {
    const reply = await join(socket, name);
    return reply.ok ? undefined : reply.error.code;
  });
}

/** What the host is told who comes back. */
export async function hostReturns(
  url: string,
  { session }: ClosedRoom,
): Promise<Resumed | Refused> {
  return persistently(
    url,
    (socket) =>
      new Promise((resolve) => {
        socket.emit('resume', { session, lastSeen: 0, sent: 1 }, resolve);
      }),
  );
}

function join(socket: Connection, room: string): Promise<Joined | Refused> {
  return new Promise((resolve) => {
    socket.emit('join', { room, features: ['resume', 'door'] }, resolve);
  });
}

/** As often as the connection is cut before there is an answer: that is how rooms move. */
async function persistently<T>(url: string, use: (socket: Connection) => Promise<T>): Promise<T> {
  for (;;) {
    const answer = await connected(url, (socket) => Promise.race([use(socket), cut(socket)]));
    if (answer !== CUT) return answer;
  }
}

function cut(socket: Connection): Promise<typeof CUT> {
  return new Promise((resolve) => {
    socket.once('disconnect', () => resolve(CUT));
  });
}

/** The connection ends without a goodbye. */
async function connected<T>(url: string, use: (socket: Connection) => Promise<T>): Promise<T> {
  const socket: Connection = io(url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return await use(socket);
  } finally {
    socket.io.engine.close();
  }
}
