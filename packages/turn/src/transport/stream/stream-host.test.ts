import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PacketReceiver, PacketSocket, ReceivedPacket } from '../../engine/packet-socket.ts';
import { parseAddress } from '../../wire/address-text.ts';
import { emptyAddress } from '../../wire/transport-address.ts';
import { emptyTransportCounters } from '../transport-counters.ts';
import type { FrameWriter } from './frame-writer.ts';
import type { StreamConnection } from './stream-connection.ts';
import { StreamHost } from './stream-host.ts';
import type { StreamLimits } from './stream-host.ts';

class Recorder implements PacketReceiver {
  readonly batches: string[][] = [[]];
  readonly closed: PacketSocket[] = [];
  readonly offsets = new Set<number>();
  act: (packet: ReceivedPacket) => void = () => {};

  onPacket(packet: ReceivedPacket): void {
    const { buffer, offset, length } = packet;
    this.batches.at(-1)?.push(buffer.toString('hex', offset, offset + length));
    this.offsets.add(offset);
    this.act(packet);
  }

  onBatchEnd(): void {
    this.batches.push([]);
  }

  onSocketClosed(socket: PacketSocket): void {
    this.closed.push(socket);
  }
}

class FakeWriter implements FrameWriter {
  closed = false;
  readonly written: string[] = [];

  write(buffer: Buffer, offset: number, length: number): void {
    this.written.push(buffer.toString('hex', offset, offset + length));
  }

  flush(): void {
    this.written.push('flush');
  }

  close(): void {
    this.closed = true;
  }
}

/** Connections tell that they are closed in the next tick. */
function ticked(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}

const FRAME = Buffer.from('40000000', 'hex');

function setUp(limits: StreamLimits = {}) {
  const recorder = new Recorder();
  const counters = emptyTransportCounters();
  let nowMs = 0;
  const clock = { monotonicMs: () => nowMs, unixSeconds: () => 0 };
  const inUse = new Set<PacketSocket>();
  /** Until a test says otherwise, every connection has an allocation. */
  let areAllInUse = true;
  const useOnly = (...connections: readonly PacketSocket[]): void => {
    areAllInUse = false;
    for (const connection of connections) inUse.add(connection);
  };
  const host = new StreamHost({
    receiver: recorder,
    counters,
    limits,
    clock,
    isInUse: (connection) => areAllInUse || inUse.has(connection),
  });
  const open = (ip = '192.0.2.1'): { connection: StreamConnection; writer: FakeWriter } => {
    const writer = new FakeWriter();
    const remote = parseAddress(ip, 1000) ?? emptyAddress();
    const connection = host.open({ transport: 'tcp', local: emptyAddress(), remote }, writer);
    if (connection === undefined) throw new Error('refused');
    return { connection, writer };
  };
  const advance = (ms: number): void => {
    nowMs += ms;
    vi.advanceTimersByTime(ms);
  };
  return { recorder, counters, host, open, advance, useOnly };
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('StreamHost', () => {
  it('gives every packet of a batch memory of its own', () => {
    const { recorder, host, open } = setUp();
    const { connection } = open();
    host.receive(connection, Buffer.concat(Array.from({ length: 10 }, () => FRAME)));
    expect(recorder.batches).toEqual([Array.from({ length: 10 }, () => '40000000'), []]);
    expect(recorder.offsets.size).toBe(10);
  });

  it('ends the batch when its memory is used up', () => {
    const { recorder, host, open } = setUp();
    const { connection } = open();
    host.receive(connection, Buffer.concat(Array.from({ length: 150 }, () => FRAME)));
    expect(recorder.batches.map((batch) => batch.length)).toEqual([64, 64, 22, 0]);
  });

  it('reports each packet with its own connection and address', () => {
    const { recorder, host, open } = setUp();
    const seen: unknown[] = [];
    recorder.act = ({ socket, from }) => seen.push([socket.id, from.word3]);
    const [a, b] = [open('192.0.2.1').connection, open('192.0.2.2').connection];
    host.receive(a, FRAME);
    host.receive(b, FRAME);
    expect(seen).toEqual([
      [a.id, 0xc0000201],
      [b.id, 0xc0000202],
    ]);
  });

  it('closes a connection that sends garbage, and says so once', async () => {
    const { recorder, counters, host, open } = setUp();
    const { connection, writer } = open();
    host.receive(connection, Buffer.from('ff', 'hex'));
    host.receive(connection, FRAME);
    connection.close();
    await ticked();
    expect(writer.closed).toBe(true);
    expect(counters.streamMalformed).toBe(1);
    expect(recorder.closed).toEqual([connection]);
    expect(host.connectionCount).toBe(0);
  });

  it('delivers nothing more once the engine closed the connection', () => {
    const { recorder, host, open } = setUp();
    const { connection } = open();
    recorder.act = ({ socket }) => socket.close();
    host.receive(connection, Buffer.concat([FRAME, FRAME]));
    expect(recorder.batches.flat()).toHaveLength(1);
  });

  it('closes a connection that never completes its first frame', () => {
    const { counters, host, open, advance } = setUp();
    const { connection, writer } = open();
    advance(5000);
    host.receive(connection, FRAME.subarray(0, 1));
    advance(9000);
    expect(writer.closed).toBe(false);
    host.receive(connection, FRAME.subarray(1, 2)); // Trickling in buys no time.
    advance(2000);
    expect(writer.closed).toBe(true);
    expect(counters.streamTimedOut).toBe(1);
  });

  it('closes a connection that stalls within a later frame, however long it was quiet before', () => {
    const { host, open, advance } = setUp();
    const { connection, writer } = open();
    host.receive(connection, FRAME);
    advance(30 * 60_000);
    host.receive(connection, FRAME.subarray(0, 2));
    advance(8000);
    expect(writer.closed).toBe(false);
    advance(3000);
    expect(writer.closed).toBe(true);
  });

  it('closes a connection that was silent for longer than any allocation lives', () => {
    const { host, open, advance } = setUp();
    const { connection, writer } = open();
    host.receive(connection, FRAME);
    advance(60 * 60_000);
    expect(writer.closed).toBe(false);
    advance(2 * 60_000);
    expect(writer.closed).toBe(true);
  });

  it('refuses connections beyond its limits and takes them again later', async () => {
    const { counters, host, open } = setUp({ maxConnections: 3, maxConnectionsPerAddress: 2 });
    const first = open('192.0.2.1');
    open('192.0.2.1');
    expect(() => open('192.0.2.1')).toThrow('refused');
    open('192.0.2.2');
    expect(() => open('192.0.2.3')).toThrow('refused');
    expect(counters.streamRefused).toBe(2);
    first.connection.close();
    await ticked();
    expect(() => open('192.0.2.1')).not.toThrow();
    expect(host.connectionCount).toBe(3);
  });

  it('TCP-1 closes a connection without an allocation after 30 seconds, whatever it sends', () => {
    const { counters, host, open, advance, useOnly } = setUp();
    const [idle, busy, caller] = [open(), open(), open()];
    useOnly(caller.connection);
    for (const { connection } of [idle, busy, caller]) host.receive(connection, FRAME);
    for (let second = 0; second < 29; second += 1) {
      advance(1000);
      host.receive(busy.connection, FRAME);
    }
    expect([idle, busy, caller].map(({ writer }) => writer.closed)).toEqual([false, false, false]);
    advance(2000);
    expect([idle, busy, caller].map(({ writer }) => writer.closed)).toEqual([true, true, false]);
    expect(counters.streamTimedOut).toBe(2);
  });

  it('TCP-1 gives as much time after the end of an allocation', () => {
    const { host, open, advance, useOnly } = setUp();
    const { connection, writer } = open();
    host.receive(connection, FRAME);
    advance(40 * 60_000);
    useOnly();
    advance(29_000);
    expect(writer.closed).toBe(false);
    advance(2000);
    expect(writer.closed).toBe(true);
  });

  it('TCP-2 lets the oldest connection without an allocation make room, in all and of one address', async () => {
    const { counters, open, useOnly } = setUp({ maxConnections: 4, maxConnectionsPerAddress: 2 });
    const caller = open('192.0.2.1');
    const idle = open('192.0.2.1');
    const other = open('192.0.2.2');
    useOnly(caller.connection);
    open('192.0.2.1');
    await ticked();
    expect([caller, idle, other].map(({ writer }) => writer.closed)).toEqual([false, true, false]);
    open('192.0.2.3');
    const fifth = open('192.0.2.4');
    expect([caller, other, fifth].map(({ writer }) => writer.closed)).toEqual([false, true, false]);
    expect(counters.streamRefused).toBe(2);
  });

  it('TCP-2 never closes a connection with an allocation for a new one', () => {
    const { open, useOnly } = setUp({ maxConnections: 2 });
    const callers = [open('192.0.2.1'), open('192.0.2.2')];
    useOnly(...callers.map(({ connection }) => connection));
    expect(() => open('192.0.2.3')).toThrow('refused');
    expect(callers.map(({ writer }) => writer.closed)).toEqual([false, false]);
  });

  it('leaves no timer behind', async () => {
    const { host, open } = setUp();
    open();
    open('192.0.2.2');
    expect(vi.getTimerCount()).toBe(1);
    host.close();
    await ticked();
    expect(vi.getTimerCount()).toBe(0);
  });
});
