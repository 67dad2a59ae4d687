import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import type { PacketReceiver, PacketSocket, UdpBackend } from '../src/engine/packet-socket.ts';
import { createUdpBackend } from '../src/transport/udp-backend.ts';
import { emptyTransportCounters } from '../src/transport/transport-counters.ts';
import { formatAddress, parseAddress } from '../src/wire/address-text.ts';
import { emptyAddress } from '../src/wire/transport-address.ts';
import type { AddressFamily } from '../src/wire/transport-address.ts';

interface Variant {
  readonly name: UdpBackend['name'];
  readonly family: AddressFamily;
}

const LOOPBACK = { 4: '127.0.0.1', 6: '::1' } as const;

const opened: { close(): unknown }[] = [];

afterEach(() => {
  for (const socket of opened.splice(0)) socket.close();
});

/** Sends every packet back with its first byte replaced, from the packet's own buffer. */
class Echo implements PacketReceiver {
  readonly seen: string[] = [];
  readonly closed: number[] = [];
  readonly #sentTo = new Set<PacketSocket>();

  onPacket({
    buffer,
    offset,
    length,
    from,
    socket,
  }: Parameters<PacketReceiver['onPacket']>[0]): void {
    this.seen.push(`${formatAddress(from)} ${buffer.toString('latin1', offset, offset + length)}`);
    buffer[offset - 1] = 0x21;
    socket.send(buffer, offset - 1, length + 1, from);
    this.#sentTo.add(socket);
  }

  onBatchEnd(): void {
    for (const socket of this.#sentTo) socket.flush();
    this.#sentTo.clear();
  }

  onSocketClosed(socket: PacketSocket): void {
    this.closed.push(socket.id);
  }
}

async function client(family: AddressFamily): Promise<Socket> {
  const socket = createSocket(family === 4 ? 'udp4' : 'udp6');
  await new Promise<void>((resolve) => {
    socket.bind(0, LOOPBACK[family], resolve);
  });
  opened.push(socket);
  return socket;
}

async function echoServer({ name, family }: Variant) {
  const echo = new Echo();
  const counters = emptyTransportCounters();
  const backend = await createUdpBackend({ backend: name, counters });
  const server = await backend.bind({ host: LOOPBACK[family], port: 0, family, receiver: echo });
  opened.push(server);
  return { echo, server, counters };
}

/** Sends `text` and gives back the answer. */
async function ask(socket: Socket, server: PacketSocket, text: string): Promise<string> {
  const answer = new Promise<string>((resolve) => {
    socket.once('message', (message) => resolve(message.toString('latin1')));
  });
  socket.send(text, server.local.port, LOOPBACK[server.local.family]);
  return answer;
}

const BACKENDS =
  process.platform === 'linux' ? (['dgram', 'batch'] as const) : (['dgram'] as const);

const VARIANTS: Variant[] = BACKENDS.flatMap((name) => [
  { name, family: 4 },
  { name, family: 6 },
]);

describe.each(VARIANTS)('$name back end over IPv$family', (variant) => {
  const { name, family } = variant;

  it('reports the port it was given', async () => {
    const { server } = await echoServer(variant);
    expect(server.local).toEqual(parseAddress(LOOPBACK[family], server.local.port));
    expect(server.local.port).toBeGreaterThan(0);
  });

  it('answers from the head room of the received packet', async () => {
    const { server, echo } = await echoServer(variant);
    const socket = await client(family);
    expect(await ask(socket, server, 'hello')).toBe('!hello');
    expect(await ask(socket, server, '')).toBe('!');
    const own = parseAddress(LOOPBACK[family], socket.address().port) ?? emptyAddress();
    expect(echo.seen).toEqual([`${formatAddress(own)} hello`, `${formatAddress(own)} `]);
  });

  it('keeps every packet whole when more leave than the ring has slots', async () => {
    const { server } = await echoServer(variant);
    const socket = await client(family);
    for (let index = 0; index < 300; index += 1) {
      const text = `${index}`.padEnd(200 + index, 'x');
      expect(await ask(socket, server, text)).toBe(`!${text}`);
    }
  });

  it('drops and counts a datagram longer than any path of the internet carries', async () => {
    const { server, echo, counters } = await echoServer(variant);
    const socket = await client(family);
    socket.send('y'.repeat(4000), server.local.port, LOOPBACK[family]);
    expect(await ask(socket, server, 'small')).toBe('!small');
    expect(echo.seen).toHaveLength(1);
    expect(counters.udpOversized).toBe(1);
  });

  it('rejects with the code of the system when the port is taken', async () => {
    const { server } = await echoServer(variant);
    const again = (await createUdpBackend({ backend: name })).bind({
      host: LOOPBACK[family],
      port: server.local.port,
      family,
      receiver: new Echo(),
    });
    await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('tells its receiver once that it is closed, and sends nothing any more', async () => {
    const { server, echo } = await echoServer(variant);
    const socket = await client(family);
    server.close();
    server.close();
    server.send(
      Buffer.from('late'),
      0,
      4,
      parseAddress(LOOPBACK[family], socket.address().port) ?? emptyAddress(),
    );
    await new Promise(setImmediate);
    expect(echo.closed).toEqual([server.id]);
  });
});
