import { describe, expect, it } from 'vitest';
import { parseIceServer } from './ice-server-text.ts';

describe('parseIceServer', () => {
  it.each([
    ['stun:stun.example.org', { urls: ['stun:stun.example.org'] }],
    ['stun:192.0.2.7:3478', { urls: ['stun:192.0.2.7:3478'] }],
    ['stuns:[2001:db8::7]:5349', { urls: ['stuns:[2001:db8::7]:5349'] }],
    [
      'turn:ada:secret@turn.example.org:3478?transport=tcp',
      { urls: ['turn:turn.example.org:3478?transport=tcp'], username: 'ada', credential: 'secret' },
    ],
    [
      'turns:1700000000%3Aada:p%40ss%2Cw%3Ard%25@[::1]',
      { urls: ['turns:[::1]'], username: '1700000000:ada', credential: 'p@ss,w:rd%' },
    ],
    [
      'turn:ada:a:b/c+d==@turn.example.org',
      { urls: ['turn:turn.example.org'], username: 'ada', credential: 'a:b/c+d==' },
    ],
  ])('reads %s', (text, server) => {
    expect(parseIceServer(text)).toEqual(server);
  });

  it.each([
    ['', /must start with stun:/],
    ['stun.example.org', /must start with stun:/],
    ['https://stun.example.org', /must start with stun:/],
    ['stun:', /must start with stun:/],
    ['stun:a b', /no valid address, got "a b"/],
    ['stun:example.org:0', /no valid address/],
    ['stun:example.org:65536', /no valid address/],
    ['stun:[::g]', /no valid address/],
    ['stun:example.org?transport=udp', /no valid address/],
    ['stun:user:password@example.org', /takes no user and password/],
    ['turn:example.org', /needs a user and a password/],
    ['turn:user@example.org', /needs a user and a password/],
    ['turn::password@example.org', /needs a user and a password/],
    ['turn:user:@example.org', /needs a user and a password/],
    ['turn:user:pass%word@example.org', /write % as %25/],
    ['turn:user:password@example.org?transport=sctp', /no valid address/],
  ])('refuses %j with a sentence', (text, message) => {
    expect(() => parseIceServer(text)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS', message: expect.stringMatching(message) }),
    );
  });

  it('never repeats a password', () => {
    for (const text of ['turn:ada:hush@bad host', 'turn:ada:hush%@host', 'stun:ada:hush@host']) {
      expect(() => parseIceServer(text)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('hush') }),
      );
    }
  });
});
