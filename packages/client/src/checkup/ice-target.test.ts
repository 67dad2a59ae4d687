import { describe, expect, it } from 'vitest';
import { parseRelayTarget, serverFor, urlsOf } from './ice-target.ts';

describe('parseRelayTarget', () => {
  it.each([
    ['turn:calls.example.org:8443?transport=udp', 'turnUdp', 8443],
    ['turn:calls.example.org', 'turnUdp', 3478],
    ['turn:[2001:db8::1]:443?transport=tcp', 'turnTcp', 443],
    ['turns:192.0.2.1?transport=tcp', 'turnTls', 5349],
    ['TURNS:calls.example.org:443', 'turnTls', 443],
  ])('reads %s', (url, check, port) => {
    expect(parseRelayTarget(url)).toEqual({ check, url, port });
  });

  it.each(['stun:calls.example.org:3478', 'turn:', 'turn:a:b', 'https://a', ''])(
    'finds no relay in %j',
    (url) => {
      expect(parseRelayTarget(url)).toBeUndefined();
    },
  );
});

it('an account is narrowed to one way', () => {
  const servers = [
    { urls: ['stun:a:1'] },
    { urls: ['turn:a:1?transport=udp', 'turn:a:1?transport=tcp'], username: 'u', credential: 'c' },
  ];
  expect(urlsOf(servers)).toHaveLength(3);
  expect(serverFor(servers, 'turn:a:1?transport=tcp')).toEqual({
    urls: ['turn:a:1?transport=tcp'],
    username: 'u',
    credential: 'c',
  });
  expect(serverFor(servers, 'turn:b:1')).toBeUndefined();
});
