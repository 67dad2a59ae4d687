import {
  eventually,
  expectConnected,
  expectPicture,
  expectSilence,
  expectSound,
  readCallConnections,
} from '@parley/testkit';
import type { BrowserName, BrowserOptions } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from './support/accessibility.ts';
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
import { MACHINE_NAME, startServerHere, useStage } from './support/stage.ts';
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

describe('a person whose page has no https', () => {
  const stage = useStage(startServerHere);

  it.each([
    [
      'en-GB',
      /Cameras need a secure address[\s\S]*https:\/\/[\s\S]*Test connection/u,
      'Your name',
      /^Join without/u,
    ],
    ['ko-KR', /보안 주소가 필요해요[\s\S]*https:\/\//u, '내 이름', /참여/u],
  ])(
    'learns why there is no camera and what to ask for, and sees and hears the others, in %s',
    async (language, says, nameField, join) => {
      const room = stage.newRoom();
      const bob = await stage.open('chromium');
      await joinApp(bob, stage, { room, name: 'Bob' });
      const ada = await stage.open('chromium', { language, machineName: MACHINE_NAME });
      const { port } = new URL(stage.server.url);
      await ada.goto(`http://${MACHINE_NAME}:${port}/r/${encodeURIComponent(room)}`);
      await expectText(ada, says);
      expect(await ada.evaluate(() => isSecureContext, undefined)).toBe(false);
      await eventually(
        'the place of what blurs',
        async () => ada.requests,
        (addresses) => addresses.some((address) => /blur-panel/u.test(address)),
      );
      await expectAccessible(ada, `a page without https, ${language}`);
      const boxes = await ada.evaluate(
        () => document.querySelectorAll('input[type="checkbox"]').length,
        undefined,
      );
      expect(boxes, 'nothing to blur without a camera').toBe(0);
      await ada.fill(nameField, 'Ada');
      await ada.click('button', join);
      await Promise.all([expectPicture(ada), expectSound(ada), expectPeople(bob, ['Ada'])]);
      await expectAvatar(bob, true);
    },
  );
});
