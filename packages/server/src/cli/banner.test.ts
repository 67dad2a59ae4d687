import { describe, expect, it } from 'vitest';
import { formatBanner } from './banner.ts';
import type { BannerFacts } from './banner.ts';

const FACTS: BannerFacts = {
  url: 'http://localhost:7000',
  publicUrl: undefined,
  lanUrl: undefined,
  isBehindProxy: false,
  port: 7000,
  hasPage: true,
  isSecure: false,
  relay: 'hairpin',
  externalTurn: [],
};

describe('formatBanner', () => {
  it('says what is served where', () => {
    const lines = formatBanner(FACTS, '1.2.3').split('\n');
    expect(lines[0]).toBe('Parley 1.2.3 is running.');
    expect(lines[2]).toBe('  Open     http://localhost:7000');
    expect(lines).toContain(
      '  Serves   the page and signaling by http and the relay on TCP port 7000,',
    );
    expect(lines).toContain('           STUN and the relay on UDP port 7000');
    expect(lines.join('\n')).toMatch(/Relay .*\n.*no further ports/);
  });

  it('speaks of https only where it is missing', () => {
    expect(formatBanner(FACTS, '1')).toMatch(/only over https/);
    const secure = formatBanner({ ...FACTS, isSecure: true, url: 'https://localhost:7000' }, '1');
    expect(secure).not.toMatch(/only over https/);
    expect(secure).toMatch(/by https and the relay on TCP port 7000, with and without TLS/);
  });

  it('promises no relay that is not there', () => {
    const banner = formatBanner({ ...FACTS, relay: 'off' }, '1');
    expect(banner).not.toMatch(/the relay on/);
    expect(banner).toMatch(/Relay {4}none of our own/);
  });

  it('names external relays, instead of ours or beside it', () => {
    const externalTurn = ['turn:t.example'];
    expect(formatBanner({ ...FACTS, relay: 'off', externalTurn }, '1')).toMatch(
      /Relay {4}external: turn:t\.example/,
    );
    const both = formatBanner({ ...FACTS, relay: 'open', externalTurn }, '1');
    expect(both).toMatch(/any public\n.*\n +external: turn:t\.example/);
  });

  it('fits a terminal', () => {
    for (const relay of ['hairpin', 'open', 'off'] as const) {
      const banner = formatBanner({ ...FACTS, relay, isSecure: true }, '1.2.3');
      const longest = Math.max(...banner.split('\n').map((line) => line.length));
      expect(longest).toBeLessThanOrEqual(100);
    }
  });

  it('shows the link of a LAN as a code, and says that the browser will warn', () => {
    const lanUrl = 'https://192.168.1.20:7000';
    const text = formatBanner({ ...FACTS, isSecure: true, lanUrl }, '1');
    expect(text).toContain(`Open     ${lanUrl}\n`);
    expect(text).toContain('http://localhost:7000 on this computer');
    expect(text).toMatch(/[▀▄█]{5}/);
    expect(text).toMatch(/the\n {2}browser warns/);
  });

  it('opens with the public address where there is one', () => {
    const publicUrl = 'https://calls.example.org';
    const text = formatBanner({ ...FACTS, isSecure: true, publicUrl }, '1');
    expect(text).toContain(`Open     ${publicUrl}\n`);
    expect(text).not.toContain('localhost');
  });

  it('says what a proxy does not carry', () => {
    const text = formatBanner({ ...FACTS, isBehindProxy: true }, '1');
    expect(text).toMatch(/UDP port 7000 of this machine directly/);
    expect(text).not.toMatch(/only over https/);
  });
});
