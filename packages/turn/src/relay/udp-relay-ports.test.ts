import { describe, expect, it } from 'vitest';
import { addressOf } from '../../test/engine-harness.ts';
import { FakeSocket } from '../../test/fake-socket.ts';
import type {
  PacketReceiver,
  PacketSocket,
  UdpBackend,
  UdpBindOptions,
} from '../engine/packet-socket.ts';
import { formatAddress } from '../wire/address-text.ts';
import { UdpRelayPorts } from './udp-relay-ports.ts';
import type { PortRange, UdpRelayPortsOptions } from './udp-relay-ports.ts';

const RECEIVER: PacketReceiver = {
  onPacket: () => undefined,
  onBatchEnd: () => undefined,
  onSocketClosed: () => undefined,
};

/** A machine with ports that can be taken. */
class FakeBackend implements UdpBackend {
  readonly name = 'dgram';
  readonly open = new Map<string, FakeSocket>();
  readonly asked: UdpBindOptions[] = [];

  bind(options: UdpBindOptions): Promise<PacketSocket> {
    this.asked.push(options);
    const key = `${options.family} ${options.port}`;
    if (this.open.has(key)) {
      return Promise.reject(Object.assign(new Error('taken'), { code: 'EADDRINUSE' }));
    }
    const receiver = { ...RECEIVER, onSocketClosed: () => void this.open.delete(key) };
    const socket = new FakeSocket(
      receiver,
      'udp',
      options.family === 4 ? '192.0.2.1' : '2001:db8::1',
    );
    socket.local.port = options.port;
    this.open.set(key, socket);
    return Promise.resolve(socket);
  }

  /** Somebody else has these ports. */
  take(...ports: readonly number[]): void {
    for (const port of ports) this.open.set(`4 ${port}`, new FakeSocket(RECEIVER));
  }
}

function setUp(range: PortRange, options: Partial<UdpRelayPortsOptions> = {}) {
  const backend = new FakeBackend();
  const ports = new UdpRelayPorts({
    backend,
    bindTo: { ipv4: '0.0.0.0', ipv6: '::' },
    shown: { ipv4: addressOf('203.0.113.7', 0), ipv6: addressOf('2001:db8::7', 0) },
    range,
    ...options,
  });
  const open = (parity: 'any' | 'even' | 'even-with-next' = 'any', family: 4 | 6 = 4) =>
    ports.open({ family, parity, receiver: RECEIVER });
  return { backend, ports, open };
}

/** Opens until the range is full. */
async function fill(
  range: PortRange,
  parity: 'any' | 'even' | 'even-with-next',
): Promise<number[]> {
  const { open } = setUp(range);
  const opened: number[] = [];
  for (;;) {
    try {
      const { address, next } = await open(parity);
      opened.push(address.port);
      if (next !== undefined) opened.push(next.address.port);
    } catch {
      return opened.toSorted((a, b) => a - b);
    }
  }
}

describe('relay ports', () => {
  it.each([
    ['any', { min: 50_000, max: 50_003 }, [50_000, 50_001, 50_002, 50_003]],
    ['any', { min: 50_001, max: 50_001 }, [50_001]],
    ['even', { min: 50_000, max: 50_003 }, [50_000, 50_002]],
    ['even', { min: 50_001, max: 50_004 }, [50_002, 50_004]],
    ['even', { min: 50_001, max: 50_001 }, []],
    ['even-with-next', { min: 50_000, max: 50_003 }, [50_000, 50_001, 50_002, 50_003]],
    ['even-with-next', { min: 50_001, max: 50_004 }, [50_002, 50_003]],
    ['even-with-next', { min: 50_002, max: 50_002 }, []],
    ['any', { min: 65_534, max: 65_535 }, [65_534, 65_535]],
    ['even-with-next', { min: 65_534, max: 65_535 }, [65_534, 65_535]],
  ] as const)(
    'OPEN-14 %s ports stay in the range, both ends included',
    async (parity, range, all) => {
      expect(await fill(range, parity)).toEqual(all);
    },
  );

  it('OPEN-14 an exhausted range rejects after a bounded number of tries', async () => {
    const { backend, open } = setUp({ min: 50_000, max: 50_001 });
    backend.take(50_000, 50_001);
    await expect(open()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(backend.asked.length).toBeLessThanOrEqual(40);
    await expect(setUp({ min: 50_001, max: 50_001 }).open('even')).rejects.toThrow(RangeError);
  });

  it('OPEN-14 the first port of a pair is given back when the second one is taken', async () => {
    const { backend, open } = setUp({ min: 50_000, max: 50_001 });
    backend.take(50_001);
    await expect(open('even-with-next')).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect([...backend.open.keys()]).toEqual(['4 50001']);
  });

  it('OPEN-14 shows the public address with the port of the socket, in each family', async () => {
    const { backend, open } = setUp({ min: 50_000, max: 50_000 });
    expect(formatAddress((await open('any', 4)).address)).toBe('203.0.113.7:50000');
    expect(formatAddress((await open('any', 6)).address)).toBe('[2001:db8::7]:50000');
    expect(backend.asked.map(({ host }) => host)).toEqual(['0.0.0.0', '::']);
  });

  it.each([
    ['both', {}, [4, 6]],
    [
      'only IPv4 when there is no IPv6 to bind',
      { bindTo: { ipv4: '0.0.0.0', ipv6: undefined } },
      [4],
    ],
    [
      'only IPv6 when there is no IPv4 to show',
      { shown: { ipv4: undefined, ipv6: addressOf('2001:db8::7', 0) } },
      [6],
    ],
  ])('OPEN-14 offers the families it has: %s', (_name, options, families) => {
    expect(setUp({ min: 50_000, max: 50_001 }, options).ports.families).toEqual(families);
  });

  it.each([
    [0, 10],
    [10, 65_536],
    [20, 10],
    [1.5, 10],
    [Number.NaN, 10],
  ])('OPEN-14 %s to %s is no range', (min, max) => {
    expect(() => setUp({ min, max })).toThrow(RangeError);
  });
});
