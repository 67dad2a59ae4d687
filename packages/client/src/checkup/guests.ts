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
import type { Finding, FindingReason } from './finding.ts';

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
/** Refusals of who is not invited: the way is open all the same. */
const ABOUT_TOKENS: ReadonlyMap<string, FindingReason> = new Map([
  ['ERR_TOKEN_WANTED', 'invitedOnly'],
  ['ERR_TOKEN_INVALID', 'invitationRefused'],
  ['ERR_TOKEN_EXPIRED', 'invitationRefused'],
  ['ERR_TOKEN_USED', 'invitationRefused'],
]);

/** Over Socket.IO. */
export const enterGuest: EnterGuest = async (context, transport, room) => {
  const { url, token, platform, signal } = context;
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
    .emitWithAck('prepare', { room, ...(token !== undefined && { token }) })
    .catch(() => undefined);
  const ms = Math.round(platform.now() - startedAt);
  const aboutToken = reply?.ok === false ? ABOUT_TOKENS.get(reply.error.code) : undefined;
  if (aboutToken !== undefined) {
    return { finding: finding(transport, 'ok', aboutToken), iceServers: undefined, close };
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
