import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  addressOf,
  EngineHarness,
  FakeRelayPorts,
  RELAY_IPV4,
  RELAY_IPV6,
} from '../../test/engine-harness.ts';
import type { Fill } from '../../test/turn-message.ts';
import { allocateAttributes } from '../../test/turn-test-client.ts';
import type { TurnTestClient } from '../../test/turn-test-client.ts';
import { appendFamily } from '../wire/address-family.ts';
import { formatAddress } from '../wire/address-text.ts';
import { ATTRIBUTE } from '../wire/attribute-type.ts';
import { METHOD } from '../wire/message-type.ts';
import { appendEvenPort, appendReservationToken } from '../wire/port-reservation.ts';

const PEER = addressOf('9.9.9.9', 7777);
const PEER_IPV6 = addressOf('2600::9', 7777);
const pairOfPorts: Fill = (writer) => appendEvenPort(writer, true);
const bothFamilies: Fill = (writer) => appendFamily(writer, 'additionalAddressFamily', 6);

interface Opened {
  readonly harness: EngineHarness;
  readonly client: TurnTestClient;
}

async function opened(
  options: ConstructorParameters<typeof EngineHarness>[0] = {},
  fill?: Fill,
): Promise<Opened> {
  const harness = new EngineHarness({ mode: 'open', ...options });
  const client = harness.client('red-a');
  await client.allocateLater(fill);
  return { harness, client };
}

describe('open mode', () => {
  it('OPEN-1 gives a socket of its own, and closes it with the allocation', async () => {
    const { harness, client } = await opened();
    expect(formatAddress(client.relayed)).toMatch(RELAY_IPV4);
    expect(harness.ports.live).toHaveLength(1);
    client.refresh(0);
    expect(harness.ports.live).toHaveLength(0);
  });

  it('OPEN-1 closes it when the allocation expires, is revoked, loses its client, or all ends', async () => {
    const ends: readonly ((opened: Opened) => void)[] = [
      ({ harness }) => harness.advance(600_000),
      ({ harness }) => harness.engine.revoke('red', 'red-a'),
      ({ client }) => client.socket.close(),
      ({ harness }) => harness.engine.close(),
      ({ harness }) => harness.ports.live[0]?.close(),
    ];
    for (const end of ends) {
      const one = await opened();
      end(one);
      expect(one.harness.ports.live).toEqual([]);
      expect(one.harness.engine.counters.allocations).toBe(0);
    }
  });

  it('OPEN-2 keeps silent while it opens a port, and answers each Allocate once', async () => {
    const harness = new EngineHarness({ mode: 'open' });
    const client = harness.client('red-a');
    const transactionId = randomBytes(12);
    expect(
      client.tryRequest(METHOD.allocate, allocateAttributes(), { transactionId }),
    ).toBeUndefined();
    expect(
      client.tryRequest(METHOD.allocate, allocateAttributes(), { transactionId }),
    ).toBeUndefined();
    const answer = await client.allocateLater(undefined, { transactionId });
    expect(answer.code).toBe(0);
    expect(client.takeAnswer()).toBeUndefined();
    expect(harness.ports.opened).toHaveLength(1);
  });

  it('OPEN-2 closes a port that comes after its allocation is gone', async () => {
    const harness = new EngineHarness({ mode: 'open' });
    const client = harness.client('red-a');
    const late = client.allocateLater().catch(() => undefined);
    harness.engine.revoke('red', 'red-a');
    expect(await late).toBeUndefined();
    expect(harness.ports.opened).toHaveLength(1);
    expect(harness.ports.live).toHaveLength(0);
  });

  it('OPEN-3 refuses with 508 when no port can be had, and forgets the attempt', async () => {
    const ports = new FakeRelayPorts();
    ports.failure = new Error('EMFILE');
    const harness = new EngineHarness({ mode: 'open', ports });
    const client = harness.client('red-a');
    expect((await client.allocateLater()).code).toBe(508);
    expect(harness.engine.counters.allocations).toBe(0);
    ports.failure = undefined;
    expect((await client.allocateLater()).code).toBe(0);
  });

  it('OPEN-4 relays out and in, by Send and by channel', async () => {
    const { harness, client } = await opened();
    client.permit(PEER);
    client.send(PEER, 'out');
    const relay = harness.ports.socketAt(client.relayed.port);
    expect(relay.take()).toEqual([{ bytes: Buffer.from('out'), to: PEER }]);
    relay.receive(PEER, Buffer.from('in'));
    expect(client.takeReceived()).toEqual([
      { via: 'data', from: formatAddress(PEER), payload: 'in' },
    ]);
    client.bind(0x4000, PEER);
    client.sendChannel(0x4000, 'out again');
    relay.receive(PEER, Buffer.from('in again'));
    expect(relay.take()).toEqual([{ bytes: Buffer.from('out again'), to: PEER }]);
    expect(client.takeReceived()).toEqual([{ via: 'channel', from: 0x4000, payload: 'in again' }]);
  });

  it('OPEN-5 lets in from any port of a permitted address, and from no other address', async () => {
    const { harness, client } = await opened();
    client.permit(PEER);
    const relay = harness.ports.socketAt(client.relayed.port);
    relay.receive(addressOf('9.9.9.9', 1), Buffer.from('other port'));
    relay.receive(addressOf('9.9.9.8', 7777), Buffer.from('other address'));
    relay.receive(addressOf('9.9.9.9', 0), Buffer.from('port 0'));
    expect(client.takeReceived().map((one) => one.payload)).toEqual(['other port']);
    expect(harness.engine.counters.drops).toMatchObject({ noPermission: 1, malformed: 1 });
  });

  it('OPEN-6 does not send to port 0, nor bind it', async () => {
    const { harness, client } = await opened();
    client.permit(PEER);
    client.send(addressOf('9.9.9.9', 0), 'nowhere');
    expect(harness.ports.socketAt(client.relayed.port).take()).toEqual([]);
    expect(client.bind(0x4000, addressOf('9.9.9.9', 0))).toBe(403);
  });

  it('OPEN-7 refuses a peer of a family the allocation lacks with 443', async () => {
    const { client } = await opened();
    expect(client.permit(PEER_IPV6)).toBe(443);
    expect(client.bind(0x4000, PEER_IPV6)).toBe(443);
  });

  it('OPEN-7 reaches both families with a dual allocation', async () => {
    const { harness, client } = await opened({}, bothFamilies);
    expect([client.permit(PEER), client.permit(PEER_IPV6)]).toEqual([0, 0]);
    client.send(PEER_IPV6, 'six');
    const six = harness.ports.live.find((socket) => socket.local.family === 6);
    expect(six?.take()).toEqual([{ bytes: Buffer.from('six'), to: PEER_IPV6 }]);
    client.refresh(0);
    expect(harness.ports.live).toEqual([]);
  });

  it('OPEN-8 reserves the port above and frees it, wanted or not', async () => {
    const { harness, client } = await opened();
    client.refresh(0);
    const answer = await client.allocateLater(pairOfPorts);
    expect(harness.ports.live).toHaveLength(2);
    const token = answer.message.value(ATTRIBUTE.reservationToken)?.toString('hex') ?? '';
    const second = harness.client('red-a');
    const withToken: Fill = (writer) => appendReservationToken(writer, token);
    expect((await second.allocateLater(withToken)).code).toBe(0);
    expect(second.relayed.port).toBe(client.relayed.port + 1);
    client.refresh(0);
    second.refresh(0);
    expect(harness.ports.live).toEqual([]);
    await client.allocateLater(pairOfPorts);
    client.refresh(0);
    expect(harness.ports.live).toHaveLength(1);
    harness.advance(30_000);
    expect(harness.ports.live).toEqual([]);
  });

  it('OPEN-8 lets nobody use up the ports by reserving', async () => {
    const { harness, client } = await opened();
    client.refresh(0);
    const codes = [];
    for (let index = 0; index < 10; index += 1) {
      codes.push((await client.allocateLater(pairOfPorts)).code);
      client.refresh(0);
    }
    expect(codes).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 508, 508]);
    harness.engine.close();
    expect(harness.ports.live).toEqual([]);
  });

  it('OPEN-9 allocations of one room meet inside, without a packet on the relay sockets', async () => {
    const { harness, client } = await opened();
    const other = harness.client('red-b');
    await other.allocateLater();
    expect([client.permit(other.relayed), other.permit(client.relayed)]).toEqual([0, 0]);
    client.send(other.relayed, 'inside');
    expect(other.takeReceived()).toEqual([
      { via: 'data', from: formatAddress(client.relayed), payload: 'inside' },
    ]);
    expect(harness.ports.live.flatMap((socket) => socket.take())).toEqual([]);
  });

  it('OPEN-10 the permission for it does not open the other ports of this machine', async () => {
    const { harness, client } = await opened();
    const other = harness.client('red-b');
    await other.allocateLater();
    client.permit(other.relayed);
    client.send(addressOf(RELAY_IPV4, 22), 'ssh?');
    const relay = harness.ports.socketAt(client.relayed.port);
    expect(relay.take()).toEqual([]);
    relay.receive(addressOf(RELAY_IPV4, 22), Buffer.from('from a service'));
    expect(client.takeReceived()).toEqual([]);
    expect(client.bind(0x4000, addressOf(RELAY_IPV4, 22))).toBe(403);
    expect(client.permit(addressOf(RELAY_IPV6, 22))).toBe(403);
  });

  it('OPEN-11 rooms do not meet, whatever the gate lets through', async () => {
    const { harness, client } = await opened({ allowPeers: [RELAY_IPV4] });
    const stranger = harness.client('blue-a');
    await stranger.allocateLater();
    expect(client.permit(stranger.relayed)).toBe(403);
    client.permit(addressOf(RELAY_IPV4, 9));
    stranger.permit(addressOf(RELAY_IPV4, 9));
    client.send(stranger.relayed, 'across');
    expect(stranger.takeReceived()).toEqual([]);
    expect(harness.ports.live.flatMap((socket) => socket.take())).toEqual([]);
  });

  it('OPEN-12 what comes in has a bandwidth too', async () => {
    const bytes = { perSecond: 1, burst: 2000 };
    const { harness, client } = await opened({ limits: { bytes } });
    client.permit(PEER);
    const relay = harness.ports.socketAt(client.relayed.port);
    for (let index = 0; index < 3; index += 1) relay.receive(PEER, Buffer.alloc(1000));
    expect(client.takeReceived()).toHaveLength(2);
    expect(harness.engine.counters.drops.bandwidth).toBe(1);
  });
});
