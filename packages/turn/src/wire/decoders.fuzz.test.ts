import { readdirSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appendXorAddress,
  decodePlainAddress,
  decodeXorAddress,
  decodeXorAddressAt,
} from './address-attribute.ts';
import { appendFamily, decodeFamily } from './address-family.ts';
import { ATTRIBUTE } from './attribute-type.ts';
import { channelPayloadLength } from './channel-data.ts';
import { appendChannelNumber, decodeChannelNumber } from './channel-number.ts';
import {
  appendErrorCode,
  appendUnknownAttributes,
  decodeErrorCode,
  decodeUnknownAttributes,
} from './error-code.ts';
import { appendFingerprint, verifyFingerprint } from './fingerprint.ts';
import { appendIntegrity, verifyIntegrity } from './integrity.ts';
import { IntegrityKey } from './integrity-key.ts';
import { appendLifetime, decodeLifetime } from './lifetime.ts';
import { ABSENT, MAGIC_COOKIE, MessageReader } from './message-reader.ts';
import { decodeMessageClass, decodeMethod } from './message-type.ts';
import { MessageWriter } from './message-writer.ts';
import {
  appendPasswordAlgorithm,
  appendPasswordAlgorithms,
  decodePasswordAlgorithm,
} from './password-algorithm.ts';
import {
  appendEvenPort,
  appendReservationToken,
  decodeEvenPort,
  decodeReservationToken,
} from './port-reservation.ts';
import { appendRequestedTransport, decodeRequestedTransport } from './requested-transport.ts';
import { StunDecodeError } from './stun-decode-error.ts';
import { decodeText } from './text-attribute.ts';
import type { TextAttribute } from './text-attribute.ts';
import { emptyAddress } from './transport-address.ts';

const KEY = new IntegrityKey(Buffer.from('0123456789abcdef'));
const ADDRESS_TYPES = [
  ATTRIBUTE.mappedAddress,
  ATTRIBUTE.xorMappedAddress,
  ATTRIBUTE.xorPeerAddress,
  ATTRIBUTE.xorRelayedAddress,
];
const FAMILIES = [
  'requestedAddressFamily',
  'additionalAddressFamily',
  'draftAdditionalAddressFamily',
] as const;
const TEXTS: readonly TextAttribute[] = ['username', 'realm', 'nonce', 'software'];

type Decoder = (message: MessageReader) => unknown;

/** Every decoder of this folder, by name. Each may throw StunDecodeError, nothing else. */
const DECODERS: Readonly<Record<string, readonly Decoder[]>> = {
  verifyFingerprint: [verifyFingerprint],
  verifyIntegrity: (['sha1', 'sha256'] as const).map(
    (hash) => (message) => verifyIntegrity(message, hash, KEY),
  ),
  decodeErrorCode: [decodeErrorCode],
  decodeUnknownAttributes: [decodeUnknownAttributes],
  decodeXorAddress: ADDRESS_TYPES.map(
    (type) => (message) => decodeXorAddress(message, type, emptyAddress()),
  ),
  decodeXorAddressAt: ADDRESS_TYPES.map((type) => (message) => {
    const index = message.find(type);
    return index === ABSENT ? undefined : decodeXorAddressAt(message, index, emptyAddress());
  }),
  decodePlainAddress: ADDRESS_TYPES.map(
    (type) => (message) => decodePlainAddress(message, type, emptyAddress()),
  ),
  decodeText: TEXTS.map((attribute) => (message) => decodeText(message, attribute)),
  decodeLifetime: [decodeLifetime],
  decodeFamily: FAMILIES.map((attribute) => (message) => decodeFamily(message, attribute)),
  decodeChannelNumber: [decodeChannelNumber],
  decodeEvenPort: [decodeEvenPort],
  decodeReservationToken: [decodeReservationToken],
  decodeRequestedTransport: [decodeRequestedTransport],
  decodePasswordAlgorithm: [decodePasswordAlgorithm],
  decodeMethod: [({ bytes, start }) => decodeMethod(bytes.readUInt16BE(start))],
  decodeMessageClass: [({ bytes, start }) => decodeMessageClass(bytes.readUInt16BE(start))],
  channelPayloadLength: [({ bytes, start, length }) => channelPayloadLength(bytes, start, length)],
  MessageReader: [
    (message) => message.unknownRequired(new Set()),
    (message) => Object.values(ATTRIBUTE).map((type) => message.value(type)),
  ],
};
const ALL_DECODERS: readonly Decoder[] = Object.values(DECODERS).flat();

/** What else the folder exports: it reads no untrusted bytes, or all of them are good. */
const NO_DECODER = /^(?:append|encode|format|write|[A-Z_\d]+$|is|copy|empty)/;
const OTHERS: ReadonlySet<string> = new Set([
  'HmacSha1',
  'IntegrityKey',
  'MessageWriter',
  'StunDecodeError',
  'dataHeaderBytes',
  'longTermKey',
  'opaqueString',
  'paddedLength',
  'parseAddress',
  'readAddressText',
  'shortTermKey',
  'userHash',
]);

/** A message with one attribute of every kind. */
function everything(): Buffer {
  const writer = new MessageWriter();
  writer.target(Buffer.alloc(1024), 0);
  writer.begin(0x0111);
  writer.setTransactionId(Buffer.from('abcdefghijkl'), 0);
  for (const type of ADDRESS_TYPES) {
    appendXorAddress(writer, type, { ...emptyAddress(), word3: 0x7f000001, port: 9 });
  }
  appendLifetime(writer, 600);
  for (const attribute of FAMILIES) appendFamily(writer, attribute, 6);
  appendChannelNumber(writer, 0x4001);
  appendEvenPort(writer, true);
  appendReservationToken(writer, '0123456789abcdef');
  appendRequestedTransport(writer, 17);
  appendPasswordAlgorithms(writer);
  appendPasswordAlgorithm(writer, 'sha256');
  for (const attribute of TEXTS) writer.appendText(ATTRIBUTE[attribute], `${attribute} \u30de`);
  appendErrorCode(writer, 420);
  appendUnknownAttributes(writer, [1, 2, 3]);
  appendIntegrity(writer, 'sha1', KEY);
  appendIntegrity(writer, 'sha256', KEY);
  appendFingerprint(writer);
  return Buffer.from(writer.message());
}

/** Every error but StunDecodeError. The bytes start at an offset that is not 0. */
function faults(bytes: Buffer): unknown[] {
  const message = new MessageReader();
  const shifted = Buffer.concat([Buffer.alloc(3, 0xa5), bytes, Buffer.alloc(5, 0x5a)]);
  const failure = failureOf(() => message.decode(shifted, 3, bytes.length));
  const failures =
    failure === undefined
      ? ALL_DECODERS.map((decode) => failureOf(() => decode(message)))
      : [failure];
  return failures.filter((error) => error !== undefined && !(error instanceof StunDecodeError));
}

function failureOf(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Makes the length in the header fit, so that the attributes are looked at. */
function withFittingHeader(body: Uint8Array): Buffer {
  const attributes = body.subarray(0, body.length & ~3);
  const bytes = Buffer.alloc(20 + attributes.length);
  bytes.writeUInt16BE(0x0001, 0);
  bytes.writeUInt16BE(attributes.length, 2);
  bytes.writeUInt32BE(MAGIC_COOKIE, 4);
  bytes.set(attributes, 20);
  return bytes;
}

describe('every decoder', () => {
  it('STUN-12 is among those tried here: all exports of this folder', async () => {
    const folder = new URL('.', import.meta.url);
    const names = new Set<string>();
    for (const file of readdirSync(folder)) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
      const exports: object = await import(new URL(file, folder).href);
      for (const name of Object.keys(exports)) names.add(name);
    }
    const decoders = [...names].filter((name) => !NO_DECODER.test(name) && !OTHERS.has(name));
    expect(decoders.toSorted()).toEqual(Object.keys(DECODERS).toSorted());
  });

  it('STUN-12 reads what was written: the message tried here has one attribute of every kind', () => {
    const message = new MessageReader();
    const whole = everything();
    message.decode(whole, 0, whole.length);
    expect(decodeLifetime(message)).toBe(600);
    expect(FAMILIES.map((attribute) => decodeFamily(message, attribute))).toEqual([6, 6, 6]);
    expect(decodeChannelNumber(message)).toBe(0x4001);
    expect(decodeEvenPort(message)).toEqual({ reserveNext: true });
    expect(decodeReservationToken(message)).toBe('0123456789abcdef');
    expect(decodeRequestedTransport(message)).toBe(17);
    expect(decodePasswordAlgorithm(message)).toBe('sha256');
  });

  it('STUN-12 ChannelData: the length is that of the header, or the bytes are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(8), (bytes, start) => {
        const shifted = Buffer.concat([Buffer.alloc(start, 0x40), bytes]);
        const length = channelPayloadLength(shifted, start, bytes.length);
        const declared = bytes.length < 4 ? -1 : shifted.readUInt16BE(start + 2);
        expect(length).toBe(declared >= 0 && declared <= bytes.length - 4 ? declared : -1);
      }),
      { numRuns: 1000 },
    );
  });

  it('STUN-12 survives a cut at every byte', () => {
    const whole = everything();
    for (let length = 0; length <= whole.length; length += 1) {
      expect(faults(whole.subarray(0, length))).toEqual([]);
      const body = whole.subarray(20, Math.max(20, length));
      expect(faults(withFittingHeader(body))).toEqual([]);
    }
  });

  it('STUN-12 survives every single changed byte', () => {
    const whole = everything();
    for (let at = 0; at < whole.length; at += 1) {
      for (const value of [0x00, 0x01, 0x7f, 0x80, 0xff]) {
        const changed = Buffer.from(whole);
        changed[at] = value;
        expect(faults(changed)).toEqual([]);
      }
    }
  });

  it('STUN-12 survives random bytes behind a fitting header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (body) => {
        expect(faults(withFittingHeader(body))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('STUN-12 survives random attributes of known types with random values', () => {
    const attribute = fc.tuple(
      fc.constantFrom(...Object.values(ATTRIBUTE)),
      fc.uint8Array({ maxLength: 40 }),
    );
    fc.assert(
      fc.property(fc.array(attribute, { maxLength: 12 }), (attributes) => {
        const writer = new MessageWriter();
        writer.target(Buffer.alloc(1024), 0);
        writer.begin(0x0001);
        for (const [type, value] of attributes) writer.appendBytes(type, value);
        expect(faults(writer.message())).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('STUN-12 survives random datagrams', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(faults(Buffer.from(bytes))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('round trip', () => {
  const address = fc.record({
    family: fc.constantFrom(4 as const, 6 as const),
    words: fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.integer({ min: 0, max: 0xffff_ffff })),
    port: fc.nat(0xffff),
    transactionId: fc.uint8Array({ minLength: 12, maxLength: 12 }),
  });

  it('STUN-13 an XOR address comes back as it was', () => {
    fc.assert(
      fc.property(address, ({ family, words, port, transactionId }) => {
        const [word0, word1, word2] = family === 6 ? words : [0, 0, 0];
        const original = { family, word0, word1, word2, word3: words[3], port };
        const writer = new MessageWriter();
        writer.target(Buffer.alloc(100), 5);
        writer.begin(0x0101);
        writer.setTransactionId(Buffer.from(transactionId), 0);
        appendXorAddress(writer, ATTRIBUTE.xorMappedAddress, original);
        const message = new MessageReader();
        message.decode(writer.bytes, 5, writer.length);
        const decoded = emptyAddress();
        decodeXorAddress(message, ATTRIBUTE.xorMappedAddress, decoded);
        expect(decoded).toEqual(original);
      }),
    );
  });

  it('STUN-13 a text comes back as it was', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TEXTS), fc.string({ unit: 'grapheme' }), (attribute, text) => {
        const writer = new MessageWriter();
        writer.target(Buffer.alloc(2048), 0);
        writer.begin(0x0001);
        writer.appendText(ATTRIBUTE[attribute], text);
        const message = new MessageReader();
        message.decode(writer.bytes, 0, writer.length);
        expect(decodeText(message, attribute)).toBe(text);
      }),
    );
  });

  it('STUN-13 an error code comes back as it was', () => {
    const writer = new MessageWriter();
    writer.target(Buffer.alloc(100), 0);
    writer.begin(0x0111);
    appendErrorCode(writer, 438);
    appendUnknownAttributes(writer, [0x7001, 0x0003]);
    const message = new MessageReader();
    message.decode(writer.bytes, 0, writer.length);
    expect(decodeErrorCode(message)).toEqual({ code: 438, reason: 'Stale Nonce' });
    expect(decodeUnknownAttributes(message)).toEqual([0x7001, 0x0003]);
  });
});
