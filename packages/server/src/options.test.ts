import { describe, expect, it } from 'vitest';
import { DEFAULT_RATE_LIMIT, resolveServerOptions } from './options.ts';
import type { ServerOptions } from './options.ts';

describe('resolveServerOptions', () => {
  it('needs nothing', () => {
    expect(resolveServerOptions()).toMatchObject({
      port: 7000,
      relay: 'hairpin',
      relayWorkers: 1,
      credentialTtlSeconds: 3600,
      dataDir: '.parley',
      iceServers: [],
      maxPeers: 12,
      rateLimit: { burst: 600, perSecond: 60 },
      publicDir: expect.stringMatching(/packages[\\/]server[\\/]public$/),
    });
  });

  it('needs to know where callers reach the relay of one of several servers', () => {
    const redis = 'redis://user:hidden@localhost:6379/1';
    expect(() => resolveServerOptions({ redis })).toThrow(/needs relayHost/);
    expect(resolveServerOptions({ redis, relayHost: '192.0.2.1' }).redis).toBe(redis);
    const bad = 'http://user:hidden@localhost';
    expect(() => resolveServerOptions({ redis: bad, relayHost: 'a' })).toThrow(
      /^redis must be an address like redis:\/\/localhost:6379$/,
    );
    for (const relayHost of ['a:7000', 'http://a', '']) {
      expect(() => resolveServerOptions({ relayHost })).toThrow(/relayHost must be a name/);
    }
  });

  it('takes the port of https where links are for everybody', () => {
    expect(resolveServerOptions({ domain: 'calls.example.org' }).port).toBe(443);
    expect(resolveServerOptions({ publicAddress: 'auto' }).port).toBe(443);
    expect(resolveServerOptions({ domain: 'calls.example.org', port: 8443 }).port).toBe(8443);
    expect(resolveServerOptions({ lan: true }).port).toBe(7000);
  });

  it('does not go public with a secret that can be guessed', () => {
    const turnSecrets = ['n'.repeat(32)];
    for (const rung of [
      { domain: 'a.example' },
      { publicAddress: 'auto' },
      { behindProxy: ['::1'] },
    ]) {
      expect(() => resolveServerOptions({ ...rung, turnSecrets })).toThrow(/can be guessed/);
      expect(() => resolveServerOptions({ ...rung, sessionSecrets: turnSecrets })).toThrow(
        /sessionSecrets has a secret that can be guessed/,
      );
    }
    expect(resolveServerOptions({ turnSecrets })).toMatchObject({ turnSecrets });
  });

  it('SIG-50 by default lets a newcomer to a full mesh speak to everybody at once', () => {
    const others = 12 - 1;
    const tokensPerOffer = 3;
    const candidatesEach = 30;
    expect(1 + others * (tokensPerOffer + candidatesEach)).toBeLessThan(DEFAULT_RATE_LIMIT.burst);
  });

  it.each<[ServerOptions, string]>([
    [{ port: -1 }, 'port must be 0 to 65535, got -1'],
    [{ port: 65_536 }, 'port must be 0 to 65535, got 65536'],
    [{ port: 70.5 }, 'port must be 0 to 65535, got 70.5'],
    [{ port: NaN }, 'port must be 0 to 65535, got NaN'],
    [{ host: '' }, 'host must be an address or a host name, got an empty text'],
    [{ maxPeers: 1 }, 'maxPeers must be 2 to 1000, got 1'],
    [{ maxPeers: Infinity }, 'maxPeers must be 2 to 1000, got Infinity'],
    [
      { rateLimit: { burst: 0, perSecond: 1 } },
      'rateLimit needs burst >= 1 and perSecond > 0, got 0 and 1',
    ],
    [
      { rateLimit: { burst: 1, perSecond: NaN } },
      'rateLimit needs burst >= 1 and perSecond > 0, got 1 and NaN',
    ],
    [{ dataDir: '' }, 'dataDir must be the path of a folder, got an empty text'],
    [
      { tlsCert: 'cert.pem' },
      'A certificate needs its key, and a key its certificate: give both tlsCert and tlsKey, or none',
    ],
    [
      { tlsKey: 'key.pem' },
      'A certificate needs its key, and a key its certificate: give both tlsCert and tlsKey, or none',
    ],
    [
      { lan: true, domain: 'calls.example.org' },
      'There is one way to https at a time, got lan and domain: leave out all but one',
    ],
    [
      { domain: '203.0.113.5' },
      'domain must be a host name like calls.example.org, got "203.0.113.5"; for an address use publicAddress (--public)',
    ],
    [
      { publicAddress: 'calls.example.org' },
      'publicAddress must be an IP address, got "calls.example.org"; for a name use domain (--domain)',
    ],
    [
      { behindProxy: ['10.0.0.0/33'] },
      'behindProxy takes addresses like 10.0.0.0/8, got "10.0.0.0/33"',
    ],
    [{ acmeDirectory: 'letsencrypt' }, 'acmeDirectory must be a URL, got "letsencrypt"'],
    [{ httpPort: 70_000 }, 'httpPort must be 0 to 65535, got 70000'],
    [{ allowPeers: ['10.0.0.0/8'] }, 'allowPeers is for the relay "open", this one is "hairpin"'],
    [
      { relay: 'off', relayPorts: { min: 1, max: 2 } },
      'relayPorts is for the relay "open", this one is "off"',
    ],
    [{ maxRooms: 0 }, 'maxRooms must be 1 to 1000000, got 0'],
    [{ maxConnectionsPerAddress: 0.5 }, 'maxConnectionsPerAddress must be 1 to 1000000, got 0.5'],
    [
      { auth: { secret: 's'.repeat(32), graceSeconds: -1 } },
      'auth.graceSeconds must be 0 to 3600, got -1',
    ],
    [{ auth: { secret: 'short' } }, 'auth.secret must have at least 32 characters'],
    [
      { auth: { jwksUrl: 'ftp://x/' } },
      'auth.jwksUrl must be an http or https address, got "ftp://x/"',
    ],
    [
      { auth: { issuer: 'x' } },
      'auth needs a key to read access tokens with: give auth.secret (PARLEY_AUTH_SECRET) or auth.jwksUrl (--auth-jwks)',
    ],
    [
      { auth: { secret: 's'.repeat(32), apiKey: ' '.repeat(32) } },
      'auth.apiKey must be visible ASCII characters without spaces',
    ],
    [
      { auth: { jwksUrl: 'https://id.example/keys', apiKey: 'k'.repeat(32) } },
      'auth.apiKey (PARLEY_API_KEY) makes tokens with auth.secret (PARLEY_AUTH_SECRET): give both',
    ],
    [{ turnSecrets: [] }, 'the list of turnSecrets has no secret in it'],
    [
      { turnSecrets: Array.from({ length: 9 }, () => 's'.repeat(32)) },
      'the list of turnSecrets has more than 8 secrets',
    ],
  ])('refuses %j and says what is allowed', (options, message) => {
    expect(() => resolveServerOptions(options)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS', message }),
    );
  });

  it('refuses an external TURN server without its secret, and the secret without the server', () => {
    const halves: readonly ServerOptions[] = [
      { externalTurn: ['turn:turn.example.org'] },
      { externalTurnSecret: 'hush' },
    ];
    for (const half of halves) {
      expect(() => resolveServerOptions(half)).toThrow(
        expect.objectContaining({
          code: 'ERR_OPTIONS',
          message: expect.stringMatching(/belong together.*PARLEY_EXTERNAL_TURN_SECRET/),
        }),
      );
    }
  });

  it.each(['turn:turn.example.org', 'turns:[2001:db8::7]:5349?transport=tcp'])(
    'takes %s as an external TURN server',
    (url) => {
      const options = { externalTurn: [url], externalTurnSecret: 'hush' };
      expect(resolveServerOptions(options)).toMatchObject(options);
    },
  );

  it.each([
    'stun:turn.example.org',
    'turn:ada:hush@turn.example.org',
    'turn:turn.example.org:0',
    'turn:',
    '',
  ])('does not take "%s" as an external TURN server', (url) => {
    const options = { externalTurn: [url], externalTurnSecret: 'hush' };
    expect(() => resolveServerOptions(options)).toThrow('externalTurn takes URLs');
  });
});
