import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy, isSecurePage } from './security-headers.ts';

describe('contentSecurityPolicy', () => {
  const policy = contentSecurityPolicy('calls.example.org:7000');

  it('runs only our own scripts and styles, none of them inline', () => {
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy.replace("'wasm-unsafe-eval'", '')).not.toMatch(/unsafe|\*|https?:/);
  });

  it('lets the page talk to its own server over a socket, by any spelling of self', () => {
    expect(policy).toContain(
      "connect-src 'self' ws://calls.example.org:7000 wss://calls.example.org:7000;",
    );
  });

  it('plays streams', () => {
    expect(policy).toContain("media-src 'self' blob: mediastream:");
  });

  it('does not spell out an IPv6 address, which a policy cannot name', () => {
    expect(contentSecurityPolicy('[fd00::1]:443')).toContain("connect-src 'self';");
  });

  it('does not repeat a host that is none', () => {
    expect(contentSecurityPolicy("x; script-src 'unsafe-inline'")).toContain("connect-src 'self';");
    expect(contentSecurityPolicy(undefined)).toContain("connect-src 'self';");
  });

  it('lets nobody frame the page but those who are named', () => {
    expect(policy).toMatch(/frame-ancestors 'self'$/u);
    const embeds = ['https://school.example', 'https://club.example:8443'];
    expect(contentSecurityPolicy('calls.example.org', embeds)).toMatch(
      /frame-ancestors 'self' https:\/\/school\.example https:\/\/club\.example:8443$/u,
    );
  });
});

describe('isSecurePage', () => {
  const plain = new Socket();

  it.each(['localhost:7000', 'calls.localhost', '127.0.0.1:7000', '[::1]:7000'])(
    'trusts this machine: %s',
    (host) => {
      expect(isSecurePage({ socket: plain, headers: {} }, host)).toBe(true);
    },
  );

  it.each(['192.168.1.20:7000', 'calls.test', '127.0.0.1.example', undefined])(
    'trusts nothing else without TLS: %s',
    (host) => {
      const headers = { 'x-forwarded-proto': 'http' };
      expect(isSecurePage({ socket: plain, headers }, host)).toBe(false);
    },
  );

  it('trusts TLS, here or at a proxy in front', () => {
    expect(isSecurePage({ socket: new TLSSocket(plain), headers: {} }, 'calls.test')).toBe(true);
    const headers = { 'x-forwarded-proto': 'https' };
    expect(isSecurePage({ socket: plain, headers }, 'calls.test')).toBe(true);
  });
});
