import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { appendXorAddress, decodeXorAddress } from './address-attribute.ts';
import { formatAddress, parseAddress } from './address-text.ts';
import { ATTRIBUTE } from './attribute-type.ts';
import { appendFingerprint, verifyFingerprint } from './fingerprint.ts';
import { appendIntegrity, verifyIntegrity } from './integrity.ts';
import { IntegrityKey } from './integrity-key.ts';
import { MessageReader } from './message-reader.ts';
import { MessageWriter } from './message-writer.ts';
import { StunDecodeError } from './stun-decode-error.ts';
import { emptyAddress } from './transport-address.ts';

const KEY = new IntegrityKey(Buffer.from('key'));
const TRANSACTION_ID = Buffer.from('0102030405060708090a0b0c', 'hex');

function write(type: number, fill: (writer: MessageWriter) => void): Buffer {
  const writer = new MessageWriter();
  writer.target(Buffer.alloc(1024), 0);
  writer.begin(type);
  writer.setTransactionId(TRANSACTION_ID, 0);
  fill(writer);
  return Buffer.from(writer.message());
}

function read(bytes: Buffer): MessageReader {
  const reader = new MessageReader();
  reader.decode(bytes, 0, bytes.length);
  return reader;
}

function codeOf(bytes: Buffer): unknown {
  try {
    read(bytes);
  } catch (error) {
    return error instanceof StunDecodeError ? error.code : error;
  }
  return 'no error';
}

function manyAttributes(count: number): (writer: MessageWriter) => void {
  return (writer) => {
    for (let index = 0; index < count; index += 1) writer.append(0x8050, 0);
  };
}

describe('MessageReader', () => {
  it('STUN-3 reads a message in the middle of a larger buffer', () => {
    const message = write(0x0101, (writer) => {
      appendXorAddress(writer, 0x20, parseAddress('2001:db8::9', 4242) ?? emptyAddress());
      appendIntegrity(writer, 'sha256', KEY);
      appendFingerprint(writer);
    });
    const around = Buffer.concat([Buffer.alloc(7, 0xff), message, Buffer.alloc(9, 0xff)]);
    const reader = new MessageReader();
    reader.decode(around, 7, message.length);
    const mapped = emptyAddress();
    decodeXorAddress(reader, 0x20, mapped);
    expect(formatAddress(mapped)).toBe('[2001:db8::9]:4242');
    expect(verifyIntegrity(reader, 'sha256', KEY)).toBe(true);
    expect(verifyFingerprint(reader)).toBe(true);
  });

  it('STUN-4 refuses what is shorter or longer than the header declares', () => {
    const message = write(0x0001, (writer) => writer.appendUint32(ATTRIBUTE.lifetime, 1));
    expect(codeOf(message.subarray(0, 19))).toBe('ERR_STUN_TRUNCATED');
    expect(codeOf(message.subarray(0, 24))).toBe('ERR_STUN_LENGTH');
    expect(codeOf(Buffer.concat([message, Buffer.alloc(4)]))).toBe('ERR_STUN_LENGTH');
  });

  it('STUN-4 refuses a length that is no multiple of 4', () => {
    const message = write(0x0001, () => undefined);
    message.writeUInt16BE(2, 2);
    expect(codeOf(Buffer.concat([message, Buffer.alloc(2)]))).toBe('ERR_STUN_LENGTH');
  });

  it('STUN-4 refuses set high bits and a wrong magic cookie', () => {
    const highBits = write(0x0001, () => undefined);
    highBits.writeUInt8(0x40, 0);
    const noCookie = write(0x0001, () => undefined);
    noCookie.writeUInt8(0, 4);
    expect(codeOf(highBits)).toBe('ERR_STUN_HEADER');
    expect(codeOf(noCookie)).toBe('ERR_STUN_HEADER');
  });

  it('STUN-5 refuses an attribute that runs over the end of the message', () => {
    const message = write(0x0001, (writer) => writer.appendUint32(ATTRIBUTE.lifetime, 1));
    message.writeUInt16BE(5, 22);
    expect(codeOf(message)).toBe('ERR_STUN_TRUNCATED');
    message.writeUInt16BE(0xffff, 22);
    expect(codeOf(message)).toBe('ERR_STUN_TRUNCATED');
  });

  it('STUN-5 refuses more attributes than anyone sends', () => {
    expect(codeOf(write(0x0001, manyAttributes(64)))).toBe('no error');
    expect(codeOf(write(0x0001, manyAttributes(65)))).toBe('ERR_STUN_ATTRIBUTE_COUNT');
  });

  it('STUN-6 uses the first of two equal attributes', () => {
    const message = read(
      write(0x0001, (writer) => {
        appendXorAddress(writer, 0x12, parseAddress('192.0.2.1', 1) ?? emptyAddress());
        appendXorAddress(writer, 0x12, parseAddress('127.0.0.1', 2) ?? emptyAddress());
      }),
    );
    const peer = emptyAddress();
    decodeXorAddress(message, 0x12, peer);
    expect(formatAddress(peer)).toBe('192.0.2.1:1');
  });

  it('STUN-7 does not see what follows MESSAGE-INTEGRITY', () => {
    const message = read(
      write(0x0001, (writer) => {
        appendIntegrity(writer, 'sha1', KEY);
        writer.appendUint32(ATTRIBUTE.lifetime, 3600);
        writer.appendUint32(0x7fff, 1);
        appendFingerprint(writer);
      }),
    );
    expect(message.has(ATTRIBUTE.lifetime)).toBe(false);
    expect(message.unknownRequired(new Set())).toEqual([]);
    expect(verifyIntegrity(message, 'sha1', KEY)).toBe(true);
    expect(verifyFingerprint(message)).toBe(true);
  });

  it('STUN-7 reads MESSAGE-INTEGRITY-SHA256 behind MESSAGE-INTEGRITY, not the other way round', () => {
    const both = read(
      write(0x0001, (writer) => {
        appendIntegrity(writer, 'sha1', KEY);
        appendIntegrity(writer, 'sha256', KEY);
      }),
    );
    const swapped = read(
      write(0x0001, (writer) => {
        appendIntegrity(writer, 'sha256', KEY);
        appendIntegrity(writer, 'sha1', KEY);
      }),
    );
    expect(verifyIntegrity(both, 'sha1', KEY) && verifyIntegrity(both, 'sha256', KEY)).toBe(true);
    expect(verifyIntegrity(swapped, 'sha256', KEY)).toBe(true);
    expect(verifyIntegrity(swapped, 'sha1', KEY)).toBe(false);
  });

  it('STUN-8 lists unknown comprehension-required attributes once, and no more than eight', () => {
    const message = read(
      write(0x0001, (writer) => {
        writer.append(0x0003, 4);
        writer.append(0x8123, 4);
        writer.append(0x0003, 4);
        for (let type = 0x7000; type < 0x7010; type += 1) writer.append(type, 0);
      }),
    );
    const unknown = message.unknownRequired(new Set([0x7000]));
    expect(unknown).toEqual([0x03, 0x7001, 0x7002, 0x7003, 0x7004, 0x7005, 0x7006, 0x7007]);
  });

  it('STUN-9 accepts a FINGERPRINT only as the last attribute', () => {
    const message = read(
      write(0x0001, (writer) => {
        appendFingerprint(writer);
        writer.append(ATTRIBUTE.software, 0);
      }),
    );
    expect(verifyFingerprint(message)).toBe(false);
  });

  it('STUN-10 refuses integrity values of a wrong size', () => {
    for (const size of [0, 4, 12, 16, 24]) {
      const message = read(write(0x0001, (w) => void w.append(ATTRIBUTE.messageIntegrity, size)));
      expect(verifyIntegrity(message, 'sha1', KEY)).toBe(false);
    }
    for (const size of [0, 12, 15, 17, 36]) {
      const message = read(
        write(0x0001, (w) => void w.append(ATTRIBUTE.messageIntegritySha256, size)),
      );
      expect(verifyIntegrity(message, 'sha256', KEY)).toBe(false);
    }
  });

  it('STUN-10 accepts a SHA-256 value cut to 16 bytes', () => {
    const full = write(0x0001, (writer) => appendIntegrity(writer, 'sha256', KEY));
    // The hash covers the declared length, so a shorter value needs its own computation.
    const reader = read(write(0x0001, (writer) => appendTruncatedSha256(writer)));
    expect(verifyIntegrity(read(full), 'sha256', KEY)).toBe(true);
    expect(verifyIntegrity(reader, 'sha256', KEY)).toBe(true);
  });
});

function appendTruncatedSha256(writer: MessageWriter): void {
  const at = writer.append(ATTRIBUTE.messageIntegritySha256, 16);
  const covered = writer.bytes.subarray(writer.start, at - 4);
  createHmac('sha256', KEY.bytes).update(covered).digest().copy(writer.bytes, at, 0, 16);
}
