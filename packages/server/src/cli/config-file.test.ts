import { assert, json, oneof, property, string } from 'fast-check';
import { ParleyError } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from './command-line.ts';
import { hasSecrets, parseConfigFile } from './config-file.ts';
import { formatConfig } from './config-table.ts';

const SECRET = 'dGhpcyBpcyBub3QgcmVhbGx5IHJhbmRvbQ';

function parse(value: unknown) {
  return parseConfigFile(JSON.stringify(value), 'parley.json');
}

function parses(text: string): boolean {
  try {
    parseConfigFile(text, 'parley.json');
    return true;
  } catch (error) {
    return error instanceof ParleyError;
  }
}

describe('the configuration file', () => {
  it('has the names of flags, and values of every simple kind', () => {
    const settings = parse({
      port: 8443,
      lan: true,
      domain: 'a.example',
      'ice-server': ['x', 'y'],
    });
    expect([...settings]).toEqual([
      ['port', ['8443']],
      ['lan', ['yes']],
      ['domain', ['a.example']],
      ['ice-server', ['x', 'y']],
    ]);
  });

  it('may hold secrets, and knows it', () => {
    expect(hasSecrets(parse({ 'turn-secret': SECRET }))).toBe(true);
    expect(hasSecrets(parse({ port: 1 }))).toBe(false);
  });

  it.each([
    ['{', 'is no JSON object'],
    ['[]', 'is no JSON object'],
    ['null', 'is no JSON object'],
    ['{"prot": 1}', 'has "prot", which is no setting'],
    ['{"port": {}}', 'has no text, number, yes or no, or list of them as "port"'],
    ['{"port": [[1]]}', 'as "port"'],
    [' '.repeat(70_000), 'is longer than 65536 characters'],
  ])('is refused with a reason: %j', (text, reason) => {
    expect(() => parseConfigFile(text, 'parley.json')).toThrow(reason);
  });

  it('never raises anything but a ParleyError', () => {
    assert(property(oneof(string(), json()), (text) => parses(text)));
    expect(parses('{}')).toBe(true);
  });
});

function readFile() {
  return parse({ port: 1, host: '::1', 'max-peers': 4, relay: 'off' });
}

describe('flag, environment, file', () => {
  it('beat each other in this order', () => {
    const env = { PARLEY_PORT: '2', PARLEY_HOST: '127.0.0.1' };
    expect(parseCommandLine(['--port', '3', '--config', 'f'], env, readFile)).toMatchObject({
      options: { port: 3, host: '127.0.0.1', maxPeers: 4, relay: 'off' },
    });
  });

  it('name an entry of the file that is wrong', () => {
    expect(() => parseCommandLine(['--config=f'], {}, () => parse({ port: 'x' }))).toThrow(
      '"port" in the file: a whole number is needed, got "x".',
    );
  });

  it('parley config tells every value and what decided it, and no secret', () => {
    const env = { PARLEY_CONFIG: 'f', PARLEY_TURN_SECRET: SECRET, PARLEY_UDP: 'dgram' };
    const argv = ['config', '--port', '3', '--ice-server', 'turn:ada:hunter2@t.example:3478'];
    const command = parseCommandLine(argv, env, readFile);
    const text = command.name === 'config' ? formatConfig(command.settings) : '';
    expect(text).toMatch(/^tls-key +- +default$/m);
    expect(text).toMatch(/^auth-secret +- +default$/m);
    const lines = text.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '));
    expect(lines).toContain('port | 3 | flag --port');
    expect(lines).toContain('udp | dgram | environment PARLEY_UDP');
    expect(lines).toContain('max-peers | 4 | file');
    expect(lines).toContain('resume-grace | 30 | default');
    expect(lines).toContain('turn-secret | ******** | environment PARLEY_TURN_SECRET');
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain('hunter2');
  });

  it('parley config refuses what the server would refuse', () => {
    expect(() => parseCommandLine(['config', '--tls-cert', 'c'], {})).toThrow('needs its key');
  });
});
