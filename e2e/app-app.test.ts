import {
  FAKE_CAMERAS,
  eventually,
  expectConnected,
  expectNoPicture,
  expectPicture,
  expectSilence,
  expectSound,
  readCallConnections,
} from '@parley/testkit';
import type { BrowserName, TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import {
  REMOTE_VIDEO,
  expectAvatar,
  expectPeople,
  isSwitchedOn,
  joinApp,
  meetInApp,
} from './support/app-page.ts';
import { chooseDevice } from './support/choose-device.ts';
import { negotiated, sentDevice } from './support/sending.ts';
import { startServerHere, useStage } from './support/stage.ts';
import { expectLight } from './support/video.ts';

const PAIRS: readonly (readonly [BrowserName, BrowserName])[] = [
  ['chromium', 'chromium'],
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
];

describe('app with app', () => {
  const stage = useStage(startServerHere);

  /** Ada is there first; Bob comes second. */
  async function meet(first: BrowserName, second: BrowserName): Promise<[TestPage, TestPage]> {
    const room = stage.newRoom();
    const [ada, bob] = await Promise.all([stage.open(first), stage.open(second)]);
    await meetInApp(stage, room, { Ada: ada, Bob: bob });
    await Promise.all([expectConnected(ada), expectConnected(bob)]);
    return [ada, bob];
  }

  it.each(PAIRS)(
    '%s and then %s: both see and hear each other by name, and when the first one mutes or turns the camera off',
    async (first, second) => {
      const [ada, bob] = await meet(first, second);
      await Promise.all([
        expectPeople(ada, ['Bob']),
        expectPeople(bob, ['Ada']),
        expectPicture(ada),
        expectPicture(bob),
        expectSound(ada),
        expectSound(bob),
        expectLight(ada, REMOTE_VIDEO),
        expectLight(bob, REMOTE_VIDEO),
        expectAvatar(ada, false),
        expectAvatar(bob, false),
      ]);
      await expectOneOffer(ada, bob);
      const [before] = await readCallConnections(ada);

      await ada.click('switch', 'Microphone');
      await expectSilence(bob);
      expect(await isSwitchedOn(ada, 'Microphone')).toBe(false);
      await expectMutedBadge(bob, true);
      await ada.click('switch', 'Microphone');
      await expectSound(bob);
      expect(await isSwitchedOn(ada, 'Microphone')).toBe(true);
      await expectMutedBadge(bob, false);

      await ada.click('switch', 'Camera');
      await Promise.all([expectNoPicture(bob), expectAvatar(bob, true)]);
      await expectSound(bob);
      expect(await isSwitchedOn(ada, 'Camera')).toBe(false);
      expect(
        sentDevice((await readCallConnections(ada))[0], 'video'),
        'the device is released',
      ).toBeUndefined();
      await ada.click('switch', 'Camera');
      await Promise.all([expectPicture(bob), expectAvatar(bob, false)]);
      await expectLight(bob, REMOTE_VIDEO);
      expect(await isSwitchedOn(ada, 'Camera')).toBe(true);
      expect(negotiated((await readCallConnections(ada))[0])).toEqual(negotiated(before));
    },
  );

  it.each(PAIRS)(
    '%s joins with the camera off, %s hears, and sees later',
    async (first, second) => {
      const room = stage.newRoom();
      const [ada, bob] = await Promise.all([stage.open(first), stage.open(second)]);
      await joinApp(ada, stage, { room, name: 'Ada', camera: 'off' });
      await joinApp(bob, stage, { room, name: 'Bob' });
      await Promise.all([expectSound(ada), expectSound(bob), expectAvatar(bob, true)]);
      const [before] = await readCallConnections(ada);
      await ada.click('switch', 'Camera');
      await Promise.all([expectPicture(bob), expectAvatar(bob, false), expectSound(bob)]);
      await expectLight(bob, REMOTE_VIDEO);
      expect(negotiated((await readCallConnections(ada))[0])).toEqual(negotiated(before));
    },
  );

  it.each(['chromium', 'firefox'] as const)('%s plays without another click', async (browser) => {
    const room = stage.newRoom();
    // Sound needs a click on the page first, as it does for most people; Join is that click.
    const ada = await stage.open(browser, { autoplay: 'blocked' });
    const bob = await stage.open('chromium');
    await meetInApp(stage, room, { Ada: ada, Bob: bob });
    await Promise.all([expectPicture(ada), expectSound(ada), expectLight(ada, REMOTE_VIDEO)]);
    const text = await ada.evaluate(() => document.body.innerText, undefined);
    expect(text).not.toMatch(/Turn sound on/u);
  });

  it('changes the camera without a new negotiation', async () => {
    const [ada, bob] = await meet('chromium', 'chromium');
    await expectPicture(bob);
    const [before] = await readCallConnections(ada);
    expect(sentDevice(before, 'video')).toBe(FAKE_CAMERAS[0]);

    for (const camera of [FAKE_CAMERAS[1], FAKE_CAMERAS[0]]) {
      await chooseDevice(ada, 'Camera device', camera);
      await eventually(
        `${camera} is sent`,
        async () => sentDevice((await readCallConnections(ada))[0], 'video'),
        (label) => label === camera,
      );
      await expectPicture(bob);
      await expectSound(bob);
      await expectAvatar(bob, false);
    }
    const [after] = await readCallConnections(ada);
    expect(negotiated(after)).toEqual(negotiated(before));
  });

  it('changes the microphone without a new negotiation, and stays muted', async () => {
    const [ada, bob] = await meet('chromium', 'chromium');
    await expectSound(bob);
    const [before] = await readCallConnections(ada);
    const microphone = 'Fake Audio Input 1';
    expect(sentDevice(before, 'audio')).not.toBe(microphone);
    await chooseDevice(ada, 'Microphone device', microphone);
    await eventually(
      `${microphone} is sent`,
      async () => sentDevice((await readCallConnections(ada))[0], 'audio'),
      (label) => label === microphone,
    );
    await expectSound(bob);

    await ada.click('switch', 'Microphone');
    await expectSilence(bob);
    await chooseDevice(ada, 'Microphone device', 'Fake Audio Input 2');
    await eventually(
      'the next one is sent',
      async () => sentDevice((await readCallConnections(ada))[0], 'audio'),
      (label) => label === 'Fake Audio Input 2',
    );
    await expectSilence(bob);
    expect(await isSwitchedOn(ada, 'Microphone')).toBe(false);
    expect(negotiated((await readCallConnections(ada))[0])).toEqual(negotiated(before));
  });
});

/** Whose offer it is depends on how ready the second one was: fast-join.test.ts. */
async function expectOneOffer(...pages: readonly TestPage[]): Promise<void> {
  const readings = (await Promise.all(pages.map(readCallConnections))).flat();
  const made = readings.map(({ offersMade }) => offersMade);
  expect(
    [
      [0, 1],
      [1, 0],
    ],
    'one offer',
  ).toContainEqual(made);
  expect(readings.map(({ offersReceived }) => offersReceived)).toEqual(made.toReversed());
}

async function expectMutedBadge(page: TestPage, isThere: boolean): Promise<void> {
  await eventually(
    isThere ? 'a badge that says muted' : 'no badge that says muted',
    () => page.evaluate(() => document.querySelector('[data-peer]')?.textContent ?? '', undefined),
    (text) => /Muted/u.test(text) === isThere,
  );
}
