/**
 * A port that nobody listens on.
 * @module
 */
import { createServer } from 'node:net';

/** A TCP port of this machine that was free a moment ago, for programs that must know it beforehand. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen({ port: 0, host: '127.0.0.1' }, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === 'object' && address !== null ? address.port : 0;
}
