import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FAKE_CAMERAS, eventually, expectPicture, readConnections } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from './support/accessibility.ts';
import {
  REMOTE_VIDEO,
  expectAvatar,
  expectText,
  joinAs,
  meetInApp,
  openRoom,
} from './support/app-page.ts';
import { expectBlurred, readBlur, toggleBlur } from './support/blur.ts';
import { chooseDevice } from './support/choose-device.ts';
import { makeBusy } from './support/quality.ts';
import { startServerHere, useStage } from './support/stage.ts';
import { readDetail } from './support/video.ts';
import type { Region } from './support/video.ts';

const BUILT = fileURLToPath(new URL('../packages/server/public/', import.meta.url));
/** The picture on the wall behind the person that the tests draw, and the person's eyes and mouth. */
const WALL: Region = { left: 0.05, top: 0.08, width: 0.25, height: 0.5 };
const FACE: Region = { left: 0.42, top: 0.36, width: 0.16, height: 0.26 };
/** The edges of the picture on the wall give 100 to 250, the face 400 and more; what is blurred gives less than 5. */
const SHARP = 40;
const SOFT = 15;
const LOBBY_VIDEO = 'section[aria-label] video';
const FETCHED_FOR_BLUR = /blur-worker|\.tflite|tflite.*\.wasm/u;

const isFetched = ({ requests }: TestPage): boolean =>
  requests.some((address) => FETCHED_FOR_BLUR.test(address));

async function expectSharp(page: TestPage, selector: string, region: Region): Promise<void> {
  const read = (): Promise<number> => readDetail(page, selector, region);
  await eventually('a picture with details', read, (detail) => detail > SHARP);
}

/** Name of the track that the page sends as its picture; each one that is made has its own. */
async function sentPicture(page: TestPage): Promise<string | undefined> {
  const senders = (await readConnections(page)).flatMap((connection) => connection.senders);
  return senders.find(({ kind }) => kind === 'video')?.track?.label;
}

/** The wall is soft, and the face, in the same pictures, is not. */
async function expectOnlyPerson(page: TestPage, selector: string): Promise<void> {
  await expectSharp(page, selector, FACE);
  const read = (): Promise<number> => readDetail(page, selector, WALL);
  await eventually('a blurred wall', read, (detail) => detail < SOFT);
}

describe('a blurred background', () => {
  const stage = useStage(startServerHere);

  it('is what the others get from Chromium and from Firefox, also of who looks at another tab, whatever becomes of the camera, until it is turned off', async () => {
    const room = stage.newRoom();
    const [ada, bob] = await Promise.all([
      stage.open('chromium', { drawnPerson: 200 }),
      stage.open('firefox', { drawnPerson: 30 }),
    ]);
    await meetInApp(stage, room, { Ada: ada, Bob: bob });
    for (const page of [ada, bob]) {
      await expectSharp(page, REMOTE_VIDEO, WALL);
      expect(isFetched(page), 'fetched without having been asked for').toBe(false);
    }

    for (const page of [ada, bob]) {
      await page.click('button', 'More');
      await page.click('button', 'Settings');
      await toggleBlur(page);
      await expectBlurred(page);
    }
    await expectAccessible(ada, 'settings with a blurred background');
    await expectOnlyPerson(ada, REMOTE_VIDEO);
    await expectOnlyPerson(bob, REMOTE_VIDEO);
    expect([isFetched(ada), isFetched(bob)]).toEqual([true, true]);

    const uncover = await bob.cover();
    await expectPicture(ada);
    await expectOnlyPerson(ada, REMOTE_VIDEO);
    await uncover();

    await ada.click('switch', 'Camera');
    await expectAvatar(bob, true);
    await ada.click('switch', 'Camera');
    await expectOnlyPerson(bob, REMOTE_VIDEO);

    await openRoom(ada, stage, room);
    await expectOnlyPerson(ada, LOBBY_VIDEO);
    await joinAs(ada, 'Ada');
    await expectOnlyPerson(bob, REMOTE_VIDEO);
    const before = await sentPicture(ada);
    await chooseDevice(ada, 'Camera device', FAKE_CAMERAS[1]);
    await eventually(
      'another camera',
      () => sentPicture(ada),
      (label) => label !== before,
    );
    await expectPicture(bob);
    expect(await readDetail(bob, REMOTE_VIDEO, WALL), 'after another camera').toBeLessThan(SOFT);

    await makeBusy(ada);
    await ada.click('button', 'Stop blurring');
    await expectSharp(bob, REMOTE_VIDEO, WALL);
  });

  it('that cannot be fetched is told: who wanted it is not shown without it unawares', async () => {
    const publicDir = mkdtempSync(join(tmpdir(), 'parley-without-model-'));
    cpSync(BUILT, publicDir, { recursive: true });
    const folder = join(publicDir, 'assets', 'extra');
    for (const name of readdirSync(folder))
      if (name.endsWith('.tflite')) rmSync(join(folder, name));
    const server = await startServerHere({ publicDir });
    const page = await stage.open('chromium', { drawnPerson: 200 });
    try {
      const place = { ...stage, server };
      await openRoom(page, place, stage.newRoom());
      await toggleBlur(page);
      await expectText(page, /could not be blurred\. The others see it as it is/u);
      expect((await readBlur(page)).isOn).toBe(false);
      await expectSharp(page, LOBBY_VIDEO, WALL);

      await page.evaluate(() => localStorage.setItem('parley.blur', 'on'), undefined);
      await openRoom(page, place, stage.newRoom());
      await expectText(page, /Your background cannot be blurred/u);
      await expectText(page, /so your camera stays off/u);
      expect(await readDetail(page, LOBBY_VIDEO, WALL), 'no picture').toBe(0);
      await expectAccessible(page, 'a background that cannot be blurred');
      await page.click('button', 'Camera without blur');
      await expectSharp(page, LOBBY_VIDEO, WALL);
      expect((await readBlur(page)).isOn).toBe(false);
    } finally {
      await page.close(); // it would say that it cannot reach the server any more
      await server.close();
      rmSync(publicDir, { recursive: true, force: true });
    }
  });
});
