/**
 * Two guests who hold places in a room of their own, one over each transport, and never join: nobody
 * is told, no seat is taken, and their relay credentials reach each other and end with the connection.
 * @module
 */
import type { ClientToServerEvents, IceServer, ServerToClientEvents } from '@parley/protocol';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { CheckupContext } from './checkup-context.ts';
import { finding } from './finding.ts';
import type { Finding } from './finding.ts';

/** Somebody who stands before the door. Its owner must `close` it. */
export interface Guest {
  readonly finding: Finding;
  /** Undefined: the server has told nothing. */
  readonly iceServers: readonly IceServer[] | undefined;
  close(): void;
}

/** Lets a guest hold a place in `room`. */
export type EnterGuest = (
  context: CheckupContext,
  transport: 'websocket' | 'polling',
  room: string,
) => Promise<Guest>;

const TIMEOUT_MS = 8000;

/** Over Socket.IO. */
export const enterGuest: EnterGuest = async (context, transport, room) => {
  const { url, platform, signal } = context;
  const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(url, {
    transports: [transport],
    forceNew: true,
    reconnection: false,
    timeout: TIMEOUT_MS,
  });
  const close = (): void => {
    signal.removeEventListener('abort', close);
    socket.disconnect();
  };
  signal.addEventListener('abort', close);
  const startedAt = platform.now();
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('connect_error', () => resolve(false));
    signal.addEventListener('abort', () => resolve(false), { once: true });
  });
  const blocked = transport === 'websocket' ? 'websocketBlocked' : 'pollingBlocked';
  if (!isOpen)
    return { finding: finding(transport, 'fail', blocked), iceServers: undefined, close };
  const reply = await socket
    .timeout(TIMEOUT_MS)
    .emitWithAck('prepare', { room })
    .catch(() => undefined);
  const ms = Math.round(platform.now() - startedAt);
  if (reply !== undefined && !reply.ok && reply.error.code === 'ERR_TOKEN_WANTED') {
    // The way is open; the relay is for invited people only.
    return { finding: finding(transport, 'ok', 'invitedOnly'), iceServers: undefined, close };
  }
  if (reply?.ok !== true) {
    return { finding: finding(transport, 'fail', 'noAnswer'), iceServers: undefined, close };
  }
  return {
    finding: finding(transport, 'ok', 'connected', { ms }),
    iceServers: reply.iceServers,
    close,
  };
};
