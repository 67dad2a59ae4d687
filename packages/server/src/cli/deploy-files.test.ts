import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PORT } from '../options.ts';
import { parseCommandLine } from './command-line.ts';
import type { Environment } from './command-line.ts';
import { SETTINGS } from './settings.ts';

const VARIABLES = new Set(SETTINGS.map(({ variable }) => variable));

const readDeployFile = (name: string): string =>
  readFileSync(new URL(`../../../../deploy/${name}`, import.meta.url), 'utf8');

/** The value behind `name`, as it stands in the file. */
function valueOf(file: string, name: RegExp): string {
  return name.exec(file)?.groups?.['value'] ?? '';
}

/** Refuses what the command would refuse, and variables it would not read. */
function serve(argv: readonly string[], env: Environment = {}) {
  expect(Object.keys(env).filter((name) => !VARIABLES.has(name))).toEqual([]);
  const command = parseCommandLine(argv, env);
  if (command.name !== 'serve') throw new Error(`this does not serve: ${argv.join(' ')}`);
  return command;
}

/** Every port behind an address of this machine. */
function portsOf(file: string): readonly number[] {
  return Array.from(file.matchAll(/127\.0\.0\.1:(?<port>\d+)/gu), ({ groups }) =>
    Number(groups?.['port']),
  );
}

describe('what stands around a server', () => {
  it('systemd starts it with settings that exist, and waits for it to stop', () => {
    const unit = readDeployFile('parley.service');
    const [, ...argv] = valueOf(unit, /^ExecStart=(?<value>.+)$/mu).split(' ');
    const [name = '', folder] = valueOf(unit, /^Environment=(?<value>.+)$/mu).split('=');
    const { options, drainMs } = serve(argv, { [name]: folder });
    expect(options).toMatchObject({ dataDir: '/var/lib/parley', domain: 'calls.example.org' });
    expect(valueOf(unit, /^StateDirectory=(?<value>.+)$/mu)).toBe('parley');
    expect(Number(valueOf(unit, /^TimeoutStopSec=(?<value>.+)$/mu)) * 1000).toBeGreaterThan(
      drainMs,
    );
  });

  it('a container has its data where its volume is, and opens the port that is served', () => {
    const file = readDeployFile('Dockerfile');
    const [name = '', folder] = valueOf(file, /^ENV (?<value>.+)$/mu).split('=');
    expect(serve([], { [name]: folder }).options.dataDir).toBe(
      valueOf(file, /^VOLUME (?<value>.+)$/mu),
    );
    const ports = valueOf(file, /^EXPOSE (?<value>.+)$/mu);
    expect(ports).toBe(`${DEFAULT_PORT}/tcp ${DEFAULT_PORT}/udp`);
    expect(portsOf(file)).toEqual([DEFAULT_PORT]);
  });

  it('compose starts it with settings that exist, keeps its data, and waits for it to stop', () => {
    const file = readDeployFile('compose.yaml');
    const argv: unknown = JSON.parse(
      valueOf(file, /^ +command: (?<value>.+)$/mu).replaceAll("'", '"'),
    );
    const { drainMs } = serve(Array.isArray(argv) ? argv.map(String) : []);
    const patienceMs = Number(valueOf(file, /stop_grace_period: (?<value>\d+)s$/mu)) * 1000;
    expect(patienceMs).toBeGreaterThan(drainMs);
    const folder = valueOf(readDeployFile('Dockerfile'), /^VOLUME (?<value>.+)$/mu);
    expect(file).toContain(`- parley-data:${folder}`);
  });

  it.each(['Caddyfile', 'nginx.conf'])('%s hands on to the port that is served', (name) => {
    const file = readDeployFile(name);
    expect(portsOf(file)).toEqual([DEFAULT_PORT]);
    expect(file).toContain(`TCP and UDP port ${DEFAULT_PORT} `);
    const [, flag = ''] = /start parley with: parley (?<flag>\S+)$/imu.exec(file) ?? [];
    expect(serve([flag]).options.behindProxy).toEqual(['127.0.0.0/8', '::1']);
  });
});
