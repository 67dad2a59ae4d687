import { eventually, expectPicture, expectSound } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from './support/accessibility.ts';
import { expectAvatar, expectText, joinApp, meetInApp } from './support/app-page.ts';
import { expectBlurred, toggleBlur } from './support/blur.ts';
import { makeBusy, measureVideoBitrate, readTraffic } from './support/quality.ts';
import { startServerHere, useStage } from './support/stage.ts';

/** Headers of a few packets; a small picture takes twenty times as much. */
const ALMOST_NOTHING = 5_000;
/** A picture of 180 lines, whatever the shape of the camera. */
const SMALL = 340;

const isSmall = (width: number): boolean => width > 0 && width <= SMALL;

async function expectWidth(
  page: TestPage,
  what: string,
  isRight: (width: number) => boolean,
): Promise<void> {
  const read = async (): Promise<number> => (await readTraffic(page)).frameWidth;
  await eventually(`a picture that is ${what}`, read, isRight, { deadlineMs: 20_000 });
}

describe('who saves data', () => {
  const stage = useStage(startServerHere);

  it('sends and gets small pictures or none, the others see it, and a busy device says so', async () => {
    const room = stage.newRoom();
    const asAsked = { cameraSize: 'as asked' } as const;
    const [ada, bob] = await Promise.all([
      stage.open('chromium', asAsked),
      stage.open('firefox', asAsked),
    ]);
    await meetInApp(stage, room, { Ada: ada, Bob: bob });
    await expectWidth(bob, 'large', (width) => width >= 600);

    await ada.click('button', 'More');
    await ada.click('button', 'Settings');
    await toggleBlur(ada);
    await expectBlurred(ada);
    await ada.select('Pictures', 'low');
    await expectWidth(bob, 'small, because its sender saves data', isSmall);
    await toggleBlur(ada);
    await expectWidth(ada, 'small, because its receiver saves data', isSmall);
    await expectText(bob, /Ada\s*Low data/u);
    await Promise.all([expectPicture(ada), expectPicture(bob)]);
    await expectAccessible(ada, 'settings of a call with little data');

    await ada.select('Pictures', 'audio');
    await expectText(bob, /Ada\s*Audio only/u);
    await Promise.all([expectAvatar(ada, true), expectAvatar(bob, true)]);
    await expectText(ada, /no pictures are sent or received/u);
    await expectAccessible(ada, 'audio only');
    await eventually(
      'nobody sends a picture',
      () => measureVideoBitrate(bob, 1_000),
      (bitrate) => bitrate < ALMOST_NOTHING,
    );
    await Promise.all([expectSound(ada), expectSound(bob)]);

    await joinApp(ada, stage, { room, name: 'Ada' });
    await expectText(bob, /Ada\s*Audio only/u);
    await expectText(ada, /no pictures are sent or received/u);
    await ada.click('switch', 'Camera');
    await Promise.all([expectPicture(ada), expectPicture(bob)]);
    expect(await ada.evaluate(() => document.body.innerText, undefined)).not.toMatch(
      /no pictures/u,
    );

    await makeBusy(ada);
    await expectText(ada, /This device is very busy/u);
    await expectAccessible(ada, 'a busy device');
    await ada.click('button', 'Use low data');
    await expectText(bob, /Ada\s*Low data/u);
  });
});
