/** What happens to calls beside the network: the relay dies, a page is put to sleep. */
import type { Worker } from 'node:worker_threads';
import { expectConnected, expectPicture, readPictureGapMs, startMediaClock } from '@parley/testkit';
import type { BrowserOptions, TestPage } from '@parley/testkit';
import { afterAll, describe, it } from 'vitest';
import { expectNothingLost, joinForFaults } from './support/fault-page.ts';
import { REMOTE_VIDEO } from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

/** A shorter standstill is none: a busy machine stutters too. */
const BREAK_MS = 1_200;
const FROZEN_MS = 8_000;

describe('a call', () => {
  const threads: Worker[] = [];
  const times: string[] = [];
  const stage = useStage(async () => {
    const remember = (worker: Worker): unknown => threads.push(worker);
    process.on('worker', remember);
    const server = await startServerHere();
    process.off('worker', remember);
    return server;
  });

  async function call(options: BrowserOptions = {}): Promise<readonly [TestPage, TestPage]> {
    const room = stage.newRoom();
    const pages = await Promise.all([
      stage.open('chromium', options),
      stage.open('chromium', options),
    ] as const);
    for (const [index, page] of pages.entries()) {
      await joinForFaults(page, stage.server.url, { room, name: `guest ${index + 1}` });
    }
    for (const page of pages) {
      await expectConnected(page);
      await expectPicture(page);
      await startMediaClock(page, REMOTE_VIDEO);
    }
    return pages;
  }

  it('goes on when the thread of the relay dies', async () => {
    const pages = await call({ relay: 'udp' });
    // No message at all is the one thing that a thread does not expect.
    threads.at(-1)?.postMessage(undefined);
    for (const page of pages) {
      const gapMs = await readPictureGapMs(page, BREAK_MS);
      times.push(`relay thread died: ${(gapMs / 1000).toFixed(2)} s`);
    }
    await expectNothingLost(pages);
  });

  it('goes on when a page has been frozen', async () => {
    const pages = await call();
    await pages[0].freeze(FROZEN_MS);
    await expectNothingLost(pages);
  });

  afterAll(() => console.log(times.join('\n')));
});
