import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { formatIp, parseAddress } from '../../turn/src/wire/address-text.ts';
import type { TransportAddress } from '../../turn/src/wire/transport-address.ts';
import type { LinkKind, ThreadClient } from '../../turn/test/thread-client.ts';
import type { ParleyServer, ServerOptions } from '../src/index.ts';
import { connect, PATIENCE, serve } from './harness.ts';
import { openRelayClient } from './relay-client.ts';

const CHANNEL = 0x4000;
/** Loopback, but not the address of any interface by name. */
const FRIEND = '127.0.0.2';
const STRANGER = '127.0.0.3';
const PORTS = { min: 45_300, max: 45_399 };

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A UDP peer that speaks no TURN, and where it is. */
async function openPeer(ip: string): Promise<{ socket: Socket; address: TransportAddress }> {
  const socket = createSocket('udp4');
  closing.push(() => socket.close());
  socket.bind(0, ip);
  await once(socket, 'listening');
  const address = parseAddress(ip, socket.address().port);
  if (address === undefined) throw new TypeError(`not an address: ${ip}`);
  return { socket, address };
}

async function serveOpenly(options: ServerOptions): Promise<ParleyServer> {
  return serve({
    relay: 'open',
    allowPeers: [FRIEND],
    relayPorts: PORTS,
    relayAddresses: ['127.0.0.1'],
    ...options,
  });
}

async function openClient(server: ParleyServer, kind: LinkKind): Promise<ThreadClient> {
  const client = await connect(server);
  const reply = await client.join('daily');
  if (!reply.ok) throw new Error(`join refused: ${reply.error.code}`);
  const { turn, close } = await openRelayClient(reply.iceServers, kind);
  closing.push(close);
  return turn;
}

async function allocate(server: ParleyServer, kind: LinkKind): Promise<ThreadClient> {
  const turn = await openClient(server, kind);
  expect(await turn.allocate()).toBe(0);
  return turn;
}

const LINUX_ONLY =
  process.platform === 'linux'
    ? ([
        ['in the main thread, in batches', { relayWorkers: 0, udp: 'batch' }],
        ['in two threads', { relayWorkers: 2 }],
      ] as const)
    : [];

describe.each<readonly [string, ServerOptions]>([
  ['in the main thread, through dgram', { relayWorkers: 0, udp: 'dgram' }],
  ['in a thread of its own', { relayWorkers: 1 }],
  ...LINUX_ONLY,
])('the open relay %s', (_where, options) => {
  it.each<LinkKind>(['udp', 'tcp'])(
    'carries packets between a caller over %s and an allowed peer, from a port of the range',
    async (kind) => {
      const server = await serveOpenly(options);
      const ada = await allocate(server, kind);
      const { socket, address } = await openPeer(FRIEND);
      expect(formatIp(ada.relayed)).toBe('127.0.0.1');
      expect(ada.relayed.port).toBeGreaterThanOrEqual(PORTS.min);
      expect(ada.relayed.port).toBeLessThanOrEqual(PORTS.max);

      expect(await ada.bind(CHANNEL, address)).toBe(0);
      const arrived = once(socket, 'message');
      ada.send(CHANNEL, 'hello outside');
      const [bytes, from]: unknown[] = await arrived;
      expect(String(bytes)).toBe('hello outside');
      expect(from).toMatchObject({ address: '127.0.0.1', port: ada.relayed.port });
      socket.send('hello inside', ada.relayed.port, '127.0.0.1');
      await expect.poll(() => ada.received, PATIENCE).toEqual(['hello inside']);
    },
  );

  it('says 508 when its ports are used up, and gives them away again', async () => {
    const server = await serveOpenly({ ...options, relayPorts: { min: 45_400, max: 45_400 } });
    const ada = await allocate(server, 'udp');
    const bob = await openClient(server, 'udp');
    expect(await bob.allocate()).toBe(508);
    expect(await ada.release()).toBe(0);
    expect(await bob.allocate()).toBe(0);
    expect(bob.relayed.port).toBe(45_400);
  });

  it('refuses a peer that was not allowed, and drops what it sends', async () => {
    const server = await serveOpenly(options);
    const ada = await allocate(server, 'udp');
    const [friend, stranger] = [await openPeer(FRIEND), await openPeer(STRANGER)];
    expect(await ada.bind(CHANNEL, stranger.address)).toBe(403);
    expect(await ada.bind(CHANNEL, friend.address)).toBe(0);
    stranger.socket.send('let me in', ada.relayed.port, '127.0.0.1');
    await expect.poll(() => server.stats.relay.drops.noPermission, PATIENCE).toBe(1);
    friend.socket.send('hello', ada.relayed.port, '127.0.0.1');
    await expect.poll(() => ada.received, PATIENCE).toEqual(['hello']);
  });
});
