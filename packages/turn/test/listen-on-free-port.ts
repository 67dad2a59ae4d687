/**
 * Lets a TCP server listen where nobody else does.
 * @module
 */
import { once } from 'node:events';
import type { Server } from 'node:net';

/** Resolves to the number the system chose; rejects when the server cannot listen. */
export async function listenOnFreePort(server: Server, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
