/**
 * A TURN server of somebody else: Debian's coturn, which knows of us no more than the shared secret.
 * @module
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { IceServer } from '@parley/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import type { ServerOptions } from '../src/index.ts';
import { anyUser, openLink, ThreadClient } from '../../turn/test/thread-client.ts';
import { connect, serve } from './harness.ts';
import { openRelayClient } from './relay-client.ts';

/** The command of Debian's package `coturn`. */
const COTURN = 'turnserver';
const SHARED_SECRET = 'known to both';
const HOST = '127.0.0.1';

const running = new Set<ChildProcess>();
const closing: (() => void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) close();
  const exited = [...running].map((child) => once(child, 'exit'));
  for (const child of running) child.kill('SIGKILL');
  running.clear();
  await Promise.all(exited);
});

/** A port nobody holds at this moment. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, HOST);
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise<void>((resolve) => {
    socket.close(() => resolve());
  });
  return port;
}

/** Starts coturn and resolves to its port once it answers. */
async function startCoturn(): Promise<number> {
  const port = await freePort();
  const options = ['-n', '--no-cli', '--no-tls', '--no-dtls', '--log-file=stdout', '-m', '1'];
  const access = ['--use-auth-secret', `--static-auth-secret=${SHARED_SECRET}`, '--realm=parley'];
  const child = spawn(COTURN, [...options, ...access, '-p', String(port), '-L', HOST], {
    stdio: 'ignore',
  });
  running.add(child);
  const link = await openLink('udp', port);
  closing.push(() => link.close());
  const probe = new ThreadClient(link, anyUser());
  await expect
    .poll(() => Promise.race([probe.binding(), silence()]), { timeout: 15_000 })
    .toMatch(HOST);
  return port;
}

/** Gives up on one question; the next one is asked then. */
function silence(): Promise<string> {
  return new Promise((resolve) => {
    setTimeout(() => resolve('silence'), 200);
  });
}

async function iceServersOf(options: ServerOptions): Promise<readonly IceServer[]> {
  const client = await connect(await serve(options));
  const reply = await client.join('daily');
  if (!reply.ok) throw new Error(`join refused: ${reply.error.code}`);
  return reply.iceServers;
}

/** Resolves to the code coturn answers an Allocate with. */
async function allocate(iceServers: readonly IceServer[], kind: 'udp' | 'tcp'): Promise<number> {
  const { turn, close } = await openRelayClient(iceServers, kind);
  closing.push(close);
  return turn.allocate();
}

describe('an external TURN server', () => {
  it.each(['udp', 'tcp'] as const)(
    'SIG-43 SIG-44 takes our credentials over %s, in place of our relay',
    async (kind) => {
      const url = `turn:${HOST}:${await startCoturn()}?transport=${kind}`;
      const options = { externalTurn: [url], externalTurnSecret: SHARED_SECRET };
      const iceServers = await iceServersOf({ relay: 'off', ...options });
      expect(iceServers.map(({ urls }) => urls)).toEqual([
        [expect.stringMatching(/^stun:/)],
        [url],
      ]);
      expect(await allocate(iceServers, kind)).toBe(0);
    },
  );

  it('SIG-43 stands beside our relay, each with credentials of its own', async () => {
    const url = `turn:${HOST}:${await startCoturn()}?transport=udp`;
    const [stun, ours, theirs] = await iceServersOf({
      externalTurn: [url],
      externalTurnSecret: SHARED_SECRET,
    });
    if (ours === undefined || theirs === undefined) throw new Error('a relay is missing');
    expect(stun?.urls).toHaveLength(1);
    expect(await allocate([ours], 'udp')).toBe(0);
    expect(await allocate([theirs], 'udp')).toBe(0);
    expect(theirs.credential).not.toBe(ours.credential);
  });

  it('SIG-44 refuses credentials made with another secret', async () => {
    const url = `turn:${HOST}:${await startCoturn()}?transport=udp`;
    const options = { externalTurn: [url], externalTurnSecret: 'a guess' };
    expect(await allocate(await iceServersOf({ relay: 'off', ...options }), 'udp')).toBe(401);
  });
});
