import { METHODS } from 'node:http';
import { expect, it } from 'vitest';
import { classifyFirstByte } from './first-byte.ts';

it('tells every method of HTTP, and the empty line some clients send first', () => {
  for (const method of METHODS) expect(classifyFirstByte(method.charCodeAt(0))).toBe('http');
  expect(classifyFirstByte(0x0d)).toBe('http');
  expect(classifyFirstByte(0x0a)).toBe('http');
});

it('tells a TLS handshake', () => {
  expect(classifyFirstByte(0x16)).toBe('tls');
});

it('tells the message types of STUN', () => {
  for (const byte of [0x00, 0x01, 0x02, 0x03]) expect(classifyFirstByte(byte)).toBe('stun');
});

it('knows nothing else: ChannelData cannot come first', () => {
  const known = Array.from({ length: 256 }, (_, byte) => byte).filter(
    (byte) => classifyFirstByte(byte) !== 'unknown',
  );
  expect(known).toHaveLength(4 + 1 + 2 + 52);
  for (const byte of [0x04, 0x14, 0x15, 0x17, 0x20, 0x40, 0x5b, 0x7b, 0x80, 0xff]) {
    expect(classifyFirstByte(byte)).toBe('unknown');
  }
});
