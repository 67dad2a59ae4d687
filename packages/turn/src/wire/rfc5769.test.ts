import { describe, expect, it } from 'vitest';
import { appendXorAddress, decodeXorAddress } from './address-attribute.ts';
import { formatAddress, parseAddress } from './address-text.ts';
import { ATTRIBUTE } from './attribute-type.ts';
import { appendFingerprint, verifyFingerprint } from './fingerprint.ts';
import { appendIntegrity, verifyIntegrity } from './integrity.ts';
import { longTermKey, shortTermKey } from './integrity-key.ts';
import { MessageReader } from './message-reader.ts';
import { MESSAGE_CLASS, METHOD } from './message-type.ts';
import { MessageWriter } from './message-writer.ts';
import { decodeText } from './text-attribute.ts';
import { emptyAddress } from './transport-address.ts';

/** The test vectors of RFC 5769, byte by byte. */
const REQUEST = fromHex(`
  00010058 2112a442 b7e7a701 bc34d686 fa87dfae
  80220010 5354554e 20746573 7420636c 69656e74
  00240004 6e0001ff
  80290008 932ff9b1 51263b36
  00060009 6576746a 3a683676 59202020
  00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2
  80280004 e57a3bcf`);
const IPV4_RESPONSE = fromHex(`
  0101003c 2112a442 b7e7a701 bc34d686 fa87dfae
  8022000b 74657374 20766563 746f7220
  00200008 0001a147 e112a643
  00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7
  80280004 c07d4c96`);
const IPV6_RESPONSE = fromHex(`
  01010048 2112a442 b7e7a701 bc34d686 fa87dfae
  8022000b 74657374 20766563 746f7220
  00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9
  00080014 a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41
  80280004 c8fb0b4c`);
const LONG_TERM_REQUEST = fromHex(`
  00010060 2112a442 78ad3433 c6ad72c0 29da412e
  00060012 e3839ee3 8388e383 aae38383 e382afe3 82b90000
  0015001c 662f2f34 39396b39 35346436 4f4c3334 6f4c3946 53547679 36347341
  0014000b 6578616d 706c652e 6f726700
  00080014 f6702465 6dd64a3e 02b8e071 2e85c9a2 8ca89666`);

const KEY = shortTermKey('VOkJxbRl1RmTxUk/WvJxBt');

function fromHex(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
}

function read(bytes: Buffer): MessageReader {
  const reader = new MessageReader();
  reader.decode(bytes, 0, bytes.length);
  return reader;
}

describe('RFC 5769 test vectors', () => {
  it('STUN-1 reads the sample request and accepts its integrity and fingerprint', () => {
    const message = read(REQUEST);
    expect(message.method).toBe(METHOD.binding);
    expect(message.messageClass).toBe(MESSAGE_CLASS.request);
    expect(decodeText(message, 'software')).toBe('STUN test client');
    expect(decodeText(message, 'username')).toBe('evtj:h6vY');
    expect(verifyIntegrity(message, 'sha1', KEY)).toBe(true);
    expect(verifyFingerprint(message)).toBe(true);
  });

  it.each([
    { name: 'IPv4', bytes: IPV4_RESPONSE, address: '192.0.2.1:32853' },
    {
      name: 'IPv6',
      bytes: IPV6_RESPONSE,
      address: '[2001:db8:1234:5678:11:2233:4455:6677]:32853',
    },
  ])('STUN-1 reads the sample $name response', ({ bytes, address }) => {
    const message = read(bytes);
    const mapped = emptyAddress();
    expect(message.messageClass).toBe(MESSAGE_CLASS.success);
    expect(decodeText(message, 'software')).toBe('test vector');
    expect(decodeXorAddress(message, ATTRIBUTE.xorMappedAddress, mapped)).toBe(true);
    expect(formatAddress(mapped)).toBe(address);
    expect(verifyIntegrity(message, 'sha1', KEY)).toBe(true);
    expect(verifyFingerprint(message)).toBe(true);
  });

  it('STUN-1 reads the sample request with long-term credentials', () => {
    const message = read(LONG_TERM_REQUEST);
    const realm = 'example.org';
    const username = '\u30de\u30c8\u30ea\u30c3\u30af\u30b9';
    expect(decodeText(message, 'username')).toBe(username);
    expect(decodeText(message, 'nonce')).toBe('f//499k954d6OL34oL9FSTvy64sA');
    expect(decodeText(message, 'realm')).toBe(realm);
    const key = longTermKey({ username, realm, password: 'TheMatrIX' }, 'md5');
    expect(verifyIntegrity(message, 'sha1', key)).toBe(true);
    const wrong = longTermKey({ username, realm, password: 'TheMatrix' }, 'md5');
    expect(verifyIntegrity(message, 'sha1', wrong)).toBe(false);
  });

  it.each([
    { name: 'IPv4', bytes: IPV4_RESPONSE, ip: '192.0.2.1' },
    { name: 'IPv6', bytes: IPV6_RESPONSE, ip: '2001:db8:1234:5678:11:2233:4455:6677' },
  ])('STUN-2 writes the sample $name response to the byte', ({ bytes, ip }) => {
    const address = parseAddress(ip, 32_853) ?? emptyAddress();
    const target = Buffer.alloc(256, 0xee);
    const writer = new MessageWriter();
    writer.target(target, 32);
    writer.begin(0x0101);
    writer.setTransactionId(bytes, 8);
    writer.appendText(ATTRIBUTE.software, 'test vector');
    // The vector pads SOFTWARE with a space; padding may be anything, ours is zero.
    target.writeUInt8(0x20, 32 + 35);
    appendXorAddress(writer, ATTRIBUTE.xorMappedAddress, address);
    appendIntegrity(writer, 'sha1', KEY);
    appendFingerprint(writer);
    expect(writer.message().toString('hex')).toBe(bytes.toString('hex'));
  });
});
