import { describe, expect, it } from 'vitest';
import { EngineHarness } from '../../test/engine-harness.ts';
import { buildChannelData, buildSend } from '../../test/turn-message.ts';
import { peerAttributes } from '../../test/turn-test-client.ts';
import type { TurnTestClient } from '../../test/turn-test-client.ts';
import { appendFamily } from '../wire/address-family.ts';
import { formatAddress } from '../wire/address-text.ts';
import { ATTRIBUTE } from '../wire/attribute-type.ts';

interface Pair {
  readonly harness: EngineHarness;
  readonly a: TurnTestClient;
  readonly b: TurnTestClient;
}

function connected(options: ConstructorParameters<typeof EngineHarness>[0] = {}): Pair {
  const harness = new EngineHarness(options);
  const a = harness.client('red-a');
  const b = harness.client('red-b');
  a.allocate();
  b.allocate();
  a.permit(b.relayed);
  b.permit(a.relayed);
  return { harness, a, b };
}

describe('relaying in hairpin mode', () => {
  it('DATA-1 Send to Data, with the relayed address of the sender', () => {
    const { a, b } = connected();
    a.send(b.relayed, 'hello');
    expect(b.takeReceived()).toEqual([
      { via: 'data', from: formatAddress(a.relayed), payload: 'hello' },
    ]);
  });

  it('DATA-2 ChannelData to ChannelData, each with its own number', () => {
    const { a, b } = connected();
    a.bind(0x4000, b.relayed);
    b.bind(0x4abc, a.relayed);
    a.sendChannel(0x4000, 'to b');
    b.sendChannel(0x4abc, 'to a');
    expect(b.takeReceived()).toEqual([{ via: 'channel', from: 0x4abc, payload: 'to b' }]);
    expect(a.takeReceived()).toEqual([{ via: 'channel', from: 0x4000, payload: 'to a' }]);
  });

  it('DATA-3 ChannelData to Data, and Send to ChannelData', () => {
    const { a, b } = connected();
    a.bind(0x4000, b.relayed);
    a.sendChannel(0x4000, 'to b');
    b.send(a.relayed, 'to a');
    expect(b.takeReceived()).toEqual([
      { via: 'data', from: formatAddress(a.relayed), payload: 'to b' },
    ]);
    expect(a.takeReceived()).toEqual([{ via: 'channel', from: 0x4000, payload: 'to a' }]);
  });

  it.each(['', 'x', 'xy', 'xyz', 'wxyz', 'x'.repeat(1200)])(
    'DATA-4 payload of any length arrives whole (case %#)',
    (payload) => {
      const { a, b } = connected();
      a.bind(0x4000, b.relayed);
      a.sendChannel(0x4000, payload);
      a.send(b.relayed, payload);
      b.bind(0x4001, a.relayed);
      a.sendChannel(0x4000, payload);
      a.send(b.relayed, payload);
      const received = b.takeReceived();
      expect(received.map((one) => one.payload)).toEqual([payload, payload, payload, payload]);
      expect(received.map((one) => one.via)).toEqual(['data', 'data', 'channel', 'channel']);
    },
  );

  it('DATA-5 many packets of one batch keep their bytes until the sockets flush', () => {
    const { a, b } = connected();
    a.bind(0x4000, b.relayed);
    const packets = Array.from({ length: 200 }, (_, index) =>
      buildChannelData(0x4000, Buffer.from(`packet ${index}`)),
    );
    a.sendRaw(...packets);
    expect(b.takeReceived().map((one) => one.payload)).toEqual(
      packets.map((_, index) => `packet ${index}`),
    );
  });

  it('DATA-6 UDP, TCP and TLS clients meet; frames on streams are padded', () => {
    const harness = new EngineHarness();
    const a = harness.client('red-a', { transport: 'tls' });
    const b = harness.client('red-b', { ip: '2001:db8::b' });
    a.allocate();
    b.allocate();
    a.bind(0x4000, b.relayed);
    b.bind(0x4000, a.relayed);
    b.sendChannel(0x4000, '12345');
    const [packet] = a.socket.take();
    expect(packet?.bytes).toEqual(buildChannelData(0x4000, Buffer.from('12345'), true));
    a.sendRaw(buildChannelData(0x4000, Buffer.from('123')));
    expect(b.takeReceived().map((one) => one.payload)).toEqual(['123']);
    expect(harness.udp.take()).toEqual([]);
  });

  it('DATA-6 IPv6 relayed addresses meet as well', () => {
    const harness = new EngineHarness();
    const a = harness.client('red-a');
    const b = harness.client('red-b');
    for (const client of [a, b]) {
      client.allocate((writer) => appendFamily(writer, 'requestedAddressFamily', 6));
    }
    a.permit(b.relayed);
    b.permit(a.relayed);
    a.send(b.relayed, 'six');
    expect(b.takeReceived()).toEqual([
      { via: 'data', from: formatAddress(a.relayed), payload: 'six' },
    ]);
  });

  it('DATA-7 nothing arrives without a permission of the receiver', () => {
    const harness = new EngineHarness();
    const a = harness.client('red-a');
    const b = harness.client('red-b');
    a.allocate();
    b.allocate();
    a.bind(0x4000, b.relayed);
    a.sendChannel(0x4000, 'uninvited');
    a.send(b.relayed, 'uninvited');
    expect(b.takeReceived()).toEqual([]);
    expect(harness.engine.counters.drops.noPermission).toBe(2);
  });

  it('DATA-8 nothing leaves by Send without a permission of the sender', () => {
    const harness = new EngineHarness();
    const a = harness.client('red-a');
    const b = harness.client('red-b');
    a.allocate();
    b.allocate();
    b.permit(a.relayed);
    a.send(b.relayed, 'too early');
    expect(b.takeReceived()).toEqual([]);
    expect(harness.engine.counters.drops.noPermission).toBe(1);
  });

  it('DATA-9 nothing arrives for an allocation that is gone, nor from one', () => {
    const { harness, a, b } = connected();
    a.bind(0x4000, b.relayed);
    b.refresh(0);
    a.sendChannel(0x4000, 'hello?');
    b.send(a.relayed, 'ghost');
    expect(a.takeReceived()).toEqual([]);
    expect(b.takeReceived()).toEqual([]);
    expect(harness.engine.counters.drops).toMatchObject({ noPeer: 1, noAllocation: 1 });
  });

  it('DATA-9 an expired allocation is dead before it is swept', () => {
    const { harness, a, b } = connected();
    harness.clock.advance(599_999);
    a.refresh();
    a.permit(b.relayed);
    harness.clock.advance(1);
    a.send(b.relayed, 'late');
    expect(b.takeReceived()).toEqual([]);
  });

  it('DATA-10 ignores Send with parts missing, unknown, or misshapen', () => {
    const { harness, a, b } = connected();
    a.sendRaw(
      buildSend(peerAttributes(b.relayed)),
      buildSend((writer) => writer.appendText(ATTRIBUTE.data, 'no peer')),
      buildSend((writer) => {
        peerAttributes(b.relayed)(writer);
        writer.append(ATTRIBUTE.dontFragment, 0);
        writer.appendText(ATTRIBUTE.data, 'unfragmented');
      }),
      buildSend((writer) => {
        writer.append(ATTRIBUTE.xorPeerAddress, 5);
        writer.appendText(ATTRIBUTE.data, 'bad peer');
      }),
    );
    expect(b.takeReceived()).toEqual([]);
    expect(harness.engine.counters.drops.malformed).toBe(4);
  });

  it('DATA-11 ignores ChannelData that is cut, unbound, or from nobody', () => {
    const { harness, a, b } = connected();
    a.bind(0x4000, b.relayed);
    const whole = buildChannelData(0x4000, Buffer.from('whole'));
    for (let length = 1; length < whole.length; length += 1) a.sendRaw(whole.subarray(0, length));
    a.sendChannel(0x4001, 'unbound');
    harness.client('red-c').sendChannel(0x4000, 'nobody');
    expect(b.takeReceived()).toEqual([]);
    expect(harness.engine.counters.drops).toMatchObject({
      malformed: whole.length - 1,
      noChannel: 1,
      noAllocation: 1,
    });
  });

  it('DATA-12 a datagram may be padded, only the payload counts', () => {
    const { a, b } = connected();
    a.bind(0x4000, b.relayed);
    a.sendRaw(Buffer.concat([buildChannelData(0x4000, Buffer.from('12345')), Buffer.alloc(3, 9)]));
    expect(b.takeReceived().map((one) => one.payload)).toEqual(['12345']);
  });

  it('DATA-13 an allocation has a bandwidth', () => {
    const bytes = { perSecond: 1000, burst: 2000 };
    const { harness, a, b } = connected({ limits: { bytes } });
    a.bind(0x4000, b.relayed);
    const payload = 'x'.repeat(1000);
    for (let index = 0; index < 4; index += 1) a.sendChannel(0x4000, payload);
    expect(b.takeReceived()).toHaveLength(2);
    harness.advance(1000);
    for (let index = 0; index < 4; index += 1) a.sendChannel(0x4000, payload);
    expect(b.takeReceived()).toHaveLength(1);
    expect(harness.engine.counters.drops.bandwidth).toBe(5);
  });

  it('DATA-14 counts packets and bytes', () => {
    const { harness, a, b } = connected();
    a.send(b.relayed, '12345');
    a.refresh(0);
    expect(harness.engine.counters).toMatchObject({ packetsRelayed: 1, bytesRelayed: 5 });
    expect(harness.log.at(-1)?.fields).toMatchObject({ packetsSent: 1, bytesSent: 5 });
  });
});
