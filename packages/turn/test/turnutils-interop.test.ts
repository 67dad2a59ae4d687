import { execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECRET, startTurn } from './turn-fixture.ts';
import type { TurnFixture } from './turn-fixture.ts';

const run = promisify(execFile);
const CLIENT_TIMEOUT_MS = 60_000;

/** What Debian's client says at its end. It exits with 0 even when everything was lost. */
interface Verdict {
  readonly sent: number;
  readonly received: number;
  readonly lost: string;
}

/**
 * Over TLS the client takes one message out of each record, so that two which come together on a
 * busy machine look like a loss: then it may try again.
 */
async function uclient(flags: string, target: { port: number; host?: string }): Promise<Verdict> {
  const attempts = flags.split(' ').includes('-S') ? 3 : 1;
  for (let attempt = 1; ; attempt += 1) {
    const verdict = await uclientOnce(flags, target);
    if (verdict.sent === verdict.received || attempt === attempts) return verdict;
  }
}

async function uclientOnce(
  flags: string,
  target: { port: number; host?: string },
): Promise<Verdict> {
  const { port, host = '127.0.0.1' } = target;
  const common = ['-n', '5', '-m', '1', '-l', '200', '-u', 'alice', '-W', SECRET];
  const { stdout } = await run(
    'turnutils_uclient',
    [...common, ...flags.split(' '), '-p', String(port), host],
    { timeout: CLIENT_TIMEOUT_MS },
  );
  const totals = /start_mclient: tot_send_msgs=(\d+), tot_recv_msgs=(\d+)$/m.exec(stdout);
  return {
    sent: Number(totals?.[1] ?? -1),
    received: Number(totals?.[2] ?? -1),
    lost: /Total lost packets (\d+ \([^)]*\))/.exec(stdout)?.[1] ?? 'no verdict',
  };
}

/** All that was sent came back. */
function complete(messages: number): Verdict {
  return { sent: messages, received: messages, lost: '0 (0.000000%)' };
}

/** Two free ports next to each other: without -c the client sends RTCP to the second one. */
async function freePortPair(): Promise<number> {
  for (;;) {
    const [first, second] = [createSocket('udp4'), createSocket('udp4')];
    first.bind(0, '127.0.0.1');
    await once(first, 'listening');
    const { port } = first.address();
    const isFree = await new Promise<boolean>((resolve) => {
      second.once('error', () => resolve(false));
      second.bind(port + 1, '127.0.0.1', () => resolve(true));
    });
    first.close();
    second.close();
    if (isFree) return port;
  }
}

const cleanups: (() => unknown)[] = [];

afterAll(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

type Udp = 'dgram' | 'batch';

const BACKENDS: readonly Udp[] = process.platform === 'linux' ? ['dgram', 'batch'] : ['dgram'];

async function start(relay: 'open' | 'hairpin', udp: Udp): Promise<TurnFixture> {
  const allowPeers = relay === 'open' ? ['127.0.0.1', '::1'] : [];
  const fixture = await startTurn({ relay, allowPeers, udp });
  cleanups.push(() => fixture.close());
  return fixture;
}

describe.concurrent.each(BACKENDS)('turnutils_uclient through open mode on %s', (udp) => {
  let fixture: TurnFixture;
  let peerPort: number;

  beforeAll(async () => {
    fixture = await start('open', udp);
    peerPort = await freePortPair();
    const peer = spawn('turnutils_peer', ['-p', `${peerPort}`, '-L', '127.0.0.1', '-L', '::1'], {
      stdio: 'ignore',
    });
    cleanups.push(async () => {
      peer.kill('SIGKILL');
      if (peer.exitCode === null && peer.signalCode === null) await once(peer, 'exit');
    });
  });

  it.for([
    ['UDP, channels', '-c'],
    ['UDP, Send', '-c -s'],
    ['UDP, pairs of ports', '-X'],
    ['UDP, extra requests', '-c -G'],
    ['TCP, channels', '-c -t'],
    ['TCP, Send', '-c -t -s'],
    ['TCP, padded STUN', '-c -t -D'],
    ['TLS, channels', '-c -t -S'],
    ['TLS, Send', '-c -t -S -s'],
    ['UDP, both families', '-c -Z'],
    ['TCP, both families', '-c -t -Z'],
    ['UDP, random disconnects', '-c -B'],
    ['TCP, random disconnects', '-c -t -B'],
  ])('INTEROP-1 %s', { timeout: CLIENT_TIMEOUT_MS }, async ([, flags = '']) => {
    const verdict = await uclient(`${flags} -e 127.0.0.1 -r ${peerPort}`, fixture);
    expect(verdict).toEqual(complete(flags === '-X' ? 10 : 5));
  });

  it('INTEROP-7 twenty clients at once, 200 packets each', { timeout: 120_000 }, async () => {
    const load = `-c -n 200 -m 20 -z 5 -l 160 -e 127.0.0.1 -r ${peerPort}`;
    expect(await uclient(load, fixture)).toEqual(complete(4000));
  });

  it.for([
    ['UDP, channels', '-c -x'],
    ['UDP, Send', '-c -x -s'],
    ['TCP, channels', '-c -x -t'],
    ['TCP, Send', '-c -x -t -s'],
    ['TLS, channels', '-c -x -t -S'],
    ['TLS, Send', '-c -x -t -S -s'],
  ])('INTEROP-2 over IPv6: %s', { timeout: CLIENT_TIMEOUT_MS }, async ([, flags = '']) => {
    const target = { port: fixture.port, host: '::1' };
    expect(await uclient(`${flags} -e ::1 -r ${peerPort}`, target)).toEqual(complete(5));
  });

  it('INTEROP-3 refuses DONT-FRAGMENT, a second channel for a peer, and wrong credentials', async () => {
    const to = `-e 127.0.0.1 -r ${peerPort}`;
    await expect(uclient(`-c -g ${to}`, fixture)).rejects.toMatchObject({
      stdout: expect.stringContaining('error 420') as unknown,
    });
    await expect(uclient(`-c -N ${to}`, fixture)).rejects.toMatchObject({
      stdout: expect.stringContaining('channel bind: error 400') as unknown,
    });
    await expect(uclient(`-c -W wrong ${to}`, fixture)).rejects.toMatchObject({
      stdout: expect.stringContaining('Cannot complete Allocation') as unknown,
    });
  });

  it('INTEROP-4 survives a client that changes bytes at random', async () => {
    const to = `-e 127.0.0.1 -r ${peerPort}`;
    // The client waits for ever when its damaged request is dropped: it is stopped after a while.
    const attempts = Array.from({ length: 4 }, () =>
      run(
        'turnutils_uclient',
        `-R -c -n 20 -m 4 -u alice -W ${SECRET} ${to} -p ${fixture.port} 127.0.0.1`.split(' '),
        { timeout: 3000 },
      ).catch(() => undefined),
    );
    await Promise.all(attempts);
    expect(await uclient(`-c ${to}`, fixture)).toEqual(complete(5));
  });
});

describe.concurrent.each(BACKENDS)('turnutils_uclient with itself through %s', (udp) => {
  let fixture: TurnFixture;

  beforeAll(async () => {
    fixture = await start('hairpin', udp);
  });

  it.for([
    ['UDP, channels', '-y -c'],
    ['UDP, Send', '-y -c -s'],
    ['UDP, pairs of ports', '-y'],
    ['TCP, channels', '-y -c -t'],
    ['TCP, Send', '-y -c -t -s'],
    ['TLS, channels', '-y -c -t -S'],
    ['TLS, Send', '-y -c -t -S -s'],
  ])('INTEROP-5 %s', { timeout: CLIENT_TIMEOUT_MS }, async ([, flags = '']) => {
    const { sent, received, lost } = await uclient(flags, fixture);
    expect({ isComplete: sent > 0 && sent === received, lost }).toEqual({
      isComplete: true,
      lost: '0 (0.000000%)',
    });
  });

  it.for([
    ['UDP, channels', '-y -c'],
    ['TCP, Send', '-y -c -t -s'],
  ])('INTEROP-6 clients of IPv6: %s', { timeout: CLIENT_TIMEOUT_MS }, async ([, flags = '']) => {
    const { sent, received, lost } = await uclient(flags, { port: fixture.port, host: '::1' });
    expect({ isComplete: sent > 0 && sent === received, lost }).toEqual({
      isComplete: true,
      lost: '0 (0.000000%)',
    });
  });
});
