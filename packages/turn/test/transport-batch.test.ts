import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type {
  PacketReceiver,
  PacketSocket,
  ReceivedPacket,
  UdpBackend,
} from '../src/engine/packet-socket.ts';
import { createBatchBackend } from '../src/transport/batch/batch-backend.ts';
import { loadLibc } from '../src/transport/batch/libc.ts';
import type { Libc } from '../src/transport/batch/libc.ts';
import { passesSelfTest } from '../src/transport/batch/self-test.ts';
import { emptyAddress } from '../src/wire/transport-address.ts';
import { eventually } from './transport-eventually.ts';

const HOST = '127.0.0.1';

const opened: { close(): unknown }[] = [];

afterEach(() => {
  for (const socket of opened.splice(0)) socket.close();
  vi.useRealTimers();
});

/** Does what the test says with each packet, and remembers where batches ended. */
class Recorder implements PacketReceiver {
  readonly seen: string[] = [];
  readonly closed: PacketSocket[] = [];
  act: (packet: ReceivedPacket) => void = () => {};
  flushes: () => void = () => {};

  onPacket(packet: ReceivedPacket): void {
    const { buffer, offset, length } = packet;
    this.seen.push(buffer.toString('latin1', offset, offset + length));
    this.act(packet);
  }

  onBatchEnd(): void {
    this.flushes();
  }

  onSocketClosed(socket: PacketSocket): void {
    this.closed.push(socket);
  }
}

async function libcOfThisMachine(): Promise<Libc> {
  const libc = await loadLibc();
  if (libc === undefined) throw new Error('koffi is missing');
  return libc;
}

async function bind(backend: UdpBackend, receiver: PacketReceiver): Promise<PacketSocket> {
  const socket = await backend.bind({ host: HOST, port: 0, family: 4, receiver });
  opened.push(socket);
  return socket;
}

async function client(): Promise<{ socket: Socket; received: string[] }> {
  // The default buffer holds about 256 small datagrams.
  const socket = createSocket({ type: 'udp4', recvBufferSize: 2 * 1024 * 1024 });
  await new Promise<void>((resolve) => {
    socket.bind(0, HOST, resolve);
  });
  opened.push(socket);
  const received: string[] = [];
  socket.on('message', (message) => received.push(message.toString('latin1')));
  return { socket, received };
}

/** Hands datagrams to the system at once, before any event loop turns. */
async function sendAll(from: Socket, to: PacketSocket, texts: readonly string[]): Promise<void> {
  await Promise.all(
    texts.map(
      (text) =>
        new Promise<void>((resolve) => {
          from.send(text, to.local.port, HOST, () => resolve());
        }),
    ),
  );
}

const numbered = (count: number, text: string): string[] =>
  Array.from({ length: count }, (_, index) => `${text}${index}`);

describe.runIf(process.platform === 'linux')('batch back end', () => {
  it('keeps order and content over more datagrams than a batch has slots', async () => {
    const recorder = new Recorder();
    const server = await bind(createBatchBackend({ libc: await libcOfThisMachine() }), recorder);
    const { socket, received } = await client();
    recorder.act = ({ buffer, offset, length, from, socket: own }) => {
      own.send(buffer, offset, length, from);
    };
    const texts = numbered(600, 'packet');
    await sendAll(socket, server, texts);
    await eventually(() => expect(received).toHaveLength(texts.length));
    expect(recorder.seen).toEqual(texts);
    expect(received).toEqual(texts);
  });

  it('sends more than the queue holds when one packet is answered many times', async () => {
    const recorder = new Recorder();
    const server = await bind(createBatchBackend({ libc: await libcOfThisMachine() }), recorder);
    const { socket, received } = await client();
    const texts = numbered(600, 'copy');
    recorder.act = ({ from, socket: own }) => {
      for (const text of texts) own.send(Buffer.from(text), 0, text.length, from);
    };
    await sendAll(socket, server, ['go']);
    await eventually(() => expect(received).toHaveLength(texts.length));
    expect(received).toEqual(texts);
  });

  it('serves many sockets, and only those that are open', async () => {
    const recorder = new Recorder();
    const backend = createBatchBackend({ libc: await libcOfThisMachine() });
    const servers = await Promise.all(Array.from({ length: 100 }, () => bind(backend, recorder)));
    const { socket } = await client();
    // The first packet closes every other socket, whose packets are waiting already.
    recorder.act = ({ socket: own }) => {
      for (const server of servers) if (server !== own) server.close();
    };
    for (const server of servers) await sendAll(socket, server, [`${server.local.port}`]);
    await eventually(() => expect(recorder.closed).toHaveLength(servers.length - 1));
    expect(recorder.seen).toHaveLength(1);
    const survivor = servers.find((server) => !recorder.closed.includes(server));
    if (survivor !== undefined) await sendAll(socket, survivor, ['again']);
    await eventually(() => expect(recorder.seen).toHaveLength(2));
  });

  it('can be used again after its last socket closed inside a packet handler', async () => {
    const recorder = new Recorder();
    const backend = createBatchBackend({ libc: await libcOfThisMachine() });
    const { socket } = await client();
    recorder.act = ({ socket: own }) => own.close();
    for (const text of ['first', 'second']) {
      const server = await bind(backend, recorder);
      await sendAll(socket, server, [text, 'never seen']);
      await eventually(() => expect(recorder.seen).toContain(text));
    }
    await eventually(() => expect(recorder.closed).toHaveLength(2));
    expect(recorder.seen).toEqual(['first', 'second']);
  });

  it('ends the batch of every receiver that got a packet', async () => {
    const backend = createBatchBackend({ libc: await libcOfThisMachine() });
    const ends: string[] = [];
    const [one, two] = [new Recorder(), new Recorder()];
    one.flushes = () => ends.push('one');
    two.flushes = () => ends.push('two');
    const servers = [await bind(backend, one), await bind(backend, two)];
    const { socket } = await client();
    for (const server of servers) await sendAll(socket, server, ['x']);
    await eventually(() => expect(ends.toSorted()).toEqual(['one', 'two']));
  });

  it('shares a port between two back ends when asked to', async () => {
    const libc = await libcOfThisMachine();
    const wish = { host: HOST, family: 4, receiver: new Recorder(), reusePort: true } as const;
    const first = await createBatchBackend({ libc }).bind({ ...wish, port: 0 });
    opened.push(first);
    const second = await createBatchBackend({ libc }).bind({ ...wish, port: first.local.port });
    opened.push(second);
    expect(second.local).toEqual(first.local);
  });

  it('sends nothing after it was closed', async () => {
    const server = await bind(
      createBatchBackend({ libc: await libcOfThisMachine() }),
      new Recorder(),
    );
    server.close();
    expect(() => server.send(Buffer.from('late'), 0, 4, emptyAddress())).not.toThrow();
    expect(() => server.flush()).not.toThrow();
  });
});

describe.runIf(process.platform === 'linux')('self-test', () => {
  it.each([true, false])('passes on this machine, segmentation %s', async (segmentation) => {
    expect(await passesSelfTest(await libcOfThisMachine(), segmentation)).toBe(true);
  });

  it('fails when the sandbox forbids a call', async () => {
    const libc = { ...(await libcOfThisMachine()), socket: () => -1 };
    expect(await passesSelfTest(libc, true)).toBe(false);
  });

  it('fails when bytes are not those that were sent', async () => {
    const real = await libcOfThisMachine();
    let calls = 0;
    // Every third datagram vanishes.
    const sendmmsg: Libc['sendmmsg'] = (fd, headers, count, flags) => {
      calls += 1;
      if (calls === 2) return 1;
      return real.sendmmsg(fd, headers, Math.min(count, 1), flags);
    };
    expect(await passesSelfTest({ ...real, sendmmsg }, false)).toBe(false);
  });

  it('fails when the event loop is never woken', async () => {
    const real = await libcOfThisMachine();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const result = passesSelfTest({ ...real, watch: () => ({ close() {} }) }, true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await result).toBe(false);
  });
});
