import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { mintRestCredentials, restPassword } from '../src/auth/rest-credentials.ts';
import { probePeers, PROBED_PEERS } from './peer-probe.ts';
import type { ProbeResult } from './peer-probe.ts';
import { SECRET, startTurn, untilListening } from './turn-fixture.ts';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

type Udp = 'dgram' | 'batch';

const BACKENDS: readonly Udp[] = process.platform === 'linux' ? ['dgram', 'batch'] : ['dgram'];

async function probeOurs(relay: 'open' | 'hairpin', udp: Udp): Promise<readonly ProbeResult[]> {
  const fixture = await startTurn({ relay, udp });
  cleanups.push(() => fixture.close());
  const expiresAtSeconds = Math.trunc(Date.now() / 1000) + 600;
  const { username, credential } = mintRestCredentials({
    secret: SECRET,
    room: 'probe',
    peer: 'p1',
    expiresAtSeconds,
  });
  return probePeers({ port: fixture.port, username, password: credential });
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

/** Debian's coturn as it comes, listening on loopback only. */
async function startCoturn(port: number): Promise<ChildProcess> {
  const options = [
    ['-n', '--no-cli', '--no-tls', '--no-dtls', '--use-auth-secret', '--log-file=stdout'],
    [`--static-auth-secret=${SECRET}`, '--realm=probe.test', '--simple-log'],
    ['-p', String(port), '-L', '127.0.0.1', '-L', '::1', '-m', '1'],
    ['--min-port', '45000', '--max-port', '45200', '--pidfile', '/dev/null'],
  ].flat();
  const child = spawn('turnserver', options, { stdio: 'ignore' });
  cleanups.push(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  await untilListening(port);
  return child;
}

describe('the peer probe', () => {
  it.each(BACKENDS)('PROBE-1 finds nothing in open mode on %s: 403 or 443', async (udp) => {
    const results = await probeOurs('open', udp);
    const granted = results.filter(
      ({ code, isHostile }) => isHostile && ![403, 443].includes(code),
    );
    expect(granted).toEqual([]);
    expect(results).toHaveLength(PROBED_PEERS.length);
    const harmless = results.filter(({ isHostile }) => !isHostile);
    expect(harmless.map(({ ip, from, code }) => [ip, from, code])).toEqual([
      ['9.9.9.9', 4, 0],
      ['2620:fe::9', 4, 443],
      ['2620:fe::fe', 6, 0],
    ]);
  });

  it.each(BACKENDS)('PROBE-2 finds nothing at all in hairpin mode on %s', async (udp) => {
    const results = await probeOurs('hairpin', udp);
    expect(results.map(({ code }) => code)).toEqual(PROBED_PEERS.map(() => 403));
  });

  it('PROBE-3 sees the holes of coturn 4.6.1: it can tell a hole when there is one', async () => {
    const port = await freeUdpPort();
    await startCoturn(port);
    const username = `${Math.trunc(Date.now() / 1000) + 600}:probe`;
    const password = restPassword(SECRET, username);
    const results = await probePeers({ port, username, password });
    const granted = results
      .filter(({ code, isHostile }) => isHostile && code === 0)
      .map(({ ip }) => ip);
    expect(granted).toEqual(
      expect.arrayContaining(['169.254.169.254', '10.0.0.1', '::ffff:127.0.0.1', '::127.0.0.1']),
    );
    expect(results.find(({ ip }) => ip === '127.0.0.1')?.code).toBe(403);
  });
});
