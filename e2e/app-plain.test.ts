import {
  expectConnected,
  expectNoPicture,
  expectPicture,
  expectSilence,
  expectSound,
} from '@parley/testkit';
import type { BrowserName, TestPage } from '@parley/testkit';
import { describe, it } from 'vitest';
import { REMOTE_VIDEO, expectAvatar, expectPeople, joinApp } from './support/app-page.ts';
import { PEERS_FACE, expectStatus, joinPlain } from './support/plain-page.ts';
import { startServerHere, useStage } from './support/stage.ts';
import { expectBlack, expectLight } from './support/video.ts';

/** Browser of the tutorial page, browser of the app, who is there first. */
const CALLS: readonly (readonly [BrowserName, BrowserName, 'plain' | 'app'])[] = [
  ['chromium', 'chromium', 'plain'],
  ['chromium', 'chromium', 'app'],
  ['firefox', 'chromium', 'plain'],
  ['chromium', 'firefox', 'plain'],
];

describe('tutorial page with app', () => {
  const stage = useStage(startServerHere);

  interface Meeting {
    readonly plain: TestPage;
    readonly app: TestPage;
    readonly room: string;
  }

  async function meet(
    [plainIn, appIn, first]: (typeof CALLS)[number],
    camera: 'on' | 'off' = 'on',
  ): Promise<Meeting> {
    const room = stage.newRoom();
    const [plain, app] = await Promise.all([stage.open(plainIn), stage.open(appIn)]);
    if (first === 'plain') await joinPlain(plain, stage, room);
    await joinApp(app, stage, { room, name: 'Ada', camera });
    if (first === 'app') await joinPlain(plain, stage, room);
    await Promise.all([expectConnected(plain), expectConnected(app)]);
    return { plain, app, room };
  }

  it.each(CALLS)('tutorial page in %s, app in %s, first the %s', async (...call) => {
    const { plain, app } = await meet(call);
    await Promise.all([
      expectPicture(plain),
      expectPicture(app),
      expectSound(plain),
      expectSound(app),
      expectLight(plain, PEERS_FACE),
      expectLight(app, REMOTE_VIDEO),
      expectAvatar(app, false),
      // The tutorial page sends no name.
      expectPeople(app, ['Guest']),
    ]);
  });

  it.each(CALLS.slice(0, 2))('actions reach the other side: %s, %s, %s', async (...call) => {
    const { plain, app } = await meet(call);
    await Promise.all([expectSound(plain), expectSound(app), expectLight(app, REMOTE_VIDEO)]);

    await Promise.all([plain.click('button', 'Mute'), app.click('switch', 'Microphone')]);
    await Promise.all([expectSilence(app), expectSilence(plain)]);
    await Promise.all([plain.click('button', 'Unmute'), app.click('switch', 'Microphone')]);
    await Promise.all([expectSound(app), expectSound(plain)]);

    await Promise.all([plain.click('button', 'Turn camera off'), app.click('switch', 'Camera')]);
    await Promise.all([expectBlack(app, REMOTE_VIDEO), expectNoPicture(plain)]);
    await Promise.all([plain.click('button', 'Turn camera on'), app.click('switch', 'Camera')]);
    await Promise.all([expectLight(app, REMOTE_VIDEO), expectPicture(plain)]);
  });

  it.each(CALLS)('camera off in the app: %s, %s, %s', async (...call) => {
    const { plain, app } = await meet(call, 'off');
    await Promise.all([expectSound(plain), expectSound(app), expectPicture(app)]);
    await app.click('switch', 'Camera');
    await Promise.all([expectPicture(plain), expectLight(plain, PEERS_FACE), expectSound(plain)]);
  });

  it('either may leave and come back', async () => {
    const { plain, app, room } = await meet(['chromium', 'chromium', 'plain']);
    await app.click('button', 'Leave');
    await expectStatus(plain, /left/u);
    await app.click('button', 'Rejoin');
    await Promise.all([expectPicture(plain), expectPicture(app)]);

    await plain.click('button', 'Leave');
    await expectPeople(app, []);
    await joinPlain(plain, stage, room);
    await Promise.all([expectPicture(plain), expectPicture(app), expectPeople(app, ['Guest'])]);
  });
});
