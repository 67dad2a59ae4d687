/** A call whose network breaks comes back by itself, under the same objects. */
import { execPath } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import {
  block,
  eventually,
  expectConnected,
  expectPicture,
  expectSound,
  readConnections,
  readPictureGapMs,
  startMediaClock,
  startServerProcess,
  unblock,
} from '@parley/testkit';
import type { ServerProcess } from '@parley/testkit';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { readCallPath } from './support/call-path.ts';
import { SERVER_PORT, openCaller } from './support/caller.ts';
import type { Caller } from './support/caller.ts';
import { keepEvidence } from './support/keep-evidence.ts';
import { REMOTE_VIDEO } from '../support/app-page.ts';
import { useInternet } from './support/use-internet.ts';
import type { Ground } from './support/use-internet.ts';

const TILE = '[data-peer]';
/** A shorter standstill is none: a busy machine stutters too. */
const BREAK_MS = 1_200;
const OUTAGE_MS = 8_000;

interface Place {
  readonly server: ServerProcess;
  readonly ada: Caller;
  readonly bob: Caller;
}

async function openPlace(ground: Ground): Promise<Place> {
  const address = ['--host', '::', '--port', String(SERVER_PORT)];
  const server = await startServerProcess(address, { node: ground.server.host.wrap(execPath) });
  const [ada, bob] = await Promise.all([
    openCaller(ground, { name: 'ada', kind: 'no-nat', browser: 'chromium' }),
    openCaller(ground, { name: 'bob', kind: 'no-nat', browser: 'chromium' }),
  ]);
  return { server, ada, bob };
}

async function closePlace({ server, ada, bob }: Place): Promise<void> {
  await Promise.all([ada.close(), bob.close()]);
  await server.close();
}

/** Marks what the page shows of the other person; `isMarked` tells whether it is still the same. */
async function markTile({ page }: Caller): Promise<void> {
  await page.evaluate((tile) => {
    const element = document.querySelector(tile);
    if (element === null) throw new Error('Nobody is shown');
    element.setAttribute('data-mark', 'same');
  }, TILE);
}

async function isMarked({ page }: Caller): Promise<boolean> {
  return page.evaluate((tile) => {
    const tiles = [...document.querySelectorAll(tile)];
    return tiles.length === 1 && tiles[0]?.getAttribute('data-mark') === 'same';
  }, TILE);
}

/** Numbers of the connections of a page that are in use. */
async function readLive({ page }: Caller): Promise<readonly number[]> {
  const connections = await readConnections(page);
  return connections.filter(({ state }) => state === 'connected').map(({ id }) => id);
}

describe('a call whose network breaks', () => {
  const place = useInternet(openPlace, closePlace);
  const times: string[] = [];

  async function call(room: string): Promise<readonly [Caller, Caller]> {
    const { ada, bob } = place();
    await ada.join(room);
    await bob.join(room);
    for (const { page } of [ada, bob]) {
      await expectConnected(page);
      await expectPicture(page);
      await eventually(
        'a direct path',
        () => readCallPath(page),
        (path) => path === 'direct',
      );
    }
    for (const caller of [ada, bob]) {
      await markTile(caller);
      await startMediaClock(caller.page, REMOTE_VIDEO);
    }
    return [ada, bob];
  }

  /** Both see and hear each other again; notes how long they did not see each other. */
  async function expectBack(what: string, callers: readonly Caller[]): Promise<void> {
    for (const { page, name } of callers) {
      const gapMs = await readPictureGapMs(page, BREAK_MS);
      times.push(`${what}, ${name}: ${(gapMs / 1000).toFixed(2)} s`);
    }
    for (const { page } of callers) {
      await expectPicture(page);
      await expectSound(page);
    }
  }

  it('the path in use is blocked: it goes on over the relay', async () => {
    const [ada, bob] = await call('blocked');
    await block(ada.network.host, [bob.network.address]);
    await expectBack('path blocked', [ada, bob]);
    for (const caller of [ada, bob]) {
      expect(await readCallPath(caller.page)).toMatch(/^relay-/u);
      expect(await isMarked(caller)).toBe(true);
      expect(await readLive(caller), 'connections in use').toHaveLength(1);
    }
  });

  it(`nothing passes for ${OUTAGE_MS / 1000} s, not even to the server: it goes on under the same tile`, async () => {
    const [ada, bob] = await call('outage');
    await block(ada.network.host, [bob.network.address, '10.99.1.1']);
    await pause(OUTAGE_MS);
    await unblock(ada.network.host);
    await expectBack(`nothing passed for ${OUTAGE_MS / 1000} s`, [ada, bob]);
    for (const caller of [ada, bob]) {
      expect(await isMarked(caller)).toBe(true);
      const live = await eventually(
        'one connection in use',
        () => readLive(caller),
        ({ length }) => length === 1,
      );
      expect(live).toHaveLength(1);
    }
  });

  afterEach(async ({ task }) => {
    const { ada, bob } = place();
    if (task.result?.state === 'fail') {
      await Promise.all([ada, bob].map((caller) => keepEvidence(task.name, caller)));
    }
    await unblock(ada.network.host);
    await Promise.all([ada.leave(), bob.leave()]);
  });

  afterAll(() => console.log(times.join('\n')));
});
