import { eventually, expectPicture, expectSound, readCallConnections } from '@parley/testkit';
import type { BrowserName, ConnectionReading, TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { REMOTE_VIDEO, expectAvatar, joinApp } from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';
import { expectLight } from './support/video.ts';

const PAIRS: readonly (readonly [BrowserName, BrowserName])[] = [
  ['chromium', 'chromium'],
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
];
/** So often offers have to cross; each round may fail to make them. */
const CROSSINGS = 3;
const MAX_ROUNDS = 20;

describe('both sides want to negotiate at the same moment', () => {
  const stage = useStage(startServerHere);

  it.each(PAIRS)('%s and %s agree, and the call goes on', async (first, second) => {
    const room = stage.newRoom();
    const [ada, bob] = await Promise.all([stage.open(first), stage.open(second)]);
    await joinApp(ada, stage, { room, name: 'Ada' });
    await joinApp(bob, stage, { room, name: 'Bob' });
    // Chromium never shows a picture whose first frame came after an offer was taken back.
    await Promise.all([expectLight(ada, REMOTE_VIDEO), expectLight(bob, REMOTE_VIDEO)]);

    let crossings = 0;
    for (let round = 1; crossings < CROSSINGS && round <= MAX_ROUNDS; round += 1) {
      await Promise.all([addSection(ada), addSection(bob)]);
      await Promise.all([ada, bob].map((page) => expectSections(page, 2 + 2 * round)));
      const readings = [...(await readCallConnections(ada)), ...(await readCallConnections(bob))];
      crossings = readings.reduce((sum, { offersTakenBack }) => sum + offersTakenBack, 0);
      expect(mids(readings[0])).toEqual(mids(readings[1]));
    }
    expect(crossings).toBeGreaterThanOrEqual(CROSSINGS);
    await Promise.all([expectPicture(ada), expectPicture(bob), expectSound(ada), expectSound(bob)]);
    await Promise.all([expectAvatar(ada, false), expectAvatar(bob, false)]);
    await Promise.all([expectLight(ada, REMOTE_VIDEO), expectLight(bob, REMOTE_VIDEO)]);
  });
});

/** Adds a section behind the back of the SDK, which makes the browser ask for a negotiation. */
async function addSection(page: TestPage): Promise<void> {
  await page.evaluate(() => {
    const inCall = window.rtcProbe?.connections.find(
      (each) => each.connectionState === 'connected',
    );
    inCall?.addTransceiver('audio', { direction: 'sendonly' });
  }, undefined);
}

async function expectSections(page: TestPage, count: number): Promise<void> {
  await eventually(
    `${count} negotiated sections`,
    async () => (await readCallConnections(page))[0],
    (reading) => reading?.signalingState === 'stable' && mids(reading).length === count,
  );
}

/** Names of the sections that both sides have agreed on, sorted. */
function mids(reading: ConnectionReading | undefined): string[] {
  const known = reading?.senders.flatMap(({ mid, direction }) => {
    return mid === null || direction === null ? [] : [mid];
  });
  return (known ?? []).toSorted();
}
