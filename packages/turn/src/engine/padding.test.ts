import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineHarness } from '../../test/engine-harness.ts';
import { buildSend } from '../../test/turn-message.ts';
import { peerAttributes } from '../../test/turn-test-client.ts';
import type { TurnTestClient } from '../../test/turn-test-client.ts';
import { ATTRIBUTE } from '../wire/attribute-type.ts';
import { METHOD } from '../wire/message-type.ts';

/** What memory looks like that somebody else has used before. */
const OLD_MEMORY = 0xaa;
const UNKNOWN_TYPES = [0x7001, 0x7002, 0x7003];

beforeEach(() => {
  const allocate = Buffer.allocUnsafeSlow.bind(Buffer);
  vi.spyOn(Buffer, 'allocUnsafeSlow').mockImplementation((size) => allocate(size).fill(OLD_MEMORY));
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** The padding behind each attribute of a message that has any, as hex. */
function paddings(message: Buffer): string[] {
  const found: string[] = [];
  for (let at = 20; at < message.length;) {
    const length = message.readUInt16BE(at + 2);
    const end = at + 4 + length;
    at = (end + 3) & ~3;
    if (end < at) found.push(message.toString('hex', end, at));
  }
  return found;
}

/** Two callers of one room who permit each other; the first one over UDP. */
function pair(harness: EngineHarness, transport: 'udp' | 'tcp'): [TurnTestClient, TurnTestClient] {
  const [ada, bob] = [harness.client('red-a'), harness.client('red-b', { transport })];
  ada.allocate();
  bob.allocate();
  expect([ada.permit(bob.relayed), bob.permit(ada.relayed)]).toEqual([0, 0]);
  return [ada, bob];
}

/** A Send whose own padding is not zero. */
function sendWithOldPadding(payload: string, to: TurnTestClient): Buffer {
  const bytes = buildSend((writer) => {
    peerAttributes(to.relayed)(writer);
    writer.appendText(ATTRIBUTE.data, payload);
  });
  return bytes.fill(OLD_MEMORY, bytes.length - (4 - payload.length));
}

describe('padding', () => {
  it('HOLE-15 CVE-2020-4067: is zero in a 401', () => {
    const answer = new EngineHarness().client('red-a').challenge();
    expect(answer?.code).toBe(401);
    // The nonce has 37 characters, the realm 6.
    expect(paddings(answer?.bytes ?? Buffer.alloc(0))).toEqual(['0000', '000000']);
  });

  it.each([1, 3])('HOLE-15 CVE-2020-4067: is zero in a 420 that names %i attributes', (count) => {
    const client = new EngineHarness().client('red-a');
    const answer = client.request(METHOD.refresh, (writer) => {
      for (const type of UNKNOWN_TYPES.slice(0, count)) writer.appendUint32(type, 1);
    });
    expect(answer.code).toBe(420);
    expect(answer.unknownAttributes).toHaveLength(count);
    // The reason phrase has 17 characters behind 4 bytes.
    expect(paddings(answer.bytes)).toEqual(['000000', '0000']);
  });

  it.each(['udp', 'tcp'] as const)(
    'HOLE-15 CVE-2020-4067: is zero in Data of 1 to 3 bytes over %s',
    (transport) => {
      const harness = new EngineHarness();
      const [ada, bob] = pair(harness, transport);
      bob.socket.take();
      for (const payload of ['a', 'ab', 'abc']) {
        ada.sendRaw(sendWithOldPadding(payload, bob));
        const [packet] = bob.socket.take();
        expect(paddings(packet?.bytes ?? Buffer.alloc(0))).toEqual([
          '00'.repeat(4 - payload.length),
        ]);
      }
    },
  );

  it('HOLE-15 CVE-2020-4067: is zero in ChannelData of 1 to 3 bytes over TCP, and absent over UDP', () => {
    const harness = new EngineHarness();
    const [ada, bob] = pair(harness, 'tcp');
    ada.bind(0x4001, bob.relayed);
    bob.bind(0x4002, ada.relayed);
    bob.socket.take();
    for (const payload of ['a', 'ab', 'abc']) {
      ada.sendChannel(0x4001, payload);
      const [packet] = bob.socket.take();
      const wanted = Buffer.alloc(8);
      wanted.writeUInt16BE(0x4002, 0);
      wanted.writeUInt16BE(payload.length, 2);
      wanted.write(payload, 4);
      expect(packet?.bytes).toEqual(wanted);
      bob.sendChannel(0x4002, payload);
      expect(harness.udp.take().at(-1)?.bytes.length).toBe(4 + payload.length);
    }
  });

  it('HOLE-15 CVE-2020-4067: is zero in every answer to an Allocate', () => {
    const client = new EngineHarness().client('red-a');
    const answer = client.allocate((writer) => writer.appendText(ATTRIBUTE.software, 'x'));
    expect(answer.code).toBe(0);
    expect(paddings(answer.bytes).every((padding) => /^0+$/.test(padding))).toBe(true);
  });
});
