import { expectConnected, expectPicture, expectSound, startServerProcess } from '@parley/testkit';
import type { ServerProcess } from '@parley/testkit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { expectPeople, joinApp, meetInApp } from './support/app-page.ts';
import { startFlood } from './support/flood.ts';
import { useStage } from './support/stage.ts';
import { readWatch, STILL_MS, watchPicture } from './support/watch-picture.ts';

const MAX_CONNECTIONS = 40;
/** Callers are at 127.0.0.1. */
const FLOODER = '127.0.0.66';

describe('a flood from one address', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-flood-'));
  const stage = useStage<ServerProcess>(() =>
    startServerProcess(['--data-dir', dataDir, '--max-connections', `${MAX_CONNECTIONS}`]),
  );
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  it('LIMIT-2 is turned away, a relayed call feels nothing, and a newcomer gets in', async () => {
    const room = stage.newRoom();
    const [ada, bob] = await Promise.all([
      stage.open('chromium', { relay: 'udp' }),
      stage.open('chromium', { relay: 'udp' }),
    ]);
    await meetInApp(stage, room, { Ada: ada, Bob: bob });
    await Promise.all([expectPicture(ada), expectPicture(bob)]);
    await Promise.all([watchPicture(ada), watchPicture(bob)]);

    const flood = startFlood(stage.server.url, FLOODER);
    try {
      await expect.poll(() => flood.report.refused, { timeout: 30_000 }).toBeGreaterThan(200);
      const cyd = await stage.open('chromium');
      await joinApp(cyd, stage, { room, name: 'Cyd' });
      await Promise.all([expectPicture(cyd, 2), expectSound(cyd, 2)]);
    } finally {
      await flood.stop();
    }
    // Nonsense ends a connection; ten new ones a second are let in in its place.
    expect(flood.report.refused).toBeGreaterThan(flood.report.accepted);
    const seen = await Promise.all([ada, bob].map(readWatch));
    for (const { longestGapMs, wasGone } of seen) {
      expect(longestGapMs).toBeLessThan(STILL_MS);
      expect(wasGone).toBe(false);
    }
    await expectPeople(ada, ['Bob', 'Cyd']);
    await expectConnected(bob, 2);
    const { refused, datagrams, garbageStreams } = flood.report;
    const gaps = seen.map(({ longestGapMs }) => `${longestGapMs.toFixed(0)} ms`);
    process.stdout.write(
      `flood: ${refused} connections turned away, ${datagrams} datagrams, ${garbageStreams} streams of ` +
        `garbage; longest time without a picture ${gaps.join(' and ')}\n`,
    );
  });
});
