/** A picture is sent as large as it is shown; sound goes on whatever happens to pictures. */
import { eventually, expectNoPicture, expectPicture, expectSound } from '@parley/testkit';
import type { BrowserName, TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { meetInApp } from './support/app-page.ts';
import { measureVideoBitrate, readTraffic, showTiles } from './support/quality.ts';
import { startServerHere, useStage } from './support/stage.ts';

const PAIRS: readonly (readonly [BrowserName, BrowserName])[] = [
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
];
const LARGE = { width: 2_000, height: 2_000 };
const SMALL = { width: 160, height: 90 };
/** Headers of a few packets; a picture takes a hundred times as much. */
const ALMOST_NOTHING = 5_000;
/** Two round trips and a key frame, on a busy machine. */
const QUICK_MS = 2_500;

async function expectWidth(
  page: TestPage,
  what: string,
  isRight: (width: number) => boolean,
): Promise<number> {
  const read = async (): Promise<number> => (await readTraffic(page)).frameWidth;
  return eventually(`a picture that is ${what}`, read, isRight, { deadlineMs: 20_000 });
}

describe('the picture of one other person', () => {
  const stage = useStage(startServerHere);

  /** Ada sends, Bob shows. */
  async function meet(sender: BrowserName, receiver: BrowserName): Promise<[TestPage, TestPage]> {
    const room = stage.newRoom();
    const asAsked = { cameraSize: 'as asked' } as const;
    const [ada, bob] = await Promise.all([
      stage.open(sender, asAsked),
      stage.open(receiver, asAsked),
    ]);
    await meetInApp(stage, room, { Ada: ada, Bob: bob });
    await expectPicture(bob);
    return [ada, bob];
  }

  it.each(PAIRS)('%s sends to %s what is shown there, and no more', async (sender, receiver) => {
    const [ada, bob] = await meet(sender, receiver);
    const large = await expectWidth(bob, 'large', (width) => width >= 600);

    await showTiles(bob, SMALL);
    const small = await expectWidth(bob, 'small', (width) => width > 0 && width <= 340);
    const smallBitrate = await measureVideoBitrate(ada, 1_500);
    expect(smallBitrate).toBeLessThan(300_000);

    await showTiles(bob, undefined);
    await expectNoPicture(bob);
    const heardBefore = (await readTraffic(bob)).audioPacketsReceived;
    const hiddenBitrate = await measureVideoBitrate(ada, 1_000);
    expect(hiddenBitrate).toBeLessThan(ALMOST_NOTHING);
    expect((await readTraffic(bob)).audioPacketsReceived).toBeGreaterThan(heardBefore);

    const { framesDecoded } = await readTraffic(bob);
    const shownAtMs = performance.now();
    await showTiles(bob, LARGE);
    const read = async (): Promise<number> => (await readTraffic(bob)).framesDecoded;
    await eventually('a new frame', read, (frames) => frames > framesDecoded);
    const backMs = performance.now() - shownAtMs;
    expect(backMs).toBeLessThan(QUICK_MS);
    await expectWidth(bob, 'large again', (width) => width >= 600);
    await Promise.all([expectPicture(bob), expectSound(bob)]);
    console.log(
      `${sender} to ${receiver}: ${large} pixels wide, ${small} when small ` +
        `(${Math.round(smallBitrate / 1_000)} kbit/s), ${Math.round(hiddenBitrate)} bit/s when ` +
        `hidden, a frame ${Math.round(backMs)} ms after it is shown again`,
    );
  });
});
