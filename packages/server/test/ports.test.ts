import { createSocket } from 'node:dgram';
import type { Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server as TcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { bindOnePort } from '../src/one-port.ts';
import { serve } from './harness.ts';

const held: (TcpServer | UdpSocket)[] = [];

afterEach(async () => {
  await Promise.all(
    held.splice(0).map((one) => new Promise<void>((resolve) => one.close(() => resolve()))),
  );
});

async function holdTcp(host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, host);
  held.push(server);
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function holdUdp(): Promise<number> {
  const socket = createSocket('udp4');
  held.push(socket);
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket.address().port;
}

async function reaches(host: string, port: number): Promise<boolean> {
  const response = await fetch(`http://${host}:${port}/nothing`);
  return response.status === 404;
}

describe('the port', () => {
  it('is a free one when it is 0', async () => {
    const [one, other] = await Promise.all([serve({ port: 0 }), serve({ port: 0 })]);
    expect(one.port).toBeGreaterThan(0);
    expect(other.port).not.toBe(one.port);
    expect(one.url).toBe(`http://127.0.0.1:${one.port}`);
    expect(await reaches('127.0.0.1', one.port)).toBe(true);
  });

  it.each([
    ['TCP', holdTcp],
    ['UDP', holdUdp],
  ])('is refused with a sentence while another program holds it for %s', async (_what, hold) => {
    const port = await hold();
    await expect(serve({ port })).rejects.toMatchObject({
      code: 'ERR_PORT_IN_USE',
      message: `Port ${port} is already in use. Stop the program that holds it, or choose another port.`,
    });
  });

  it('is free again after a refusal and after a close', async () => {
    const port = await holdTcp();
    await expect(serve({ port })).rejects.toThrow('already in use');
    await new Promise((resolve) => held.pop()?.close(resolve));
    const first = await serve({ port });
    await first.close();
    const second = await serve({ port });
    expect(second.port).toBe(port);
  });

  it('is refused when the host is not of this machine', async () => {
    await expect(serve({ host: '192.0.2.7' })).rejects.toMatchObject({
      code: 'ERR_HOST_UNAVAILABLE',
      message: 'Cannot listen on "192.0.2.7": it is not an address of this machine.',
    });
    await expect(serve({ host: 'no-such-host.invalid' })).rejects.toMatchObject({
      code: 'ERR_HOST_UNAVAILABLE',
    });
  });

  it('is another one when the first that is free for UDP is not free for TCP', async () => {
    const taken = await holdTcp();
    const offered = [taken, taken, 0];
    const closed: number[] = [];
    const http = createHttpServer();
    held.push(http);
    const bound = await bindOnePort({
      tcp: http,
      host: '127.0.0.1',
      port: 0,
      openUdp: () => {
        const port = offered.shift() ?? 0;
        return { listen: async () => port, close: async () => void closed.push(port) };
      },
    });
    expect(http.address()).toMatchObject({ address: '127.0.0.1' });
    expect([bound.host, closed]).toEqual(['127.0.0.1', [taken, taken]]);
  });

  it('may be held by a name', async () => {
    const server = await serve({ host: 'localhost' });
    expect(await reaches('localhost', server.port)).toBe(true);
  });

  it('takes IPv6 alone', async () => {
    const server = await serve({ host: '::1' });
    expect(server.url).toBe(`http://[::1]:${server.port}`);
    expect(await reaches('[::1]', server.port)).toBe(true);
  });
});
