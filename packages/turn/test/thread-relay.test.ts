import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { mintRestCredentials } from '../src/auth/rest-credentials.ts';
import type { Logger } from '../src/engine/logger.ts';
import { ThreadedTurnServer } from '../src/thread/threaded-turn-server.ts';
import type { ThreadedTurnServerOptions } from '../src/thread/threaded-turn-server.ts';
import { PortDemultiplexer } from '../src/transport/one-port/port-demultiplexer.ts';
import { listenOnFreePort } from './listen-on-free-port.ts';
import { ThreadClient, anyUser, openLink } from './thread-client.ts';
import type { LinkKind } from './thread-client.ts';
import { eventually } from './transport-eventually.ts';
import { IDENTITY_ONE } from './transport-tls-identities.ts';

const SECRET = 'a secret of this test';
const ROOM = 'daily';
const CHANNEL = 0x4000;

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** Remembers what was said. */
class LogBook implements Logger {
  readonly lines: string[] = [];
  debug(message: string): void {
    this.lines.push(message);
  }
  info(message: string): void {
    this.lines.push(message);
  }
  warn(message: string): void {
    this.lines.push(message);
  }
  error(message: string): void {
    this.lines.push(message);
  }
}

/** A relay thread on ports of this machine: free numbers, which need not be the same for UDP and TCP. */
async function setUp(options: ThreadedTurnServerOptions = {}) {
  const logger = new LogBook();
  const relay = new ThreadedTurnServer({ secrets: [SECRET], logger, ...options });
  cleanups.push(() => relay.close());
  const { port } = await relay.listen({ host: '127.0.0.1', port: 0 });
  const demultiplexer = new PortDemultiplexer({
    http: createServer(),
    tls: IDENTITY_ONE,
    onTurn: (socket, transport) => relay.handleConnection(socket, transport),
  });
  cleanups.push(() => demultiplexer.close());
  const tcpPort = await listenOnFreePort(demultiplexer.server);
  const client = async (kind: LinkKind, peer?: string): Promise<ThreadClient> => {
    const link = await openLink(kind, kind === 'udp' ? port : tcpPort);
    cleanups.push(() => link.close());
    return new ThreadClient(link, peer === undefined ? anyUser() : credentialsOf(peer));
  };
  return { relay, port, logger, client };
}

function credentialsOf(peer: string): { username: string; password: string } {
  const expiresAtSeconds = Math.trunc(Date.now() / 1000) + 600;
  const { username, credential } = mintRestCredentials({
    secret: SECRET,
    room: ROOM,
    peer,
    expiresAtSeconds,
  });
  return { username, password: credential };
}

describe.each(['dgram', 'auto'] as const)('relay thread with UDP through %s', (udp) => {
  it.each(['udp', 'tcp', 'tls'] as const)('answers Binding over %s', async (kind) => {
    const { client } = await setUp({ udp });
    const ada = await client(kind);
    expect(await ada.binding()).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it.each([
    ['udp', 'udp'],
    ['udp', 'tcp'],
    ['tcp', 'tls'],
  ] as const)('relays between %s and %s, both ways and in order', async (kindOfAda, kindOfBob) => {
    const { client } = await setUp({ udp });
    const [ada, bob] = [await client(kindOfAda, 'ada'), await client(kindOfBob, 'bob')];
    expect(await ada.allocate()).toBe(0);
    expect(await bob.allocate()).toBe(0);
    expect(await ada.bind(CHANNEL, bob.relayed)).toBe(0);
    expect(await bob.bind(CHANNEL, ada.relayed)).toBe(0);
    const texts = Array.from({ length: 50 }, (_, index) => `packet ${index} `.padEnd(5 * index));
    for (const text of texts) {
      ada.send(CHANNEL, text);
      bob.send(CHANNEL, text);
    }
    await eventually(() => expect(bob.received).toEqual(texts));
    await eventually(() => expect(ada.received).toEqual(texts));
  });

  it('ends the allocation of a peer that was thrown out', async () => {
    const { relay, client } = await setUp({ udp });
    const ada = await client('udp', 'ada');
    await ada.allocate();
    expect(await ada.refresh()).toBe(0);
    relay.revoke(ROOM, 'ada');
    await eventually(() => expect(relay.counters.allocationsEnded).toBe(1));
    expect(await ada.refresh()).toBe(403);
  });

  it('tells its totals and its log to the main thread', async () => {
    const { relay, client, logger } = await setUp({ udp });
    const ada = await client('tcp', 'ada');
    await ada.allocate();
    await ada.binding();
    expect(logger.lines).toContain('allocation started');
    await eventually(() => {
      expect(relay.counters).toMatchObject({ bindings: 1, allocationsStarted: 1 });
    });
  });

  it('starts again at the same address when it ended without closing its sockets', async () => {
    const workerFile = fileURLToPath(new URL('thread-vanishing-worker.mjs', import.meta.url));
    const { relay, client, logger } = await setUp({ udp, workerFile });
    relay.admit('vanish', 'ada');
    await eventually(() => expect(logger.lines).toContain('relay thread crashed'));
    relay.revoke('vanish', 'ada');
    await eventually(() => expect(logger.lines).toContain('relay thread replaced'));
    expect(logger.lines).not.toContain('relay thread does not listen');
    const ada = await client('udp', 'ada');
    expect(await ada.binding()).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it('tries again to listen, and says so, until the port is free', async () => {
    const workerFile = fileURLToPath(new URL('thread-barred-worker.mjs', import.meta.url));
    const { relay, client, logger } = await setUp({ udp, workerFile });
    expect(relay.health).toEqual({ down: 0, restarts: 0 });
    const folder = mkdtempSync(join(tmpdir(), 'parley-barred-'));
    process.env['PARLEY_BARRED'] = folder;
    cleanups.push(() => {
      delete process.env['PARLEY_BARRED'];
      rmSync(folder, { recursive: true, force: true });
    });
    relay.admit('vanish', 'ada');
    await eventually(() => expect(logger.lines).toContain('relay thread crashed'));
    relay.revoke('vanish', 'ada');
    const refusals = (): number =>
      logger.lines.filter((line) => line === 'relay thread does not listen').length;
    await eventually(() => expect(refusals()).toBeGreaterThan(1));
    expect(relay.health.down).toBe(1);
    rmSync(folder, { recursive: true, force: true });
    await eventually(() => expect(logger.lines).toContain('relay thread replaced'));
    expect(relay.health).toEqual({ down: 0, restarts: refusals() + 1 });
    const ada = await client('udp', 'ada');
    expect(await ada.binding()).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it('starts again after a crash, at the same address, and still knows who was thrown out', async () => {
    const workerFile = fileURLToPath(new URL('thread-crashing-worker.mjs', import.meta.url));
    const { relay, client, logger } = await setUp({ udp, workerFile });
    const [overUdp, overTcp] = [await client('udp', 'ada'), await client('tcp', 'bob')];
    await overUdp.allocate();
    await overTcp.allocate();
    relay.revoke(ROOM, 'mallory');
    relay.admit('crash', 'ada');
    await eventually(() => expect(logger.lines).toContain('relay thread crashed'));
    // It would crash again when it is told again who is in which room.
    relay.revoke('crash', 'ada');
    await eventually(() => expect(logger.lines).toContain('relay thread replaced'));
    const [ada, mallory] = [await client('udp', 'ada'), await client('tcp', 'mallory')];
    expect(await ada.allocate()).toBe(0);
    expect(await mallory.allocate()).toBe(403);
  });
});

describe('relay threads', () => {
  it('reject with the code of the system when the port is taken', async () => {
    const { port } = await setUp();
    const second = new ThreadedTurnServer({ secrets: [SECRET] });
    cleanups.push(() => second.close());
    const listening = second.listen({ host: '127.0.0.1', port });
    await expect(listening).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(second.address).toBeUndefined();
  });

  it('free their port when they are closed, again and again', async () => {
    const { relay, port } = await setUp();
    for (let round = 0; round < 3; round += 1) {
      await relay.close();
      expect(await relay.listen({ host: '127.0.0.1', port })).toEqual({ host: '127.0.0.1', port });
    }
  });

  it('can be closed while they start', async () => {
    const relay = new ThreadedTurnServer();
    const listening = relay.listen({ host: '127.0.0.1', port: 0 });
    await expect(relay.listen()).rejects.toThrow(TypeError);
    await relay.close();
    await expect(listening).rejects.toThrow(/closed/);
    expect(relay.address).toBeUndefined();
  });

  it('refuse contradictory options', () => {
    const dgram = { workers: 2, relay: 'off', udp: 'dgram' } as const;
    expect(() => new ThreadedTurnServer(dgram)).toThrow(RangeError);
  });

  it('name what is wrong with options that only the thread understands', async () => {
    const relay = new ThreadedTurnServer({ relay: 'open' });
    cleanups.push(() => relay.close());
    await expect(relay.listen({ port: 0 })).rejects.toThrow(/secrets/);
  });

  it('let the process end at any time', async () => {
    const script = fileURLToPath(new URL('thread-exiting-process.mjs', import.meta.url));
    const child = spawn(process.execPath, [script], { stdio: 'inherit' });
    const [code] = await once(child, 'exit');
    expect(code).toBe(7);
  });

  it.runIf(process.platform === 'linux')('share one UDP port', async () => {
    const { relay, client } = await setUp({ workers: 2, relay: 'off' });
    const clients = await Promise.all(Array.from({ length: 32 }, () => client('udp')));
    for (const one of clients) expect(await one.binding()).toMatch(/^127/);
    await eventually(() => expect(relay.counters.bindings).toBe(clients.length));
  });
});
