import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis, startServerProcess, startTcpBalancer } from '@parley/testkit';
import type { RedisProcess, ServerProcess, TcpBalancer } from '@parley/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeRoomAt, hostReturns, refusalOfStranger } from './support/closed-room.ts';
import type { ClosedRoom } from './support/closed-room.ts';
import { Crowd, PEOPLE } from './support/crowd.ts';
import { SteadyPeer } from './support/steady-peer.ts';

const ADMIN_TOKEN = randomBytes(24).toString('base64url');
const GRACE_SECONDS = 12;
/** For `expect.poll`: what takes seconds may take longer on a busy machine. */
const LOOK = { timeout: 60_000, interval: 50 };

let redis: RedisProcess;
let balancer: TcpBalancer;
let folder: string;
let config: string;
const nodes: ServerProcess[] = [];
let crowd: Crowd | undefined;

beforeAll(async () => {
  redis = await startRedis();
  folder = mkdtempSync(join(tmpdir(), 'parley-nodes-'));
  config = join(folder, 'parley.json');
  const settings = {
    redis: redis.url,
    'relay-host': '127.0.0.1',
    'relay-workers': 0,
    'data-dir': folder,
    'resume-grace': GRACE_SECONDS,
    'admin-token': ADMIN_TOKEN,
    drain: 20,
  };
  writeFileSync(config, JSON.stringify(settings), { mode: 0o600 });
  nodes.push(...(await Promise.all([startNode(), startNode(), startNode()])));
  balancer = await startTcpBalancer(nodes.map(({ url }) => url));
}, 60_000);

afterAll(async () => {
  crowd?.close();
  await balancer.close();
  await Promise.all(nodes.map((node) => node.kill()));
  await redis.close();
  rmSync(folder, { recursive: true, force: true });
});

function startNode(): Promise<ServerProcess> {
  return startServerProcess(['--config', config]);
}

/** Another node in the place of the first one. */
async function replaceFirst(): Promise<void> {
  nodes.shift();
  nodes.push(await startNode());
  balancer.use(nodes.map(({ url }) => url));
}

async function readiness(node: ServerProcess | undefined): Promise<unknown> {
  return (await fetch(`${node?.url}/readyz`)).json();
}

/** A room as the owner sees it. */
interface RoomSeen {
  readonly name: string;
  readonly people: readonly { readonly id: string }[];
}

/** Rooms of all nodes, as one of them tells. */
async function roomsKnownTo(node: ServerProcess | undefined): Promise<readonly RoomSeen[]> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  const answer = await fetch(`${node?.url}/api/admin/rooms`, { headers });
  const { rooms }: { rooms: readonly RoomSeen[] } = await answer.json();
  return rooms;
}

/** People that all nodes together know to be in rooms, as one of them tells. */
async function peopleKnownTo(node: ServerProcess | undefined): Promise<Set<string>> {
  const rooms = await roomsKnownTo(node);
  const kept = rooms.filter(({ name }) => name.startsWith('daily'));
  return new Set(kept.flatMap(({ people }) => people.map(({ id }) => id)));
}

/** Everybody is connected and knows the others of their room, and the nodes know all of them. */
async function everybodyIsInside(node: ServerProcess | undefined): Promise<boolean> {
  return crowd?.isTogether === true && crowd.isAll(await peopleKnownTo(node));
}

/** Newcomers who meet, three pairs at a time, until told to stop. */
function keepJoining(): { stop(): Promise<number[]> } {
  const took: number[] = [];
  const state = { isStopped: false };
  const run = async (): Promise<void> => {
    while (!state.isStopped) {
      const room = `newcomers ${randomBytes(8).toString('hex')}`;
      const began = performance.now();
      const two = [new SteadyPeer(balancer.url, room), new SteadyPeer(balancer.url, room)];
      await expect.poll(() => two.every(({ others }) => others.size > 0), LOOK).toBe(true);
      took.push(performance.now() - began);
      for (const peer of two) peer.close();
    }
  };
  const running = Promise.all([run(), run(), run()]);
  return {
    stop: async () => {
      state.isStopped = true;
      await running;
      return took;
    },
  };
}

/** What happened to the people inside, how long it took, and how newcomers fared. */
function tellOf(what: string, tookMs: number, joins: readonly number[]): void {
  process.stdout.write(
    `${what}: all ${PEOPLE} in their rooms after ${seconds(tookMs)} s, ${crowd?.takeBreaks()} connections broke; ` +
      `${joins.length} pairs met meanwhile, half of them within ${seconds(medianOf(joins))} s, ` +
      `the slowest in ${seconds(Math.max(...joins))} s\n`,
  );
}

/** Locked rooms of the first node, whose host is out of reach. */
async function closeRooms(): Promise<readonly ClosedRoom[]> {
  const closed: ClosedRoom[] = [];
  const home = nodes[0]?.url ?? '';
  for (let number = 0; closed.length < 3; number += 1) {
    const room = await closeRoomAt(balancer.url, `closed ${number}`, home);
    if (room !== undefined) closed.push(room);
  }
  // What a node answers comes after what it has told of doors.
  const names = closed.map(({ name }) => name);
  for (const node of nodes.slice(1)) {
    const namesKnown = async () => (await roomsKnownTo(node)).map(({ name }) => name);
    await expect.poll(namesKnown, LOOK).toEqual(expect.arrayContaining(names));
  }
  return closed;
}

/** Strangers try to get in at every node, and then the hosts come back. */
async function expectClosed(rooms: readonly ClosedRoom[], urls: readonly string[]): Promise<void> {
  const tries = urls.flatMap((url) => rooms.map((room) => refusalOfStranger(url, room)));
  expect(await Promise.all(tries)).toEqual(tries.map(() => 'ERR_ROOM_LOCKED'));
  const returns = await Promise.all(rooms.map((room) => hostReturns(urls[0] ?? '', room)));
  for (const reply of returns) {
    expect(reply).toMatchObject({ ok: true, door: { locked: true, role: 'host' } });
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

function expectNoHarm(): void {
  expect(crowd?.harms).toEqual([]);
}

describe('three nodes and 300 people', () => {
  it('NODE-2 NODE-3 NODE-13 lose a node by kill -9: everybody is in their room again, and no stranger in a locked one', async () => {
    crowd = new Crowd(balancer.url);
    await expect.poll(() => everybodyIsInside(nodes[0]), LOOK).toBe(true);
    const closed = await closeRooms();
    const newcomers = keepJoining();
    const began = performance.now();
    await nodes[0]?.kill();
    // The dead node is noticed when everybody else knows of two.
    await expect.poll(() => readiness(nodes[1]), LOOK).toMatchObject({ nodes: 2 });
    const living = nodes.slice(1).map(({ url }) => url);
    const whenInside = async (): Promise<number> => {
      await expect.poll(() => everybodyIsInside(nodes[1]), LOOK).toBe(true);
      return performance.now() - began;
    };
    const [tookMs] = await Promise.all([whenInside(), expectClosed(closed, living)]);
    tellOf('kill -9', tookMs, await newcomers.stop());
    expectNoHarm();
    await replaceFirst();
    await expect.poll(() => everybodyIsInside(nodes[0]), LOOK).toBe(true);
    expectNoHarm();
  }, 120_000);

  it('NODE-8 are restarted one after the other, and nobody is missed', async () => {
    const newcomers = keepJoining();
    const began = performance.now();
    for (let turn = 0; turn < 3; turn += 1) {
      await nodes[0]?.close();
      await replaceFirst();
      await expect.poll(() => everybodyIsInside(nodes[0]), LOOK).toBe(true);
    }
    tellOf('rolling restart', performance.now() - began, await newcomers.stop());
    expectNoHarm();
  }, 120_000);

  it('NODE-4 lose Redis for longer than places are kept, go on, and find each other again', async () => {
    await redis.stop();
    const away = { ready: true, nodes: 1, redis: 'away' };
    await expect
      .poll(() => Promise.all(nodes.map((node) => readiness(node))), LOOK)
      .toEqual([away, away, away]);
    const url = nodes[0]?.url ?? '';
    const two = [new SteadyPeer(url, 'at one node'), new SteadyPeer(url, 'at one node')];
    await expect.poll(() => two.map(({ others }) => others.size), LOOK).toEqual([1, 1]);
    for (const peer of two) peer.close();
    await new Promise((resolve) => {
      setTimeout(resolve, (GRACE_SECONDS + 2) * 1000);
    });
    expectNoHarm();
    const newcomers = keepJoining();
    const began = performance.now();
    await redis.start();
    await expect.poll(() => readiness(nodes[0]), LOOK).toMatchObject({ nodes: 3 });
    await expect.poll(() => everybodyIsInside(nodes[0]), LOOK).toBe(true);
    tellOf('Redis back', performance.now() - began, await newcomers.stop());
    expectNoHarm();
  }, 120_000);
});
