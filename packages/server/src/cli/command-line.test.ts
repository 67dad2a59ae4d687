import { describe, expect, it } from 'vitest';
import { formatHelp, parseCommandLine } from './command-line.ts';
import { SETTINGS } from './settings.ts';

const NEW_SECRET = 'n'.repeat(32);
const OLD_SECRET = 'o'.repeat(32);

function optionsOf(...argv: string[]) {
  const command = parseCommandLine(argv, {});
  return command.name === 'serve' ? command.options : undefined;
}

describe('parseCommandLine', () => {
  it('serves with nothing given', () => {
    expect(parseCommandLine([], {})).toEqual({
      name: 'serve',
      log: 'trouble',
      drainMs: 5000,
      options: {},
    });
  });

  it('reads the rungs to https, with and without a value', () => {
    expect(optionsOf('--lan')).toEqual({ lan: true });
    expect(optionsOf('--lan', '--port', '1')).toEqual({ lan: true, port: 1 });
    expect(optionsOf('--lan=no')).toEqual({ lan: false });
    expect(optionsOf('--public')).toEqual({ publicAddress: 'auto' });
    expect(optionsOf('--public', '203.0.113.5')).toEqual({ publicAddress: '203.0.113.5' });
    expect(optionsOf('--behind-proxy')).toEqual({ behindProxy: ['127.0.0.0/8', '::1'] });
    expect(optionsOf('--behind-proxy', 'loopback,10.0.0.0/8')).toEqual({
      behindProxy: ['127.0.0.0/8', '::1', '10.0.0.0/8'],
    });
    expect(optionsOf('--domain', 'calls.example.org', '--acme-email=a@example.org')).toEqual({
      domain: 'calls.example.org',
      acmeEmail: 'a@example.org',
    });
    expect(() => optionsOf('--domain')).toThrow('--domain needs a value');
  });

  it('reads every flag', () => {
    const argv = ['--port', '0', '--host=::1', '--max-peers', '4'];
    const ice = ['--ice-server', 'stun:a.example', '--ice-server=turn:u:p@b.example'];
    const relay = ['--relay', 'open', '--relay-ports', '50000-50100', '--relay-workers', '2'];
    const peers = ['--allow-peers', '10.0.0.0/8,fd00::/8', '--allow-peers', '192.168.0.0/16'];
    const addresses = ['--relay-addresses', '192.0.2.1,2001:db8::1'];
    const turn = ['--external-turn', 'turn:t.example:3478?transport=udp', '--credential-ttl', '60'];
    const rest = ['--udp', 'dgram', '--data-dir', '/d', '--tls-cert', 'c', '--tls-key', 'k'];
    const all = [
      ...argv,
      ...ice,
      ...relay,
      ...peers,
      ...addresses,
      ...turn,
      ...rest,
      '--log',
      'json',
    ];
    expect(parseCommandLine(all, {})).toEqual({
      name: 'serve',
      log: 'json',
      drainMs: 5000,
      options: {
        port: 0,
        host: '::1',
        maxPeers: 4,
        relay: 'open',
        relayPorts: { min: 50_000, max: 50_100 },
        relayWorkers: 2,
        relayAddresses: ['192.0.2.1', '2001:db8::1'],
        allowPeers: ['10.0.0.0/8', 'fd00::/8', '192.168.0.0/16'],
        externalTurn: ['turn:t.example:3478?transport=udp'],
        credentialTtlSeconds: 60,
        udp: 'dgram',
        dataDir: '/d',
        tlsCert: 'c',
        tlsKey: 'k',
        iceServers: [
          { urls: ['stun:a.example'] },
          { urls: ['turn:b.example'], username: 'u', credential: 'p' },
        ],
      },
    });
  });

  it('reads every variable, several ICE servers with commas between', () => {
    const env = {
      PARLEY_PORT: '8000',
      PARLEY_HOST: '127.0.0.1',
      PARLEY_MAX_PEERS: '2',
      PARLEY_ICE_SERVER: 'stun:a.example, stun:b.example',
      PARLEY_RELAY: 'off',
      PARLEY_RELAY_PORTS: '1-2',
      PARLEY_RELAY_WORKERS: '3',
      PARLEY_RELAY_ADDRESSES: '192.0.2.1',
      PARLEY_ALLOW_PEERS: '10.0.0.0/8, 192.168.0.0/16',
      PARLEY_EXTERNAL_TURN: 'turn:a.example,turns:b.example',
      PARLEY_EXTERNAL_TURN_SECRET: 'shared, with commas',
      PARLEY_TURN_SECRET: `${NEW_SECRET}, ${OLD_SECRET}`,
      PARLEY_CREDENTIAL_TTL: '600',
      PARLEY_UDP: 'batch',
      PARLEY_DATA_DIR: '/d',
      PARLEY_TLS_CERT: 'c',
      PARLEY_TLS_KEY: 'k',
      PARLEY_LOG: 'text',
    };
    expect(parseCommandLine([], env)).toEqual({
      name: 'serve',
      log: 'text',
      drainMs: 5000,
      options: {
        relay: 'off',
        relayPorts: { min: 1, max: 2 },
        relayWorkers: 3,
        relayAddresses: ['192.0.2.1'],
        allowPeers: ['10.0.0.0/8', '192.168.0.0/16'],
        externalTurn: ['turn:a.example', 'turns:b.example'],
        externalTurnSecret: 'shared, with commas',
        turnSecrets: [NEW_SECRET, OLD_SECRET],
        credentialTtlSeconds: 600,
        udp: 'batch',
        dataDir: '/d',
        tlsCert: 'c',
        tlsKey: 'k',
        port: 8000,
        host: '127.0.0.1',
        maxPeers: 2,
        iceServers: [{ urls: ['stun:a.example'] }, { urls: ['stun:b.example'] }],
      },
    });
  });

  it('puts together who may come in from flags and variables', () => {
    const env = { PARLEY_AUTH_SECRET: NEW_SECRET, PARLEY_API_KEY: 'k'.repeat(32) };
    const argv = ['--auth-jwks', 'https://id.example/keys', '--auth-issuer', 'https://id.example'];
    argv.push('--auth-audience', 'parley', '--auth-required', 'no');
    argv.push('--max-rooms', '5', '--max-connections', '9');
    expect(parseCommandLine(argv, env)).toMatchObject({
      options: {
        maxRooms: 5,
        maxConnectionsPerAddress: 9,
        auth: {
          secret: NEW_SECRET,
          apiKey: 'k'.repeat(32),
          jwksUrl: 'https://id.example/keys',
          issuer: 'https://id.example',
          audience: 'parley',
          required: false,
        },
      },
    });
    expect(() => parseCommandLine(['--auth-required', 'maybe'], {})).toThrow('yes or no is needed');
    expect(() => parseCommandLine(['--max-rooms', 'many'], {})).toThrow('a whole number is needed');
  });

  it('lets a flag beat the variable, and the last flag the ones before', () => {
    const argv = ['--port', '1', '--port', '2'];
    expect(parseCommandLine(argv, { PARLEY_PORT: 'nonsense' })).toMatchObject({
      options: { port: 2 },
    });
  });

  it('takes an empty variable as absent', () => {
    expect(parseCommandLine([], { PARLEY_PORT: '' })).toEqual({
      name: 'serve',
      log: 'trouble',
      drainMs: 5000,
      options: {},
    });
  });

  it.each([
    [['--help'], 'help'],
    [['-h'], 'help'],
    [['--version'], 'version'],
    [['-v'], 'version'],
    [['--port', '0', '--help'], 'help'],
  ])('understands %j', (argv, name) => {
    expect(parseCommandLine(argv, {})).toEqual({ name });
  });

  it.each<[string[], Record<string, string>, string]>([
    [['--prot', '1'], {}, 'There is no option --prot. See --help.'],
    [['-p', '1'], {}, 'There is no option -p. See --help.'],
    [['--__proto__', '1'], {}, 'There is no option --__proto__. See --help.'],
    [['--constructor=1'], {}, 'There is no option --constructor. See --help.'],
    [['7000'], {}, '"7000" is not an option. See --help.'],
    [['--', '7000'], {}, '"7000" is not an option. See --help.'],
    [['--port'], {}, '--port needs a value. See --help.'],
    [['--port='], {}, '--port needs a value. See --help.'],
    [['--port', '--host', 'x'], {}, '--port needs a value. See --help.'],
    [['--port', 'http'], {}, '--port: a whole number is needed, got "http".'],
    [['--port', '-1'], {}, '--port: a whole number is needed, got "-1".'],
    [['--port', '65536'], {}, '--port: port must be 0 to 65535, got 65536.'],
    [[], { PARLEY_PORT: '7e3' }, 'PARLEY_PORT: a whole number is needed, got "7e3".'],
    [['--turn-secret', NEW_SECRET], {}, 'There is no option --turn-secret. See --help.'],
    [['--relay', 'on'], {}, '--relay: hairpin, open or off is needed, got "on".'],
    [['--udp', 'fast'], {}, '--udp: auto, batch or dgram is needed, got "fast".'],
    [['--log', 'xml'], {}, '--log: trouble, text or json is needed, got "xml".'],
    [['--relay-ports', '5'], {}, '--relay-ports: a range like 50000-50100 is needed, got "5".'],
    [
      ['--external-turn', 'turn:u:p@h'],
      {},
      '--external-turn: externalTurn takes URLs like turn:turn.example.org:3478, got "turn:u:p@h".',
    ],
    [['--relay-workers', '65'], {}, '--relay-workers: relayWorkers must be 0 to 64, got 65.'],
    [
      ['--credential-ttl', '4'],
      {},
      '--credential-ttl: credentialTtlSeconds must be 5 to 86400, got 4.',
    ],
    [
      [],
      { PARLEY_TURN_SECRET: 'hush' },
      'PARLEY_TURN_SECRET: the list of turnSecrets has a secret of less than 32 characters.',
    ],
    [[], { PARLEY_MAX_PEERS: '1' }, 'PARLEY_MAX_PEERS: maxPeers must be 2 to 1000, got 1.'],
  ])('refuses %j %j in one sentence', (argv, env, message) => {
    expect(() => parseCommandLine(argv, env)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS', message }),
    );
  });

  it('names the flag or the variable a bad ICE server came from', () => {
    expect(() => parseCommandLine(['--ice-server', 'x'], {})).toThrow(/^--ice-server: /);
    expect(() => parseCommandLine([], { PARLEY_ICE_SERVER: 'stun:a,x' })).toThrow(
      /^PARLEY_ICE_SERVER: /,
    );
  });
});

describe('formatHelp', () => {
  it('explains every flag and variable in lines that fit a terminal', () => {
    const help = formatHelp();
    for (const { flag, variable } of SETTINGS) {
      expect(help).toContain(flag === undefined ? `${variable}=` : `--${flag} `);
      expect(help).toMatch(new RegExp(String.raw`\b${variable}\b`));
    }
    expect(help).toContain('--help');
    expect(help).toContain('--version');
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('offers no flag for a secret', () => {
    expect(SETTINGS.filter(({ variable }) => /SECRET/.test(variable))).toHaveLength(4);
    expect(formatHelp()).not.toMatch(/--\S*secret/);
  });
});
