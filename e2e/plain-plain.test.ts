import {
  FAKE_CAMERAS,
  eventually,
  expectConnected,
  expectPicture,
  expectSilence,
  expectSound,
  readOpenConnections,
} from '@parley/testkit';
import type { BrowserName, TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { chooseDevice } from './support/choose-device.ts';
import { PEERS_FACE, expectError, expectStatus, joinPlain } from './support/plain-page.ts';
import { negotiated, sentDevice } from './support/sending.ts';
import { startServerHere, useStage } from './support/stage.ts';
import { expectBlack, expectLight } from './support/video.ts';

const PAIRS: readonly (readonly [BrowserName, BrowserName])[] = [
  ['chromium', 'chromium'],
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
];

describe('tutorial page with tutorial page', () => {
  const stage = useStage(startServerHere);

  async function meet(first: BrowserName, second: BrowserName): Promise<[TestPage, TestPage]> {
    const room = stage.newRoom();
    const [ada, bob] = await Promise.all([stage.open(first), stage.open(second)]);
    await joinPlain(ada, stage, room);
    await joinPlain(bob, stage, room);
    await Promise.all([expectConnected(ada), expectConnected(bob)]);
    return [ada, bob];
  }

  it.each(PAIRS)(
    '%s and %s see and hear each other, and what the first one does',
    async (first, second) => {
      const [ada, bob] = await meet(first, second);
      await Promise.all([
        expectPicture(ada),
        expectPicture(bob),
        expectSound(ada),
        expectSound(bob),
        expectLight(ada, PEERS_FACE),
        expectLight(bob, PEERS_FACE),
      ]);
      await expectStatus(ada, /You are in a call/u);
      await expectStatus(bob, /You are in a call/u);

      await ada.click('button', 'Mute');
      await expectSilence(bob);
      await ada.click('button', 'Unmute');
      await expectSound(bob);

      await ada.click('button', 'Turn camera off');
      await expectBlack(bob, PEERS_FACE);
      await expectSound(bob);
      await ada.click('button', 'Turn camera on');
      await expectLight(bob, PEERS_FACE);
    },
  );

  it('changes the camera without a new negotiation', async () => {
    const [ada, bob] = await meet('chromium', 'chromium');
    await expectPicture(bob);
    const [before] = await readOpenConnections(ada);
    expect(sentDevice(before, 'video')).toBe(FAKE_CAMERAS[0]);
    await chooseDevice(ada, 'Camera', FAKE_CAMERAS[1]);
    await eventually(
      'the other camera is sent',
      async () => sentDevice((await readOpenConnections(ada))[0], 'video'),
      (label) => label === FAKE_CAMERAS[1],
    );
    await expectPicture(bob);
    await expectSound(bob);
    const [after] = await readOpenConnections(ada);
    expect(negotiated(after)).toEqual(negotiated(before));
  });

  it('is ready for the next person when the other one leaves or closes the tab', async () => {
    const room = stage.newRoom();
    const [ada, bob] = [await stage.open('chromium'), await stage.open('chromium')];
    await joinPlain(ada, stage, room);
    await joinPlain(bob, stage, room);
    await expectPicture(ada);
    await bob.click('button', 'Leave');
    await expectStatus(ada, /left/u);
    expect(await readOpenConnections(bob)).toEqual([]);

    await joinPlain(bob, stage, room);
    await Promise.all([expectPicture(ada), expectPicture(bob)]);
    const carol = await stage.open('chromium');
    await bob.goto('about:blank');
    await expectStatus(ada, /left/u);

    await joinPlain(carol, stage, room);
    await Promise.all([expectPicture(ada), expectPicture(carol), expectSound(carol)]);
  });

  it('says in words that the camera was refused, and still shows the other person', async () => {
    const room = stage.newRoom();
    const ada = await stage.open('chromium', { permission: 'denied' });
    const bob = await stage.open('chromium');
    await joinPlain(ada, stage, room);
    await expectError(ada, /did not allow/u);
    await joinPlain(bob, stage, room);
    await Promise.all([expectPicture(ada), expectSound(ada)]);
  });

  it('tells a third person that this page is made for two', async () => {
    const room = stage.newRoom();
    const [ada, bob] = [await stage.open('chromium'), await stage.open('chromium')];
    await joinPlain(ada, stage, room);
    await joinPlain(bob, stage, room);
    await expectPicture(bob);
    const carol = await stage.open('chromium');
    await joinPlain(carol, stage, room);
    await expectStatus(carol, /made for two/u);
    await Promise.all([expectPicture(ada), expectPicture(bob)]);
  });
});
