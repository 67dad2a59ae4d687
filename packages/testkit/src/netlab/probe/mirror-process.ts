/**
 * Program that runs on a public server: tells callers their address, from whichever of its four UDP
 * sockets they ask for, and takes TCP connections. Arguments: two addresses of the server. Prints a
 * line when it is ready, ends with its standard input.
 * @module
 */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv6 } from 'node:net';
import { argv, exit, stdin, stdout } from 'node:process';
import { MIRROR_PORTS, decodeRequest, encodeMessage } from './mirror-messages.ts';

const addresses = argv.slice(2);

async function listenUdp(address: string, port: number): Promise<Socket> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  socket.bind(port, address);
  await once(socket, 'listening');
  return socket;
}

async function listenTcp(address: string, port: number): Promise<void> {
  const server = createServer((connection) => connection.end().on('error', () => {}));
  server.listen(port, address);
  await once(server, 'listening');
}

const sockets: readonly (readonly Socket[])[] = await Promise.all(
  addresses.map((address) => Promise.all(MIRROR_PORTS.map((port) => listenUdp(address, port)))),
);

for (const socket of sockets.flat()) {
  socket.on('message', (bytes, { address, port }) => {
    const { id, answerFrom } = decodeRequest(bytes);
    const mapped = `${address} ${port}`;
    for (const from of answerFrom) {
      sockets[from[0]]?.[from[1]]?.send(encodeMessage({ id, from, mapped }), port, address);
    }
  });
}

await Promise.all(
  addresses.flatMap((address) => MIRROR_PORTS.map((port) => listenTcp(address, port))),
);
stdout.write('ready\n');
stdin.on('end', () => exit()).resume();
