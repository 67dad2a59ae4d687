/** A call whose network breaks comes back by itself, under the same objects. */
import { execPath } from 'node:process';
import {
  eventually,
  expectConnected,
  expectPicture,
  expectSound,
  readConnections,
  startServerProcess,
} from '@parley/testkit';
import type { ServerProcess } from '@parley/testkit';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { readCallPath } from './support/call-path.ts';
import { SERVER_PORT, openCaller } from './support/caller.ts';
import type { Caller } from './support/caller.ts';
import { keepEvidence } from './support/keep-evidence.ts';
import { readPictureGapMs, startMediaClock } from './support/media-clock.ts';
import { useInternet } from './support/use-internet.ts';
import type { Ground } from './support/use-internet.ts';

const TILE = '[data-peer]';
/** A shorter standstill is none: a busy machine stutters too. */
const BREAK_MS = 1_200;
/** Longer than anything but another connection helps against. */
const REBUILD_AFTER_MS = 20_000;

interface Place {
  readonly server: ServerProcess;
  readonly ada: Caller;
  readonly bob: Caller;
}

async function openPlace(ground: Ground): Promise<Place> {
  const address = ['--host', '::', '--port', String(SERVER_PORT)];
  const server = await startServerProcess(address, ground.server.host.wrap(execPath));
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

/** Nothing passes between this caller and these addresses. */
async function block({ network }: Caller, addresses: readonly string[]): Promise<void> {
  const rules = addresses.flatMap((address) => [
    `add rule inet fault out ip daddr ${address} drop`,
    `add rule inet fault in ip saddr ${address} drop`,
  ]);
  await network.host.nft(`add table inet fault
add chain inet fault out { type filter hook output priority 0; }
add chain inet fault in { type filter hook input priority 0; }
${rules.join('\n')}
`);
}

async function unblock({ network }: Caller): Promise<void> {
  await network.host.nft('add table inet fault\ndelete table inet fault\n');
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

/** Numbers of the connections of a page that are in use, and of those that have been closed. */
interface Numbers {
  readonly live: readonly number[];
  readonly closed: readonly number[];
}

async function readNumbers({ page }: Caller): Promise<Numbers> {
  const connections = await readConnections(page);
  const inState = (wanted: string): number[] =>
    connections.filter(({ state }) => state === wanted).map(({ id }) => id);
  return { live: inState('connected'), closed: inState('closed') };
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
      await startMediaClock(caller.page);
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

  for (const round of [1, 2, 3]) {
    it(`the path in use is blocked: it goes on over the relay, ${round}`, async () => {
      const [ada, bob] = await call(`blocked ${round}`);
      await block(ada, [bob.network.address]);
      await expectBack('path blocked', [ada, bob]);
      for (const caller of [ada, bob]) {
        expect(await readCallPath(caller.page)).toMatch(/^relay-/u);
        expect(await isMarked(caller)).toBe(true);
        const { live } = await readNumbers(caller);
        expect(live, 'connections in use').toHaveLength(1);
      }
    });
  }

  it('nothing passes for 20 s: another connection takes over, under the same tile', async () => {
    const [ada, bob] = await call('rebuilt');
    const before = await Promise.all([ada, bob].map(readNumbers));
    const isGivenUp = (numbers: Numbers, index: number): boolean =>
      (before[index]?.live ?? []).every((id) => numbers.closed.includes(id));
    await block(ada, [bob.network.address, '10.99.1.1']);
    await eventually(
      'a connection that has been given up',
      () => readNumbers(ada),
      (numbers) => isGivenUp(numbers, 0),
      { deadlineMs: 2 * REBUILD_AFTER_MS },
    );
    await unblock(ada);
    await expectBack('nothing passed for 20 s', [ada, bob]);
    for (const [index, caller] of [ada, bob].entries()) {
      expect(await isMarked(caller)).toBe(true);
      const numbers = await readNumbers(caller);
      expect([numbers.live.length, isGivenUp(numbers, index)]).toEqual([1, true]);
    }
  });

  afterEach(async ({ task }) => {
    const { ada, bob } = place();
    if (task.result?.state === 'fail') {
      await Promise.all([ada, bob].map((caller) => keepEvidence(task.name, caller)));
    }
    await unblock(ada);
    await Promise.all([ada.leave(), bob.leave()]);
  });

  afterAll(() => console.log(times.join('\n')));
});
