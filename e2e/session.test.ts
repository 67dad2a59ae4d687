import { expectConnected, expectPicture, expectSound, startServerProcess } from '@parley/testkit';
import type { ServerProcess, TestPage } from '@parley/testkit';
import { setTimeout as pause } from 'node:timers/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  expectAnnounced,
  expectAvatar,
  expectNoText,
  expectPeople,
  expectText,
  joinApp,
  meetInApp,
  readTiles,
} from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';
import { readWatch, watchPicture } from './support/watch-picture.ts';

const DOWN_MS = 3_000;
/** A picture that stands still for so long is noticed; here nothing that carries it is touched. */
const STILL_MS = 2_000;

/** Without a chance to say anything, and politely. */
const WAYS = [
  ['killed', 'chromium', (server: ServerProcess) => server.kill()],
  ['asked to stop', 'firefox', (server: ServerProcess) => server.close()],
] as const;

describe('a server that ends and is started again', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-session-'));
  const args = ['--data-dir', dataDir, '--relay-workers', '0'];
  let running: ServerProcess | undefined;
  const stage = useStage(
    async () => {
      running = await startServerProcess(args);
      return { url: running.url, close: async () => running?.close() };
    },
    { losesServer: true },
  );

  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  it.each(WAYS)(
    'SIG-67 DRAIN-1 that was %s is not missed in %s: frames go on, everybody stays, and a third person can join',
    async (_how, browser, end) => {
      const room = stage.newRoom();
      const [ada, bob] = [await stage.open('chromium'), await stage.open(browser)];
      await meetInApp(stage, room, { Ada: ada, Bob: bob });
      await Promise.all([expectPicture(ada), expectPicture(bob)]);
      // Frames are counted in Chromium; in Firefox the picture is looked at afterwards.
      const watched = browser === 'chromium' ? [ada, bob] : [ada];
      await Promise.all(watched.map(watchPicture));

      if (running === undefined) throw new Error('The server does not run.');
      await end(running);
      await Promise.all(
        [ada, bob].flatMap((page) => [
          expectText(page, /Reconnecting… You still see and hear each other, and chat goes on/u),
          expectAnnounced(page, /^Connection to the server lost\. Your call goes on/u),
          expectSound(page),
        ]),
      );
      await pause(DOWN_MS);
      const before = await Promise.all(watched.map(readWatch));
      running = await startServerProcess([...args, '--port', new URL(stage.server.url).port]);
      for (const page of [ada, bob]) {
        await expectNoText(page, /reconnecting/iu);
        await expectAnnounced(page, /^Connected again/u);
      }
      await pause(STILL_MS);
      const after = await Promise.all(watched.map(readWatch));
      for (const [index, report] of after.entries()) {
        expect(report).toMatchObject({ wasGone: false });
        expect(report.longestGapMs).toBeLessThan(STILL_MS);
        expect(report.frames).toBeGreaterThan(before[index]?.frames ?? 0);
      }

      await expectPicture(bob);
      await bob.click('switch', 'Camera');
      await expectAvatar(ada, true);
      await bob.click('switch', 'Camera');
      await expectAvatar(ada, false);

      const cyd = await stage.open('chromium');
      await joinApp(cyd, stage, { room, name: 'Cyd' });
      await expectPeople(cyd, ['Ada', 'Bob']);
      await Promise.all([
        expectPeople(ada, ['Bob', 'Cyd']),
        expectPeople(bob, ['Ada', 'Cyd']),
        expectConnected(cyd, 2),
      ]);
    },
  );
});

/** From now on the page may use nothing but websockets. */
async function forbidRequests(page: TestPage): Promise<void> {
  await page.evaluate(() => {
    const policy = document.createElement('meta');
    policy.httpEquiv = 'Content-Security-Policy';
    policy.content = 'connect-src ws:';
    document.head.append(policy);
  }, undefined);
}

async function canFetch(page: TestPage): Promise<boolean> {
  return page.evaluate(
    () =>
      fetch('/healthz').then(
        () => true,
        () => false,
      ),
    undefined,
  );
}

describe('a tab that is closed', () => {
  const stage = useStage(() => startServerHere({ resumeGraceMs: 3_600_000 }), {
    refusesRequests: true,
  });

  it('SIG-81 is gone at once, without any grace time', async () => {
    const room = stage.newRoom();
    const [ada, bob] = [await stage.open('chromium'), await stage.open('chromium')];
    await meetInApp(stage, room, { Ada: ada, Bob: bob });
    await expectPicture(ada);
    await bob.close();
    await expectPeople(ada, []);
    expect(await readTiles(ada)).toEqual([]);
  });

  it('SIG-81 is gone at once also where its page may not send a beacon', async () => {
    const room = stage.newRoom();
    const [ada, bob] = [await stage.open('chromium'), await stage.open('chromium')];
    await meetInApp(stage, room, { Ada: ada, Bob: bob });
    await forbidRequests(bob);
    expect(await canFetch(bob)).toBe(false);
    await bob.close();
    await expectPeople(ada, []);
  });
});
