import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EngineHarness, RELAY_IPV4, RELAY_IPV6 } from '../../test/engine-harness.ts';
import { allocateAttributes } from '../../test/turn-test-client.ts';
import type { Fill } from '../../test/turn-message.ts';
import { appendFamily } from '../wire/address-family.ts';
import { formatAddress } from '../wire/address-text.ts';
import { ATTRIBUTE } from '../wire/attribute-type.ts';
import { verifyFingerprint } from '../wire/fingerprint.ts';
import { verifyIntegrity } from '../wire/integrity.ts';
import { longTermKey } from '../wire/integrity-key.ts';
import { appendLifetime } from '../wire/lifetime.ts';
import { METHOD } from '../wire/message-type.ts';
import { appendEvenPort, appendReservationToken } from '../wire/port-reservation.ts';
import { appendRequestedTransport } from '../wire/requested-transport.ts';

const KEY = longTermKey({ username: 'red-a', realm: 'parley', password: 'a-pass' }, 'md5');

function ipv6Named(writer: Parameters<Fill>[0]): void {
  appendFamily(writer, 'requestedAddressFamily', 6);
}

function both(writer: Parameters<Fill>[0]): void {
  appendFamily(writer, 'additionalAddressFamily', 6);
}

const drafted: Fill = (writer) => appendFamily(writer, 'draftAdditionalAddressFamily', 6);
const tcpRelay: Fill = (writer) => appendRequestedTransport(writer, 6);
const misshapenTransport: Fill = (writer) => void writer.append(ATTRIBUTE.requestedTransport, 3);
const unknownFamily: Fill = (writer) => {
  writer.appendUint32(ATTRIBUTE.requestedAddressFamily, 3 * 2 ** 24);
};
const giveIpv6Back: Fill = (writer) => {
  appendLifetime(writer, 0);
  ipv6Named(writer);
};

describe('Allocate', () => {
  it('ALLOC-1 without credentials gets 401 with realm, nonce and password algorithms', () => {
    const harness = new EngineHarness();
    const answer = harness.client('red-a').challenge(METHOD.allocate, allocateAttributes());
    expect(answer?.code).toBe(401);
    expect(answer?.message.value(ATTRIBUTE.realm)?.toString()).toBe('parley');
    expect(answer?.message.value(ATTRIBUTE.nonce)?.toString()).toMatch(/^obMatJos2/);
    expect(answer?.message.has(ATTRIBUTE.passwordAlgorithms)).toBe(true);
    expect(answer?.message.has(ATTRIBUTE.software)).toBe(false);
    expect(harness.engine.counters.allocationsStarted).toBe(0);
  });

  it('ALLOC-2 gives a relayed address, the mapped address, and ten minutes', () => {
    const harness = new EngineHarness();
    const client = harness.client('red-a');
    const answer = client.allocate();
    expect(answer.code).toBe(0);
    expect(answer.address(ATTRIBUTE.xorRelayedAddress)).toMatch(
      new RegExp(`^${RELAY_IPV4}:(49[1-9]|5|6)\\d+$`),
    );
    expect(answer.address(ATTRIBUTE.xorMappedAddress)).toBe(formatAddress(client.address));
    expect(answer.lifetime).toBe(600);
    expect(verifyIntegrity(answer.message, 'sha1', KEY)).toBe(true);
    expect(harness.engine.counters.allocations).toBe(1);
  });

  it('ALLOC-2 adds FINGERPRINT only when the request has one', () => {
    const client = new EngineHarness().client('red-a');
    const answer = client.allocate(undefined, { fingerprint: true });
    expect(verifyFingerprint(answer.message)).toBe(true);
  });

  it('ALLOC-3 protects with SHA-256 when the client chose a password algorithm', () => {
    const client = new EngineHarness().client('red-a');
    const answer = client.allocate(undefined, { hash: 'sha256', algorithm: 'sha256' });
    const key = longTermKey({ username: 'red-a', realm: 'parley', password: 'a-pass' }, 'sha256');
    expect(answer.code).toBe(0);
    expect(verifyIntegrity(answer.message, 'sha256', key)).toBe(true);
  });

  it.each([
    { asked: 0, granted: 600 },
    { asked: 30, granted: 600 },
    { asked: 1200, granted: 1200 },
    { asked: 3600, granted: 3600 },
    { asked: 0xffff_ffff, granted: 3600 },
  ])('ALLOC-4 a client that asks for $asked s gets $granted s', ({ asked, granted }) => {
    const client = new EngineHarness().client('red-a');
    expect(client.allocate((writer) => appendLifetime(writer, asked)).lifetime).toBe(granted);
  });

  it('ALLOC-5 answers a retransmission like the first time, and opens nothing new', () => {
    const harness = new EngineHarness();
    const client = harness.client('red-a');
    const transactionId = randomBytes(12);
    const first = client.allocate(undefined, { transactionId });
    const again = client.allocate(undefined, { transactionId });
    expect(again.bytes).toEqual(first.bytes);
    expect(harness.engine.counters.allocationsStarted).toBe(1);
  });

  it('ALLOC-6 refuses a second allocation on the same 5-tuple with 437', () => {
    const client = new EngineHarness().client('red-a');
    client.allocate();
    expect(client.allocate().code).toBe(437);
  });

  it('ALLOC-7 refuses 400 without and 442 with another transport', () => {
    const client = new EngineHarness().client('red-a');
    expect(client.request(METHOD.allocate, () => undefined).code).toBe(400);
    expect(client.request(METHOD.allocate, tcpRelay).code).toBe(442);
    expect(client.request(METHOD.allocate, misshapenTransport).code).toBe(400);
  });

  it('ALLOC-8 names what it does not understand in a 420, DONT-FRAGMENT included', () => {
    const client = new EngineHarness().client('red-a');
    const answer = client.allocate((writer) => {
      writer.append(ATTRIBUTE.dontFragment, 0);
      writer.append(0x7abc, 2);
      writer.append(0xff05, 4); // TURN_LOGGING_ID of Chromium
    });
    expect(answer.code).toBe(420);
    expect(answer.unknownAttributes).toEqual([ATTRIBUTE.dontFragment, 0x7abc]);
    expect(verifyIntegrity(answer.message, 'sha1', KEY)).toBe(true);
  });

  it('ALLOC-9 gives IPv6 when it is named, IPv4 when nothing is', () => {
    const harness = new EngineHarness();
    const fromIpv6 = harness.client('red-a', { ip: '2001:db8::5' });
    expect(fromIpv6.allocate().address(ATTRIBUTE.xorRelayedAddress)).toContain(RELAY_IPV4);
    const named = harness.client('red-b').allocate(ipv6Named);
    expect(named.address(ATTRIBUTE.xorRelayedAddress)).toContain(RELAY_IPV6);
  });

  it('ALLOC-9 refuses a family it does not have, or that does not exist, with 440', () => {
    const harness = new EngineHarness({ hasIpv6: false });
    expect(harness.client('red-a').allocate(ipv6Named).code).toBe(440);
    expect(harness.client('red-b').allocate(unknownFamily).code).toBe(440);
    expect(harness.engine.counters.allocations).toBe(0);
  });

  it('ALLOC-10 takes the number of the drafts as well, where both families can be had', () => {
    const dual = new EngineHarness().client('red-a').allocate(drafted);
    const first = dual.message.find(ATTRIBUTE.xorRelayedAddress);
    expect(dual.message.findFrom(first + 1, ATTRIBUTE.xorRelayedAddress)).toBeGreaterThan(0);
    const paired = new EngineHarness().client('red-a').allocate((writer) => {
      drafted(writer);
      appendEvenPort(writer, true);
    });
    expect(paired.code).toBe(0);
  });

  it('ALLOC-10 gives both families on request, or says which one is missing', () => {
    const dual = new EngineHarness().client('red-a').allocate(both);
    const relayed = [ATTRIBUTE.xorRelayedAddress, ATTRIBUTE.xorRelayedAddress];
    const first = dual.message.find(relayed[0] ?? 0);
    expect(dual.code).toBe(0);
    expect(dual.message.findFrom(first + 1, ATTRIBUTE.xorRelayedAddress)).toBeGreaterThan(0);
    const half = new EngineHarness({ hasIpv6: false }).client('red-a').allocate(both);
    expect(half.code).toBe(0);
    const reason = half.message.value(ATTRIBUTE.addressErrorCode);
    expect(reason?.subarray(0, 4)).toEqual(Buffer.from([2, 0, 4, 40]));
  });

  it.each<{ name: string; fill: Fill }>([
    {
      name: 'both family attributes',
      fill: (writer) => {
        ipv6Named(writer);
        both(writer);
      },
    },
    {
      name: 'IPv4 as the additional family',
      fill: (writer) => appendFamily(writer, 'additionalAddressFamily', 4),
    },
    {
      name: 'a pair of ports and two families',
      fill: (writer) => {
        appendEvenPort(writer, true);
        both(writer);
      },
    },
    {
      name: 'a token and an even port',
      fill: (writer) => {
        appendEvenPort(writer, false);
        appendReservationToken(writer, '0011223344556677');
      },
    },
    {
      name: 'a token and a family',
      fill: (writer) => {
        ipv6Named(writer);
        appendReservationToken(writer, '0011223344556677');
      },
    },
  ])('ALLOC-11 refuses $name with 400', ({ fill }) => {
    expect(new EngineHarness().client('red-a').allocate(fill).code).toBe(400);
  });

  it('ALLOC-12 keeps the port above an even one for the holder of the token, once', () => {
    const harness = new EngineHarness();
    const rtp = harness.client('red-a');
    const answer = rtp.allocate((writer) => appendEvenPort(writer, true));
    const token = answer.message.value(ATTRIBUTE.reservationToken)?.toString('hex') ?? '';
    const withToken: Fill = (writer) => appendReservationToken(writer, token);
    expect(rtp.relayed.port % 2).toBe(0);
    expect(harness.client('red-b').allocate(withToken).code).toBe(508);
    const rtcp = harness.client('red-a');
    expect(rtcp.allocate(withToken).code).toBe(0);
    expect(rtcp.relayed.port).toBe(rtp.relayed.port + 1);
    expect(harness.client('red-a').allocate(withToken).code).toBe(508);
  });

  it('ALLOC-12 a token is worth nothing after 30 seconds', () => {
    const harness = new EngineHarness();
    const answer = harness.client('red-a').allocate((writer) => appendEvenPort(writer, true));
    const token = answer.message.value(ATTRIBUTE.reservationToken)?.toString('hex') ?? '';
    harness.clock.advance(30_000);
    const late = harness
      .client('red-a')
      .allocate((writer) => appendReservationToken(writer, token));
    expect(late.code).toBe(508);
  });

  it('ALLOC-13 a peer, a room and the server have limits', () => {
    const limits = { allocationsPerPeer: 2, allocationsPerRoom: 3, allocationsTotal: 4 };
    const harness = new EngineHarness({ limits });
    const codes = ['red-a', 'red-a', 'red-a', 'red-b', 'red-b', 'blue-a', 'blue-b'].map(
      (user) => harness.client(user).allocate().code,
    );
    expect(codes).toEqual([0, 0, 486, 0, 486, 0, 508]);
    expect(harness.engine.counters.allocations).toBe(4);
    expect(harness.engine.counters.allocationsRefused).toBe(3);
  });

  it('ALLOC-14 ends when its time is up, also before the next tick', () => {
    const harness = new EngineHarness();
    const client = harness.client('red-a');
    client.allocate();
    harness.clock.advance(600_000);
    expect(client.refresh().code).toBe(437);
    expect(harness.engine.counters.allocations).toBe(0);
    expect(client.allocate().code).toBe(0);
    harness.advance(600_000);
    expect(harness.engine.counters.allocations).toBe(0);
  });

  it('ALLOC-15 logs beginning and end, and no credential', () => {
    const harness = new EngineHarness();
    const client = harness.client('red-a');
    client.allocate();
    harness.advance(5000);
    client.refresh(0);
    expect(harness.log.map((line) => line.message)).toEqual([
      'allocation started',
      'allocation ended',
    ]);
    expect(harness.log[1]?.fields).toMatchObject({ room: 'red', reason: 'released', seconds: 5 });
    expect(JSON.stringify(harness.log)).not.toContain('a-pass');
  });
});

describe('Refresh', () => {
  it('ALLOC-16 prolongs from now on', () => {
    const harness = new EngineHarness();
    const client = harness.client('red-a');
    client.allocate();
    harness.advance(500_000);
    expect(client.refresh().lifetime).toBe(600);
    harness.advance(599_000);
    expect(harness.engine.counters.allocations).toBe(1);
    harness.advance(1000);
    expect(harness.engine.counters.allocations).toBe(0);
  });

  it('ALLOC-17 gives back with lifetime 0', () => {
    const harness = new EngineHarness();
    const client = harness.client('red-a');
    client.allocate();
    expect(client.refresh(0).lifetime).toBe(0);
    expect(harness.engine.counters.allocations).toBe(0);
    expect(client.refresh(0).code).toBe(437);
    expect(client.allocate().code).toBe(0);
  });

  it('ALLOC-18 of somebody else is refused with 441, also when the 5-tuple is the same', () => {
    const harness = new EngineHarness();
    const owner = harness.client('red-a', { ip: '203.0.113.99' });
    owner.allocate();
    const other = harness.client('red-b', { ip: '203.0.113.99' });
    other.address.port = owner.address.port;
    expect(other.refresh(0).code).toBe(441);
    expect(owner.refresh().code).toBe(0);
  });

  it('ALLOC-19 refuses a family the allocation does not have with 443', () => {
    const client = new EngineHarness().client('red-a');
    client.allocate();
    expect(client.request(METHOD.refresh, ipv6Named).code).toBe(443);
  });

  it('ALLOC-19 gives back one of two families', () => {
    const harness = new EngineHarness();
    const client = harness.client('red-a');
    client.allocate(both);
    expect(client.request(METHOD.refresh, giveIpv6Back).code).toBe(0);
    expect(client.request(METHOD.refresh, giveIpv6Back).code).toBe(443);
    expect(client.refresh().code).toBe(0);
  });
});
