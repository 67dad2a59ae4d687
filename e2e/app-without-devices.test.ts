import {
  expectConnected,
  expectPicture,
  expectSilence,
  expectSound,
  readCallConnections,
} from '@parley/testkit';
import type { BrowserName, BrowserOptions } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import {
  REMOTE_VIDEO,
  expectAvatar,
  expectPeople,
  expectText,
  isSwitchedOn,
  joinApp,
  meetInApp,
  joinAs,
  openRoom,
} from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';
import { expectLight } from './support/video.ts';

interface Lack {
  readonly what: string;
  readonly browser: BrowserName;
  readonly options: BrowserOptions;
  /** What the page says about it. */
  readonly says: RegExp;
  readonly hasMicrophone: boolean;
}

const LACKS: readonly Lack[] = [
  {
    what: 'permission in Chromium',
    browser: 'chromium',
    options: { permission: 'denied' },
    says: /Your browser is blocking the camera and microphone/u,
    hasMicrophone: false,
  },
  {
    what: 'permission in Firefox',
    browser: 'firefox',
    options: { permission: 'denied' },
    says: /Your browser is blocking the camera and microphone/u,
    hasMicrophone: false,
  },
  {
    what: 'a camera',
    browser: 'chromium',
    options: { cameras: 0 },
    says: /No camera found/u,
    hasMicrophone: true,
  },
];

describe('a person who lacks something', () => {
  const stage = useStage(startServerHere);

  it.each(LACKS)('without $what, first in the room', async (lack) => {
    const room = stage.newRoom();
    const ada = await stage.open(lack.browser, lack.options);
    const bob = await stage.open('chromium');
    await openRoom(ada, stage, room);
    await expectText(ada, lack.says);
    expect(await isSwitchedOn(ada, 'Camera')).toBe(false);
    expect(await isSwitchedOn(ada, 'Microphone')).toBe(lack.hasMicrophone);
    await joinAs(ada, 'Ada');
    await joinApp(bob, stage, { room, name: 'Bob' });

    await Promise.all([expectPicture(ada), expectSound(ada), expectLight(ada, REMOTE_VIDEO)]);
    await Promise.all([expectPeople(bob, ['Ada']), expectAvatar(bob, true)]);
    await (lack.hasMicrophone ? expectSound(bob) : expectConnected(bob));
  });

  it.each(LACKS)('without $what, second in the room', async (lack) => {
    const room = stage.newRoom();
    const ada = await stage.open(lack.browser, lack.options);
    const bob = await stage.open('chromium');
    await meetInApp(stage, room, { Bob: bob, Ada: ada });

    await Promise.all([expectPicture(ada), expectSound(ada), expectLight(ada, REMOTE_VIDEO)]);
    await Promise.all([expectPeople(bob, ['Ada']), expectAvatar(bob, true)]);
    await (lack.hasMicrophone ? expectSound(bob) : expectConnected(bob));
  });

  it('two people without a camera hear each other', async () => {
    const room = stage.newRoom();
    const [ada, bob] = [
      await stage.open('chromium', { cameras: 0 }),
      await stage.open('chromium', { cameras: 0 }),
    ];
    await meetInApp(stage, room, { Ada: ada, Bob: bob });
    await Promise.all([expectSound(ada), expectSound(bob)]);
    await Promise.all([expectAvatar(ada, true), expectAvatar(bob, true)]);
    await ada.click('switch', 'Microphone');
    await expectSilence(bob);
    const [reading] = await readCallConnections(bob);
    expect(reading?.video.packetsReceived).toBe(0);
  });
});
