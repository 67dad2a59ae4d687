import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '@parley/server';
import type { ParleyServer } from '@parley/server';
import { eventually } from '@parley/testkit';
import { afterEach, expect, it } from 'vitest';
import { ParleyClient } from '../src/client.ts';
import { resolveClientOptions } from '../src/client-options.ts';
import { SILENT_LOGGER } from '../src/logger.ts';
import type { Room } from '../src/room.ts';
import { SocketIoSignaling } from '../src/signaling/socket-io-signaling.ts';
import { FakePlatform } from './fakes/fake-platform.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'parley-session-'));
const stops: (() => unknown)[] = [() => rmSync(dataDir, { recursive: true, force: true })];

afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

async function serve(port: number): Promise<ParleyServer> {
  const server = await startServer({ port, host: '127.0.0.1', dataDir, relayWorkers: 0 });
  stops.push(() => server.close());
  return server;
}

async function enter(url: string, name: string): Promise<Room> {
  const client = new ParleyClient({
    options: resolveClientOptions({}),
    platform: new FakePlatform(),
    openSignaling: () =>
      new SocketIoSignaling({
        url,
        logger: SILENT_LOGGER,
        setTimer: (callback, delayMs) => {
          const timer = setTimeout(callback, delayMs);
          return () => clearTimeout(timer);
        },
      }),
  });
  stops.push(() => client.close());
  return client.join('daily', { name });
}

function expectStates(rooms: readonly Room[], count: number): Promise<unknown> {
  return eventually(
    `${count} connected peers in each connected room`,
    () => rooms.map(({ snapshot: { state, peers } }) => [state, ...peers.map(stateOf)]),
    (all) =>
      all.every((states) => states.length === count + 1 && states.every((s) => s === 'connected')),
  );
}

function stateOf({ snapshot }: Room['snapshot']['peers'][number]): string {
  return snapshot.state;
}

it('SIG-67 a call over real sockets survives two restarts of the server, and goes on growing', async () => {
  const first = await serve(0);
  const rooms = [await enter(first.url, 'Ada'), await enter(first.url, 'Bob')];
  const events: string[] = [];
  for (const room of rooms) {
    room.on('peer', ({ name }) => events.push(`peer ${name}`));
    room.on('peerLeft', ({ peer, reason }) => events.push(`${reason} ${peer.name}`));
  }
  await expectStates(rooms, 1);
  const before = rooms.map(({ self, snapshot }) => [self, ...snapshot.peers]);
  let server = first;
  for (let round = 0; round < 2; round += 1) {
    await server.close();
    await eventually(
      'both rooms reconnecting',
      () => rooms.map(({ snapshot }) => snapshot.state),
      (states) => states.every((state) => state === 'reconnecting'),
    );
    server = await serve(first.port);
    await expectStates(rooms, 1);
    await eventually(
      'both back',
      () => server.stats.peers,
      (peers) => peers === 2,
    );
  }
  expect(rooms.map(({ self, snapshot }) => [self, ...snapshot.peers])).toEqual(before);
  expect(events.toSorted()).toEqual(['peer Ada', 'peer Bob']);
  await expectStates([...rooms, await enter(first.url, 'Cyd')], 2);
  await rooms[1]?.leave();
  await eventually(
    'one less',
    () => rooms[0]?.snapshot.peers.length,
    (count) => count === 1,
  );
});
