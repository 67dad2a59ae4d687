import { expect, it } from 'vitest';
import { readAcmeHello } from './acme-hello.ts';

function record(content: string): Buffer {
  const header = Buffer.from([0x16, 3, 1, 0, 0]);
  header.writeUInt16BE(content.length, 3);
  return Buffer.concat([header, Buffer.from(content, 'latin1')]);
}

const HELLO = record('hello \x00\x10\x00\x0d\x00\x0b\x0aacme-tls/1 and more');

it('tells the hello of a certificate authority', () => {
  expect(readAcmeHello(HELLO)).toBe('yes');
});

it('waits for the rest wherever the hello is cut', () => {
  const known = HELLO.indexOf('acme-tls/1') + 'acme-tls/1'.length;
  for (let length = 0; length < known; length += 1) {
    expect(readAcmeHello(HELLO.subarray(0, length))).toBe('incomplete');
  }
});

it('lets browsers pass, and what follows behind the hello', () => {
  expect(readAcmeHello(record('\x02h2\x08http/1.1'))).toBe('no');
  const behind = Buffer.concat([record('\x02h2'), Buffer.from('\x0aacme-tls/1')]);
  expect(readAcmeHello(behind)).toBe('no');
});
