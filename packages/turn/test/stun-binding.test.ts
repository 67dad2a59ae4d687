import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { TurnServer } from '../src/turn-server.ts';

const run = promisify(execFile);
const servers: TurnServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(host?: string): Promise<{ server: TurnServer; port: number }> {
  const server = new TurnServer();
  servers.push(server);
  const { port } = await server.listen(host === undefined ? { port: 0 } : { host, port: 0 });
  return { server, port };
}

/** Asks with Debian's client, from the package `coturn`. */
async function reflexiveAddress(host: string, port: number): Promise<string | undefined> {
  const { stdout } = await run('turnutils_stunclient', ['-p', String(port), host]);
  return /UDP reflexive addr: (\S+)/.exec(stdout)?.[1];
}

/** Sends datagrams that deserve no answer. */
async function sendGarbage(port: number): Promise<void> {
  const socket = createSocket('udp4');
  const request = Buffer.from('000100002112a442000102030405060708090a0b', 'hex');
  const datagrams = [
    ...Array.from({ length: 20 }, (_, length) => request.subarray(0, length)),
    Buffer.alloc(1900, 0xff),
    Buffer.alloc(1900, 0x00),
    Buffer.from('000100042112a442000102030405060708090a0b00000001', 'hex'),
    Buffer.from('0001ffff2112a442000102030405060708090a0b', 'hex'),
    Buffer.from('4000000461626364', 'hex'),
  ];
  for (const bytes of datagrams) {
    await new Promise<void>((resolve, reject) => {
      socket.send(bytes, port, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
    });
  }
  socket.close();
}

describe('STUN Binding, asked by turnutils_stunclient', () => {
  it('BIND-1 tells the address over IPv4', async () => {
    const { port } = await start();
    expect(await reflexiveAddress('127.0.0.1', port)).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it('BIND-1 tells the address over IPv6, on the same port', async () => {
    const { port } = await start();
    expect(await reflexiveAddress('::1', port)).toMatch(/^\[?::1\]?:\d+$/);
  });

  it('BIND-9 garbage and cut datagrams do not stop it', async () => {
    const { port } = await start('127.0.0.1');
    await sendGarbage(port);
    expect(await reflexiveAddress('127.0.0.1', port)).toMatch(/^127\.0\.0\.1:\d+$/);
  });
});

describe('TurnServer', () => {
  it('SRV-1 knows where it listens until it is closed', async () => {
    const { server, port } = await start('127.0.0.1');
    expect(server.address).toEqual({ host: '127.0.0.1', port });
    await server.close();
    expect(server.address).toBeUndefined();
    await server.close();
  });

  it('SRV-2 rejects with the code of the system when the port is taken', async () => {
    const { port } = await start();
    const second = new TurnServer();
    await expect(second.listen({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(second.address).toBeUndefined();
  });

  it('SRV-3 frees the port when it closes', async () => {
    const { server, port } = await start();
    await server.close();
    const second = new TurnServer();
    servers.push(second);
    expect(await second.listen({ port })).toEqual({ host: '::', port });
  });

  it('SRV-3 frees it also when it is closed while it starts', async () => {
    const server = new TurnServer();
    const [started] = await Promise.all([server.listen({ port: 0 }), server.close()]);
    expect(server.address).toBeUndefined();
    const second = new TurnServer();
    servers.push(second);
    expect(await second.listen({ port: started.port })).toEqual(started);
  });

  it('SRV-4 wants a literal address', async () => {
    await expect(new TurnServer().listen({ host: 'localhost', port: 0 })).rejects.toThrow(
      RangeError,
    );
  });
});
