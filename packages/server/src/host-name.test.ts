import { describe, expect, it } from 'vitest';
import { formatUrlHost, parseHostHeader } from './host-name.ts';

describe('parseHostHeader', () => {
  it.each([
    ['localhost:7000', 'localhost'],
    ['calls.example.org', 'calls.example.org'],
    ['Calls.Example.ORG:443', 'Calls.Example.ORG'],
    ['xn--bcher-kva.example:80', 'xn--bcher-kva.example'],
    ['192.0.2.7:7000', '192.0.2.7'],
    ['[::1]:7000', '[::1]'],
    ['[2001:db8::7]', '[2001:db8::7]'],
    ['[::ffff:192.0.2.7]:7000', '[::ffff:192.0.2.7]'],
  ])('SIG-41 finds the host in %j', (header, host) => {
    expect(parseHostHeader(header)).toBe(host);
  });

  it.each([
    [undefined],
    [''],
    [':7000'],
    ['a b'],
    ['evil"; script-src *'],
    ['example.org, other.example'],
    ['user@example.org'],
    ['example.org/path'],
    ['example.org:port'],
    ['example.org:123456'],
    ['-example.org'],
    ['[::1'],
    ['[::1%25eth0]'],
    ['[not:an:address]'],
    ['[::g]:7000'],
    ['bücher.example'],
    ['localhost:7000\r\nX-Evil: 1'],
    [`${'x'.repeat(254)}.org`],
  ])('SIG-41 finds none in %j', (header) => {
    expect(parseHostHeader(header)).toBeUndefined();
  });
});

describe('formatUrlHost', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::1', '[::1]'],
    ['2001:db8::7', '[2001:db8::7]'],
    ['localhost', 'localhost'],
  ])('SIG-41 writes %s as %s', (address, host) => {
    expect(formatUrlHost(address)).toBe(host);
  });
});
