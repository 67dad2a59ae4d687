import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IceServer } from '@parley/protocol';
import { mintRestCredentials } from '@parley/turn';
import { afterEach, describe, expect, it } from 'vitest';
import type { LogFields, ParleyServer, ServerOptions } from '../src/index.ts';
import { IDENTITY_ONE } from '../../turn/test/transport-tls-identities.ts';
import type { LinkKind, ThreadClient } from '../../turn/test/thread-client.ts';
import {
  connect,
  PATIENCE,
  serve as serveAnywhere,
  temporaryFolder,
  TURN_SECRET,
} from './harness.ts';
import type { TestClient } from './harness.ts';
import { openRelayClient, relayOf } from './relay-client.ts';
import { writeTlsFiles } from './tls-files.ts';

const TRUSTING = { rejectUnauthorized: false };
const CHANNEL = 0x4000;

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Somebody in a room, with the ICE servers they were told. */
interface Caller {
  readonly client: TestClient;
  readonly iceServers: readonly IceServer[];
}

async function enterRoom(server: ParleyServer, room = 'daily'): Promise<Caller> {
  const client = await connect(server, TRUSTING);
  const reply = await client.join(room);
  if (!reply.ok) throw new Error(`join refused: ${reply.error.code}`);
  return { client, iceServers: reply.iceServers };
}

async function open({ iceServers }: Caller, kind: LinkKind = 'udp'): Promise<ThreadClient> {
  const { turn, close } = await openRelayClient(iceServers, kind);
  closing.push(close);
  return turn;
}

/** A client that holds an allocation already. */
async function allocate(caller: Caller, kind: LinkKind = 'udp'): Promise<ThreadClient> {
  const turn = await open(caller, kind);
  expect(await turn.allocate()).toBe(0);
  return turn;
}

async function connectThrough(ada: ThreadClient, bob: ThreadClient): Promise<void> {
  expect(await ada.bind(CHANNEL, bob.relayed)).toBe(0);
  expect(await bob.bind(CHANNEL, ada.relayed)).toBe(0);
}

describe.each<readonly [string, number]>([
  ['in the main thread', 0],
  ['in a thread of its own', 1],
  ...(process.platform === 'linux' ? ([['in two threads', 2]] as const) : []),
])('the relay %s', (_where, relayWorkers) => {
  const serve = (options: ServerOptions = {}): Promise<ParleyServer> =>
    serveAnywhere({ relayWorkers, ...options });
  const serveSecurely = (): Promise<ParleyServer> => serve(writeTlsFiles(IDENTITY_ONE));

  it.each<[LinkKind, LinkKind]>([
    ['udp', 'udp'],
    ['udp', 'tcp'],
    ['tls', 'udp'],
    ['tcp', 'tls'],
  ])('SIG-43 SIG-44 carries a call between %s and %s', async (adaKind, bobKind) => {
    const server = await serveSecurely();
    const callers = [await enterRoom(server), await enterRoom(server)] as const;
    const ada = await allocate(callers[0], adaKind);
    const bob = await allocate(callers[1], bobKind);
    await connectThrough(ada, bob);
    ada.send(CHANNEL, 'hello');
    bob.send(CHANNEL, 'hello yourself');
    await expect
      .poll(() => [ada.received, bob.received], PATIENCE)
      .toEqual([['hello yourself'], ['hello']]);
  });

  it('SIG-44 reaches nobody outside the room', async () => {
    const server = await serve();
    const ada = await allocate(await enterRoom(server, 'daily'));
    const eve = await allocate(await enterRoom(server, 'other'));
    expect(await eve.bind(CHANNEL, ada.relayed)).toBe(403);
  });

  it('SIG-44 takes no password but the right one', async () => {
    const server = await serve();
    const { client, iceServers } = await enterRoom(server);
    const forged = [{ ...relayOf(iceServers), credential: 'x' }];
    const turn = await open({ client, iceServers: forged });
    expect(await turn.allocate()).toBe(401);
    await expect.poll(() => server.stats.relay.authFailures['wrong-credentials'], PATIENCE).toBe(1);
  });

  it.each([
    ['leaves', (client: TestClient) => void client.leave()],
    ['disconnects', (client: TestClient) => void client.socket.disconnect()],
    ['is lost', (client: TestClient) => client.cutWire()],
  ])('SIG-46 ends at once for somebody who %s, and for nobody else', async (_how, go) => {
    const server = await serve();
    const callers = [await enterRoom(server), await enterRoom(server)] as const;
    const ada = await allocate(callers[0]);
    const bob = await allocate(callers[1]);
    await expect.poll(() => server.stats.relay.allocations, PATIENCE).toBe(2);

    go(callers[0].client);

    await expect.poll(() => ada.refresh(), PATIENCE).toBe(403);
    await expect.poll(() => server.stats.relay.allocations, PATIENCE).toBe(1);
    expect(await (await open(callers[0])).allocate()).toBe(403);
    expect(await bob.refresh()).toBe(0);
  });

  it('SIG-70 SIG-71 serves somebody who holds a place, until the socket is gone', async () => {
    const server = await serve();
    const bob = await allocate(await enterRoom(server));
    const client = await connect(server, TRUSTING);
    const prepared = await client.prepare('daily');
    if (!prepared.ok) throw new Error(`prepare refused: ${prepared.error.code}`);
    const ada = await allocate({ client, iceServers: prepared.iceServers });
    await connectThrough(ada, bob);

    client.cutWire();
    await expect.poll(() => ada.refresh(), PATIENCE).toBe(403);
    expect(await bob.refresh()).toBe(0);
  });

  it('SIG-70 keeps what was allocated beforehand when the person joins', async () => {
    const server = await serve();
    const client = await connect(server, TRUSTING);
    const prepared = await client.prepare('daily');
    if (!prepared.ok) throw new Error(`prepare refused: ${prepared.error.code}`);
    const ada = await allocate({ client, iceServers: prepared.iceServers });
    expect(await client.join('daily')).toMatchObject({ iceServers: prepared.iceServers });
    expect(await ada.refresh()).toBe(0);
    await client.leave();
    await expect.poll(() => ada.refresh(), PATIENCE).toBe(403);
  });

  it('SIG-45 SIG-46 outlives its credentials while the person is inside, who gets fresh ones', async () => {
    const server = await serve({ credentialTtlSeconds: 5 });
    const caller = await enterRoom(server);
    const { username } = relayOf(caller.iceServers);
    const endsAt = Number(username.split(':')[0]);
    const old = await allocate(caller);

    const { iceServers } = await caller.client.hears('iceServers');
    expect(relayOf(iceServers).urls).toEqual(relayOf(caller.iceServers).urls);
    await expect.poll(() => Date.now() / 1000, { timeout: 10_000 }).toBeGreaterThan(endsAt + 1);

    expect(await old.refresh()).toBe(0);
    expect(await (await open(caller)).allocate()).toBe(401);
    expect(await (await open({ ...caller, iceServers })).allocate()).toBe(0);
  });

  it('accepts what was made with an older secret, and makes with the newest', async () => {
    const [newest, older] = ['n'.repeat(32), 'o'.repeat(32)] as const;
    const server = await serve({ turnSecrets: [newest, older] });
    const caller = await enterRoom(server);
    await allocate(caller);

    const expiresAtSeconds = Math.floor(Date.now() / 1000) + 60;
    const madeWith = async (secret: string): Promise<number> => {
      const request = { secret, room: 'before the change', peer: 'ada', expiresAtSeconds };
      const iceServers = [{ ...relayOf(caller.iceServers), ...mintRestCredentials(request) }];
      return (await open({ ...caller, iceServers })).allocate();
    };
    expect(await madeWith(older)).toBe(0);
    expect(await madeWith('f'.repeat(32))).toBe(401);
  });

  it('keeps its secret in the data folder from start to start', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    const first = await serve({ dataDir });
    const { client, iceServers } = await enterRoom(first);
    const file = readFileSync(join(dataDir, 'turn-secret'), 'utf8');
    await first.close();

    const second = await serve({ dataDir, port: first.port });
    expect(await (await open({ client, iceServers })).allocate()).toBe(0);
    expect(readFileSync(join(dataDir, 'turn-secret'), 'utf8')).toBe(file);
    const secrets = file.split('\n').filter((line) => line.length === 43);
    expect(secrets).toHaveLength(1);
    expect(JSON.stringify(second.stats)).not.toContain(secrets[0]);
  });

  it('SIG-43 is not named and does not serve when it is off; no secret is made', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    const server = await serve({ relay: 'off', dataDir });
    const caller = await enterRoom(server);
    expect(caller.iceServers).toEqual([{ urls: [`stun:127.0.0.1:${server.port}`] }]);
    expect(existsSync(join(dataDir, 'turn-secret'))).toBe(false);

    const urls = [`turn:127.0.0.1:${server.port}?transport=udp`];
    const request = { secret: TURN_SECRET, room: 'r', peer: 'p', expiresAtSeconds: 2 ** 32 };
    const iceServers = [{ urls, ...mintRestCredentials(request) }];
    expect(await (await open({ ...caller, iceServers })).allocate()).toBe(403);
  });

  it('logs one line when an allocation begins and one when it ends, never a credential', async () => {
    const lines: [string, LogFields | undefined][] = [];
    const note = (message: string, fields?: LogFields): void => void lines.push([message, fields]);
    const server = await serve({ logger: { debug: note, info: note, warn: note, error: note } });
    const caller = await enterRoom(server);
    await allocate(caller, 'tcp');
    await caller.client.leave();
    const about = (message: string) => lines.filter(([line]) => line === message);
    await expect.poll(() => about('allocation ended'), PATIENCE).toHaveLength(1);

    expect(about('allocation started')).toMatchObject([
      ['allocation started', { transport: 'tcp', peer: expect.any(String) }],
    ]);
    expect(about('allocation ended')).toMatchObject([
      ['allocation ended', { reason: 'revoked', bytesSent: 0 }],
    ]);
    const { username, credential } = relayOf(caller.iceServers);
    for (const secret of [username, credential, TURN_SECRET]) {
      expect(JSON.stringify(lines)).not.toContain(secret);
    }
  });

  it('counts what it does', async () => {
    const server = await serve();
    const callers = [await enterRoom(server), await enterRoom(server)] as const;
    const ada = await allocate(callers[0]);
    const bob = await allocate(callers[1]);
    await connectThrough(ada, bob);
    ada.send(CHANNEL, 'hello');
    await expect.poll(() => bob.received, PATIENCE).toEqual(['hello']);
    await expect
      .poll(() => server.stats.relay, PATIENCE)
      .toMatchObject({
        allocations: 2,
        allocationsStarted: 2,
        allocationsEnded: 0,
        packetsRelayed: 1,
        bytesRelayed: 5,
      });
  });

  it('refuses options that only the relay can judge, with a sentence', async () => {
    await expect(serve({ relay: 'open', allowPeers: ['10.0.0.1/8'] })).rejects.toMatchObject({
      code: 'ERR_OPTIONS',
      message: expect.stringContaining('10.0.0.1/8'),
    });
    await expect(serve({ relay: 'open', relayAddresses: ['here'] })).rejects.toMatchObject({
      code: 'ERR_OPTIONS',
      message: expect.stringContaining('here'),
    });
  });
});

it('refuses several threads where UDP cannot be shared', async () => {
  await expect(serveAnywhere({ relayWorkers: 2, udp: 'dgram' })).rejects.toMatchObject({
    code: 'ERR_OPTIONS',
    message: expect.stringContaining('more than one worker'),
  });
});
