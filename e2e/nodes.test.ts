import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  eventually,
  expectPicture,
  readCallConnections,
  startRedis,
  startServerProcess,
  startTcpBalancer,
} from '@parley/testkit';
import type { RedisProcess, ServerProcess, TestPage } from '@parley/testkit';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { expectPeople, joinApp, meetInApp } from './support/app-page.ts';
import { Crowd, PEOPLE } from './support/crowd.ts';
import { useStage } from './support/stage.ts';
import { readWatch, watchPicture } from './support/watch-picture.ts';

/** 300 people who come back at once make a machine of two processors stutter; a call that is lost stands for ever. */
const LOST_MS = 10_000;
/** Longer than it takes the nodes to notice. */
const REDIS_AWAY_MS = 5_000;
/** For `expect.poll`: what takes seconds may take longer on a busy machine. */
const LOOK = { timeout: 60_000, interval: 50 };

/** Where the relay is that a call of this page runs through, as `host:port`. */
async function relayOf(page: TestPage): Promise<string | undefined> {
  const [reading] = await readCallConnections(page);
  if (reading?.state !== 'connected' || reading.path?.local !== 'relay') return undefined;
  const url = reading.iceServerUrls.find((one) => one.startsWith('turn:'));
  return /^turn:(?<address>[^?]+)/u.exec(url ?? '')?.groups?.['address'];
}

describe('three nodes behind a balancer', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-nodes-'));
  const nodes: ServerProcess[] = [];
  let startNode: () => Promise<ServerProcess>;
  let redis: RedisProcess | undefined;
  const stage = useStage(
    async () => {
      redis = await startRedis();
      const args = ['--redis', redis.url, '--relay-host', '127.0.0.1', '--relay-workers', '0'];
      startNode = () => startServerProcess([...args, '--data-dir', dataDir, '--drain', '0']);
      // The first one makes the secrets that the others find.
      nodes.push(await startNode());
      nodes.push(...(await Promise.all([startNode(), startNode()])));
      return startTcpBalancer(nodes.map(({ url }) => url));
    },
    { losesServer: true },
  );

  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.kill()));
    await redis?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('NODE-11 the one whose relay carries a call is killed: the call goes on through another', async () => {
    const [ada, bob] = await Promise.all([
      stage.open('chromium', { relay: 'udp' }),
      stage.open('firefox', { relay: 'udp' }),
    ]);
    await meetInApp(stage, stage.newRoom(), { Ada: ada, Bob: bob });
    await Promise.all([expectPicture(ada), expectPicture(bob)]);
    const before = await relayOf(ada);
    expect(await relayOf(bob)).toBe(before);
    const home = nodes.findIndex(({ url }) => new URL(url).host === before);
    await watchPicture(ada);

    await nodes[home]?.kill();
    nodes.splice(home, 1);
    const living = new Set(nodes.map(({ url }) => new URL(url).host));
    await Promise.all(
      [ada, bob].map((page) =>
        eventually(
          'a living relay',
          () => relayOf(page),
          (relay) => relay !== undefined && living.has(relay),
        ),
      ),
    );
    await Promise.all([expectPicture(ada), expectPicture(bob)]);
    await Promise.all([expectPeople(ada, ['Bob']), expectPeople(bob, ['Ada'])]);
    const { longestGapMs } = await readWatch(ada);
    process.stdout.write(
      `relay and node killed: no picture for ${(longestGapMs / 1000).toFixed(1)} s\n`,
    );
    nodes.push(await startNode());
    stage.server.use(nodes.map(({ url }) => url));
  });

  /** Something happens to the nodes: nobody of the crowd is missed, all are in their rooms again. */
  async function strike(what: string, crowd: Crowd, happen: () => Promise<unknown>): Promise<void> {
    const began = performance.now();
    await happen();
    const status = { ready: true, nodes: nodes.length, redis: 'connected' };
    for (const { url } of nodes) {
      const readiness = async (): Promise<unknown> => (await fetch(`${url}/readyz`)).json();
      await expect.poll(readiness, LOOK).toEqual(status);
    }
    await expect.poll(() => crowd.isTogether, LOOK).toBe(true);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(
      `${what}: all ${PEOPLE} in their rooms after ${seconds} s, ${crowd.takeBreaks()} connections broke\n`,
    );
    expect(crowd.harms).toEqual([]);
  }

  it('NODE-2 NODE-3 NODE-4 NODE-8 all are restarted, Redis is away, two are killed: nobody in a call notices, beside 300 people', async () => {
    const [ada, bob] = [await stage.open('chromium'), await stage.open('chromium')];
    const [cleo, dan] = [await stage.open('firefox'), await stage.open('chromium')];
    const rooms = [stage.newRoom(), stage.newRoom()] as const;
    await joinApp(ada, stage, { room: rooms[0], name: 'Ada' });
    await joinApp(bob, stage, { room: rooms[0], name: 'Bob' });
    await joinApp(cleo, stage, { room: rooms[1], name: 'Cleo' });
    await joinApp(dan, stage, { room: rooms[1], name: 'Dan' });
    const everybody = [ada, bob, cleo, dan];
    await Promise.all(everybody.map((page) => expectPicture(page)));
    await Promise.all(everybody.map(watchPicture));

    const crowd = new Crowd(stage.server.url);
    onTestFinished(() => crowd.close());
    await expect.poll(() => crowd.isTogether, LOOK).toBe(true);

    for (const turn of ['first', 'second', 'third']) {
      await strike(`${turn} node restarted`, crowd, async () => {
        await nodes.shift()?.close();
        nodes.push(await startNode());
        stage.server.use(nodes.map(({ url }) => url));
      });
    }
    await strike(`Redis away for ${REDIS_AWAY_MS / 1000} s`, crowd, async () => {
      await redis?.stop();
      await pause(REDIS_AWAY_MS);
      await redis?.start();
    });
    // The home of a room, or the node of somebody in it, or neither: one after the other.
    await strike('first kill -9', crowd, async () => nodes.shift()?.kill());
    await strike('second kill -9', crowd, async () => nodes.shift()?.kill());
    // Frames are counted in the pages of Chromium; after that every picture is looked at.
    const seen = await Promise.all([ada, bob, dan].map(readWatch));
    const longestGapMs = Math.max(...seen.map((report) => report.longestGapMs));
    process.stdout.write(
      `no picture stood still for more than ${(longestGapMs / 1000).toFixed(1)} s\n`,
    );
    expect(seen.map(({ wasGone }) => wasGone)).toEqual([false, false, false]);
    expect(longestGapMs).toBeLessThan(LOST_MS);
    await Promise.all(everybody.map((page) => expectPicture(page)));

    await dan.close();
    await expectPeople(cleo, []);
    const eve = await stage.open('chromium');
    await joinApp(eve, stage, { room: rooms[1], name: 'Eve' });
    await expectPeople(cleo, ['Eve']);
    await expectPicture(eve);
    await expectPeople(ada, ['Bob']);
  });
});
