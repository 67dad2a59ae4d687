import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeSocket } from '../../test/fake-socket.ts';
import { decodeXorAddress } from '../wire/address-attribute.ts';
import { formatAddress, parseAddress } from '../wire/address-text.ts';
import { ATTRIBUTE } from '../wire/attribute-type.ts';
import { decodeErrorCode, decodeUnknownAttributes } from '../wire/error-code.ts';
import { appendFingerprint, verifyFingerprint } from '../wire/fingerprint.ts';
import { ABSENT, MessageReader } from '../wire/message-reader.ts';
import { MessageWriter } from '../wire/message-writer.ts';
import { emptyAddress } from '../wire/transport-address.ts';
import type { TransportAddress } from '../wire/transport-address.ts';
import { TurnEngine } from './turn-engine.ts';

const TRANSACTION_ID = Buffer.from('0102030405060708090a0b0c', 'hex');
const FROM = address('203.0.113.7', 50_000);

function address(ip: string, port: number): TransportAddress {
  return parseAddress(ip, port) ?? emptyAddress();
}

function request(type = 0x0001, fill: (writer: MessageWriter) => void = () => undefined): Buffer {
  const writer = new MessageWriter();
  writer.target(Buffer.alloc(256), 0);
  writer.begin(type);
  writer.setTransactionId(TRANSACTION_ID, 0);
  fill(writer);
  return Buffer.from(writer.message());
}

function ask(bytes: Uint8Array, from = FROM): { answers: readonly Buffer[] } {
  const socket = new FakeSocket(new TurnEngine());
  socket.receive(from, bytes);
  return { answers: socket.take().map((packet) => packet.bytes) };
}

function answerTo(bytes: Uint8Array, from = FROM): MessageReader {
  const { answers } = ask(bytes, from);
  const answer = answers[0] ?? Buffer.alloc(0);
  const reader = new MessageReader();
  reader.decode(answer, 0, answer.length);
  return reader;
}

describe('Binding', () => {
  it.each(['203.0.113.7', '2001:db8::7'])('BIND-1 tells %s its address', (ip) => {
    const from = address(ip, 50_123);
    const answer = answerTo(request(), from);
    const mapped = emptyAddress();
    expect(decodeXorAddress(answer, ATTRIBUTE.xorMappedAddress, mapped)).toBe(true);
    expect(formatAddress(mapped)).toBe(formatAddress(from));
    expect(answer.bytes.subarray(8, 20)).toEqual(TRANSACTION_ID);
    expect(answer.bytes.readUInt16BE(0)).toBe(0x0101);
  });

  it('BIND-2 answers with nothing but the address', () => {
    expect(answerTo(request()).length).toBe(32);
  });

  it('BIND-2 adds FINGERPRINT only when the request has one', () => {
    const answer = answerTo(request(0x0001, appendFingerprint));
    expect(answerTo(request()).fingerprintAt).toBe(ABSENT);
    expect(verifyFingerprint(answer)).toBe(true);
    expect(answer.length).toBe(40);
  });

  it('BIND-3 drops a request whose FINGERPRINT does not fit', () => {
    const damaged = request(0x0001, appendFingerprint);
    damaged.writeUInt8(damaged.readUInt8(10) ^ 1, 10);
    expect(ask(damaged).answers).toEqual([]);
  });

  it('BIND-4 refuses attributes it would have to understand with 420', () => {
    const answer = answerTo(
      request(0x0001, (writer) => {
        writer.appendUint32(0x0003, 6); // CHANGE-REQUEST
        writer.appendText(ATTRIBUTE.username, 'somebody');
      }),
    );
    expect(decodeErrorCode(answer)).toEqual({ code: 420, reason: 'Unknown Attribute' });
    expect(decodeUnknownAttributes(answer)).toEqual([0x0003]);
  });

  it('BIND-5 never answers port 0', () => {
    expect(ask(request(), address('203.0.113.7', 0)).answers).toEqual([]);
  });

  it.each([
    { name: 'indication', type: 0x0011 },
    { name: 'success', type: 0x0101 },
    { name: 'error', type: 0x0111 },
  ])('BIND-6 never answers a Binding $name', ({ type }) => {
    expect(ask(request(type)).answers).toEqual([]);
  });

  it('BIND-7 the answer is never more than 2.2 times the request', () => {
    const from = address('2001:db8::7', 50_123);
    const withUnknown = request(0x0001, (writer) => {
      for (let type = 0x7000; type < 0x7008; type += 1) writer.append(type, 0);
    });
    for (const bytes of [request(), withUnknown, request(0x0001, appendFingerprint)]) {
      expect(answerTo(bytes, from).length / bytes.length).toBeLessThanOrEqual(2.2);
    }
    const oneUnknown = request(0x0001, (writer) => void writer.append(0x7000, 0));
    expect(answerTo(oneUnknown, from).length / oneUnknown.length).toBeLessThan(3);
  });

  it('BIND-8 answers each request of a batch', () => {
    const socket = new FakeSocket(new TurnEngine());
    socket.receive(FROM, ...Array.from({ length: 500 }, () => request()));
    expect(socket.take()).toHaveLength(500);
  });

  it('BIND-9 survives anything', () => {
    const socket = new FakeSocket(new TurnEngine());
    const whole = request(0x0001, appendFingerprint);
    for (let length = 0; length < whole.length; length += 1) {
      socket.receive(FROM, whole.subarray(0, length));
    }
    expect(socket.take()).toEqual([]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        socket.receive(FROM, bytes);
        socket.receive(FROM, Buffer.concat([whole.subarray(0, 8), bytes]));
      }),
    );
    socket.receive(FROM, request());
    expect(socket.take()).not.toEqual([]);
  });
});
