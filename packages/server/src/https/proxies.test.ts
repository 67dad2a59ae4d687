import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Proxies } from './proxies.ts';

function request(remoteAddress: string, headers: Record<string, string> = {}) {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
  return { headers: { host: 'inner:7000', ...headers }, socket };
}

const FORWARDED = {
  'x-forwarded-host': 'calls.example.org',
  'x-forwarded-for': '198.51.100.9, 203.0.113.7, 10.1.2.3',
};

describe('Proxies', () => {
  const proxies = new Proxies(['127.0.0.0/8', '10.0.0.0/8', '::1']);

  it('believes the proxies that were named', () => {
    const forwarded = request('127.0.0.1', FORWARDED);
    expect(proxies.hostHeaderOf(forwarded)).toBe('calls.example.org');
    expect(proxies.hostHeaderOf(request('::ffff:10.0.0.1', FORWARDED))).toBe('calls.example.org');
    expect(proxies.hostHeaderOf(request('::1', FORWARDED))).toBe('calls.example.org');
  });

  it('takes the last address that is no proxy: those before it anybody can write', () => {
    expect(proxies.addressOf(request('127.0.0.1', FORWARDED))).toBe('203.0.113.7');
    expect(proxies.addressOf(request('127.0.0.1', { 'x-forwarded-for': 'junk' }))).toBe(
      '127.0.0.1',
    );
  });

  it('believes nobody else', () => {
    const stranger = request('203.0.113.50', FORWARDED);
    expect(proxies.hostHeaderOf(stranger)).toBe('inner:7000');
    expect(proxies.addressOf(stranger)).toBe('203.0.113.50');
    const nobody = new Proxies([]);
    expect(nobody.hostHeaderOf(request('127.0.0.1', FORWARDED))).toBe('inner:7000');
  });

  it('takes no host that is none', () => {
    const odd = request('127.0.0.1', { 'x-forwarded-host': "x; script-src 'unsafe-inline'" });
    expect(proxies.hostHeaderOf(odd)).toBeUndefined();
  });
});
