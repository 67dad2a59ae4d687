/**
 * Protected Refresh requests: what keeping an allocation alive costs.
 * @module
 */
import type { Libc } from '../../../packages/turn/src/transport/batch/libc.ts';
import { parseAddress } from '../../../packages/turn/src/wire/address-text.ts';
import type { Shot } from './flood.ts';
import { DrainBlock, RawSocket } from './raw-socket.ts';
import type { Target } from './target.ts';
import { TurnClient } from './turn-client.ts';

/** Each has one request under way. */
export const REFRESH_CLIENTS = 128;

/** Different requests of each client, so that none is a repetition of the one before. */
const REQUESTS_PER_CLIENT = 8;

/** Clients with an allocation each, and their requests, client by client. */
export function refreshLoad(libc: Libc, target: Target): { shots: Shot[]; sinks: RawSocket[] } {
  const to = parseAddress('127.0.0.1', target.port);
  if (to === undefined) throw new Error('no loopback');
  const drain = new DrainBlock(libc);
  const clients = Array.from({ length: REFRESH_CLIENTS }, () => {
    const client = new TurnClient(new RawSocket(libc, drain), to, target);
    client.allocate();
    return client;
  });
  const shots = Array.from({ length: REQUESTS_PER_CLIENT }, () =>
    clients.map((client) => {
      const bytes = client.refreshRequest();
      const burst = { to, bytes, segmentBytes: bytes.length };
      return { socket: client.socket, bursts: client.socket.prepare([burst]) };
    }),
  ).flat();
  return { shots, sinks: clients.map(({ socket }) => socket) };
}
