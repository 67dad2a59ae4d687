/**
 * One test for each hole that other TURN servers had and that this one could have. The relay's deny
 * list has its own tests in `policy/`; here the way from the packet to it is tried.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addressOf, EngineHarness } from '../../test/engine-harness.ts';
import { buildSend } from '../../test/turn-message.ts';
import type { Fill } from '../../test/turn-message.ts';
import { allocateAttributes, peerAttributes } from '../../test/turn-test-client.ts';
import type { TurnTestClient } from '../../test/turn-test-client.ts';
import { appendFamily } from '../wire/address-family.ts';
import { ATTRIBUTE } from '../wire/attribute-type.ts';
import { appendChannelNumber } from '../wire/channel-number.ts';
import { appendLifetime } from '../wire/lifetime.ts';
import { METHOD } from '../wire/message-type.ts';
import { appendEvenPort } from '../wire/port-reservation.ts';
import type { PacketTransport } from './packet-socket.ts';

const PUBLIC_PEER = addressOf('9.9.9.9', 7777);
const bothFamilies: Fill = (writer) => appendFamily(writer, 'additionalAddressFamily', 6);

const anHour: Fill = (writer) => appendLifetime(writer, 3600);
const oauthToken: Fill = (writer) => void writer.append(0x001b, 735);
const mobilityTicket: Fill = (writer) => void writer.append(0x8030, 0);

const HOSTILE: readonly (readonly [string, string])[] = [
  ['Slack 2020: cloud metadata', '169.254.169.254'],
  ['Slack 2020: internal services', '10.0.0.1'],
  ['CVE-2020-26262: 0.0.0.0 is loopback', '0.0.0.0'],
  ['CVE-2020-26262: :: is loopback', '::'],
  ['CVE-2020-26262: ::1', '::1'],
  ['CVE-2026-27624: IPv4-mapped loopback', '::ffff:127.0.0.1'],
  ['2026-06-05: IPv4-mapped private', '::ffff:192.168.0.1'],
  ['coturn#1945: IPv4-compatible', '::127.0.0.1'],
  ['coturn#1945: NAT64', '64:ff9b::10.0.0.1'],
  ['coturn#1945: 6to4', '2002:0a00:0001::'],
  ['6c13608c: range with a small byte behind a large one', 'fe80:0:0:1::'],
  ['6c13608c: last address of a range', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
];

async function openClient(transport: PacketTransport = 'udp'): Promise<{
  harness: EngineHarness;
  client: TurnTestClient;
}> {
  const harness = new EngineHarness({ mode: 'open' });
  const client = harness.client('red-a', { transport });
  await client.allocateLater(bothFamilies);
  return { harness, client };
}

/** Everything the relay sockets sent. */
function leaked({ ports }: EngineHarness): readonly string[] {
  return ports.opened.flatMap((socket) => socket.take().map(({ bytes }) => bytes.toString()));
}

describe('holes others had', () => {
  describe.each(['udp', 'tcp'] as const)(
    'over %s (pion#570: the gate was not asked)',
    (transport) => {
      it.each(HOSTILE)('HOLE-1 %s', async (_name, ip) => {
        const { harness, client } = await openClient(transport);
        const peer = addressOf(ip, 80);
        expect([client.permit(peer), client.bind(0x4000, peer)]).toEqual([403, 403]);
        client.send(peer, 'direct');
        client.sendChannel(0x4000, 'by channel');
        expect(leaked(harness)).toEqual([]);
      });
    },
  );

  it('HOLE-2 coturn#2016: a second XOR-PEER-ADDRESS in Send is not the one that is used', async () => {
    const { harness, client } = await openClient();
    client.permit(PUBLIC_PEER);
    for (const peers of [
      [PUBLIC_PEER, addressOf('127.0.0.1', 80)],
      [addressOf('127.0.0.1', 80), PUBLIC_PEER],
    ]) {
      client.sendRaw(
        buildSend((writer) => {
          peerAttributes(...peers)(writer);
          writer.appendText(ATTRIBUTE.data, 'payload');
        }),
      );
    }
    const sent = harness.ports.opened.flatMap((socket) => socket.take());
    expect(sent.map((packet) => packet.to)).toEqual([PUBLIC_PEER]);
  });

  it('HOLE-2 coturn#2016: nor in ChannelBind', async () => {
    const { client } = await openClient();
    const answer = client.request(METHOD.channelBind, (writer) => {
      appendChannelNumber(writer, 0x4000);
      peerAttributes(addressOf('127.0.0.1', 80), PUBLIC_PEER)(writer);
    });
    expect(answer.code).toBe(403);
  });

  it('HOLE-3 ab762f33: what follows MESSAGE-INTEGRITY does not count', async () => {
    const { harness, client } = await openClient();
    expect(client.refresh(undefined, { smuggle: anHour }).lifetime).toBe(600);
    const peer = peerAttributes(PUBLIC_PEER);
    const smuggled = client.request(METHOD.createPermission, peer, {
      smuggle: peerAttributes(addressOf('8.8.8.8', 53)),
    });
    expect(smuggled.code).toBe(0);
    client.send(addressOf('8.8.8.8', 53), 'smuggled');
    expect(leaked(harness)).toEqual([]);
    const unprotected = client.request(METHOD.createPermission, () => undefined, { smuggle: peer });
    expect(unprotected.code).toBe(400);
  });

  it('HOLE-4 CVE-2026-43994: an OAuth token is an attribute nobody reads', () => {
    const client = new EngineHarness().client('red-a');
    expect(client.challenge(METHOD.allocate, allocateAttributes(oauthToken))?.code).toBe(401);
    const answer = client.allocate(oauthToken);
    expect([answer.code, answer.unknownAttributes]).toEqual([420, [0x001b]]);
  });

  it('HOLE-5 GHSA-4g7c-p5wg-j4hp: a user name is data, and is not logged', () => {
    const harness = new EngineHarness();
    const client = harness.client('%n%s%x\r\n{"level":"error"}');
    expect(client.allocate().code).toBe(401);
    expect(harness.log).toEqual([]);
  });

  it('HOLE-6 GHSA-5x2p-4vqj-f6m4: a DTLS hello costs nothing', () => {
    const harness = new EngineHarness();
    const client = harness.client('red-a');
    const hello = Buffer.from('16fefd0000000000000000003601000000', 'hex');
    for (let index = 0; index < 100; index += 1) client.sendRaw(hello);
    expect(harness.udp.take()).toEqual([]);
    expect(harness.engine.counters.drops.malformed).toBe(100);
  });

  it('HOLE-7 coturn#1844, #1964: lengths of 16 bits at their ends', () => {
    const harness = new EngineHarness();
    const client = harness.client('red-a');
    client.allocate();
    for (const length of [0xffff, 0xfffc, 0xfff0, 0x8000]) {
      const channelData = Buffer.alloc(24);
      channelData.writeUInt16BE(0x4000, 0);
      channelData.writeUInt16BE(length, 2);
      const send = buildSend((writer) => void writer.append(ATTRIBUTE.data, 8));
      send.writeUInt16BE(length, 22);
      const whole = buildSend((writer) => void writer.append(ATTRIBUTE.data, 8));
      whole.writeUInt16BE(length & 0xfffc, 2);
      client.sendRaw(channelData, send, whole);
    }
    expect(harness.udp.take()).toEqual([]);
    expect(harness.engine.counters.drops.malformed).toBe(12);
  });

  it('HOLE-8 coturn#1969: an allocation cannot be carried to another address', () => {
    const harness = new EngineHarness();
    const client = harness.client('red-a');
    expect(client.allocate(mobilityTicket).message.has(0x8030)).toBe(false);
    const elsewhere = harness.client('red-a');
    expect(elsewhere.request(METHOD.refresh, mobilityTicket).code).toBe(437);
    expect(harness.engine.counters.allocations).toBe(1);
  });

  it('HOLE-9 2026-07-31: an even port without its neighbour opens one socket, and frees it', async () => {
    const harness = new EngineHarness({ mode: 'open' });
    const client = harness.client('red-a');
    for (let round = 0; round < 20; round += 1) {
      await client.allocateLater((writer) => appendEvenPort(writer, false));
      expect(harness.ports.live).toHaveLength(1);
      client.refresh(0);
    }
    expect(harness.ports.live).toEqual([]);
  });

  it('HOLE-10 coturn#1999: an Allocate without a valid HMAC opens nothing and keeps nothing', () => {
    const harness = new EngineHarness({ mode: 'open' });
    for (let index = 1; index <= 500; index += 1) {
      const client = harness.client('red-a', { ip: `203.0.${index >> 8}.${index & 255}` });
      client.challenge(METHOD.allocate, allocateAttributes());
      const forged = client.build(METHOD.allocate, allocateAttributes());
      forged.writeUInt8(forged.readUInt8(forged.length - 1) ^ 1, forged.length - 1);
      client.sendRaw(forged);
    }
    expect(harness.ports.opened).toEqual([]);
    expect(harness.engine.counters.allocationsStarted).toBe(0);
  });

  it('HOLE-11 coturn#1869: every bit of the HMAC counts', () => {
    const harness = new EngineHarness();
    const client = harness.client('red-a');
    client.allocate();
    const whole = client.build(METHOD.refresh, () => undefined);
    const first = whole.length - 20;
    for (let bit = 0; bit < 160; bit += 1) {
      harness.clock.advance(1000);
      const forged = Buffer.from(whole);
      const at = first + (bit >> 3);
      forged.writeUInt8(forged.readUInt8(at) ^ (1 << (bit & 7)), at);
      client.sendRaw(forged);
      expect(client.takeAnswer()?.code).toBe(401);
    }
    client.sendRaw(whole);
    expect(client.takeAnswer()?.code).toBe(0);
  });

  it('HOLE-12 libjuice#288: a permission is needed in each direction', async () => {
    const { harness, client } = await openClient();
    const relay = harness.ports.socketAt(client.relayed.port);
    relay.receive(PUBLIC_PEER, Buffer.from('uninvited'));
    expect(client.takeReceived()).toEqual([]);
    client.send(PUBLIC_PEER, 'not allowed');
    expect(leaked(harness)).toEqual([]);
  });

  it('HOLE-14 CVE-2025-69217: nothing of this package is drawn from a weak source', () => {
    const root = new URL('..', import.meta.url);
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .filter((name) => readFileSync(new URL(name, root), 'utf8').includes('Math.random'));
    expect(sources).toEqual([]);
  });

  it('HOLE-13 Ghost Calls: in hairpin mode nothing outside the room can be reached at all', () => {
    const harness = new EngineHarness();
    const client = harness.client('red-a');
    client.allocate();
    const everywhere = [...HOSTILE.map(([, ip]) => ip), '9.9.9.9', '2600::9'];
    for (const ip of everywhere) {
      expect([client.permit(addressOf(ip, 80)), client.bind(0x4000, addressOf(ip, 80))]).toEqual([
        403, 403,
      ]);
    }
  });
});
