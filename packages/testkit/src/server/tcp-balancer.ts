/**
 * What stands before several servers in real life: gives each TCP connection to the next server that
 * takes it. Knows nothing of what is said.
 * @module
 */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A running balancer. Its owner must `close` it. */
export interface TcpBalancer {
  readonly url: string;
  /** From now on connections go to these servers. */
  use(urls: readonly string[]): void;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Starts one before these servers. */
export async function startTcpBalancer(urls: readonly string[]): Promise<TcpBalancer> {
  const open = new Set<Socket>();
  let servers = urls;
  let turns = 0;
  const balancer = createServer((client) => {
    const ports = servers.map((url) => Number(new URL(url).port));
    turns += 1;
    const first = turns % Math.max(1, ports.length);
    open.add(client);
    client.on('close', () => open.delete(client));
    client.on('error', () => client.destroy());
    join(client, [...ports.slice(first), ...ports.slice(0, first)]);
  });
  await new Promise<void>((resolve) => {
    balancer.listen({ port: 0, host: HOST }, resolve);
  });
  return {
    url: `http://${HOST}:${portOf(balancer.address())}`,
    use: (next) => {
      servers = next;
    },
    close: async () => {
      for (const client of open) client.destroy();
      await new Promise((resolve) => {
        balancer.close(resolve);
      });
    },
  };
}

/** Gives the client to the first of these ports that takes it. */
function join(client: Socket, [port, ...rest]: readonly number[]): void {
  if (port === undefined) return void client.destroy();
  const server = connect(port, HOST);
  server.once('error', () => {
    if (server.bytesRead + server.bytesWritten === 0) join(client, rest);
    else client.destroy();
  });
  server.once('connect', () => {
    server.on('error', () => client.destroy());
    server.on('close', () => client.destroy());
    client.on('close', () => server.destroy());
    client.pipe(server).pipe(client);
  });
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
