import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Origins } from './origins.ts';

function from(origin: string | undefined, host = 'calls.example.org'): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.headers = { host, ...(origin !== undefined && { origin }) };
  return request;
}

describe('Origins', () => {
  const own = new Origins({ allowed: [], hostHeaderOf: ({ headers }) => headers.host });

  it('ORIGIN-1 are our own, however the port is spelled', () => {
    expect(own.allows(from('https://calls.example.org'))).toBe(true);
    expect(own.allows(from('https://calls.example.org', 'calls.example.org:443'))).toBe(true);
    expect(own.allows(from('http://127.0.0.1:7000', '127.0.0.1:7000'))).toBe(true);
  });

  it('ORIGIN-1 are no others', () => {
    for (const origin of ['https://evil.example', 'https://calls.example.org:8443', 'null', '']) {
      expect(own.allows(from(origin))).toBe(false);
    }
  });

  it('ORIGIN-1 are asked of browsers only', () => {
    expect(own.allows(from(undefined))).toBe(true);
  });

  it('ORIGIN-3 are those that the owner named, or all', () => {
    const named = new Origins({
      allowed: ['https://app.example'],
      hostHeaderOf: ({ headers }) => headers.host,
    });
    expect(named.allows(from('https://app.example'))).toBe(true);
    expect(named.allows(from('https://evil.example'))).toBe(false);
    const all = new Origins({ allowed: ['*'], hostHeaderOf: () => undefined });
    expect(all.allows(from('https://evil.example'))).toBe(true);
  });
});
