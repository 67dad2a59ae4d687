import { eventually, FAKE_CAMERAS } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from './support/accessibility.ts';
import { expectElement, expectText, joinApp, openRoom } from './support/app-page.ts';
import { chooseDevice } from './support/choose-device.ts';
import { startServerHere, useStage } from './support/stage.ts';

const [FIRST_CAMERA, SECOND_CAMERA] = FAKE_CAMERAS;

/** Entries of the list of cameras, the selected one marked. */
async function readCameras(page: TestPage): Promise<string[]> {
  return page.evaluate(() => {
    const options = document.querySelectorAll<HTMLOptionElement>(
      '[aria-label="Camera device"] option',
    );
    return [...options].map(({ label, selected }) => (selected ? `* ${label}` : label));
  }, undefined);
}

/** Plays that a camera is unplugged, or plugged in again. */
async function plug(page: TestPage, hidden: string | undefined): Promise<void> {
  await page.evaluate(async (label) => {
    Reflect.deleteProperty(navigator.mediaDevices, 'enumerateDevices');
    const devices = await navigator.mediaDevices.enumerateDevices();
    const left = devices.filter((device) => device.label !== label);
    navigator.mediaDevices.enumerateDevices = () => Promise.resolve(left);
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  }, hidden);
}

async function expectCameras(page: TestPage, wanted: readonly string[]): Promise<void> {
  const cameras = await eventually(
    `the cameras ${wanted.join()}`,
    () => readCameras(page),
    (found) => found.join() === wanted.join(),
  );
  expect(cameras).toEqual(wanted);
}

/** Every microphone that is opened from now on is one without a sound; long waits are short. */
async function silenceMicrophones(page: TestPage): Promise<void> {
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = async () =>
      new AudioContext().createMediaStreamDestination().stream;
    const wait = setTimeout;
    Object.assign(window, {
      setTimeout: (callback: () => void, delayMs: number) => wait(callback, delayMs / 10),
    });
  }, undefined);
}

describe('the lobby', () => {
  const stage = useStage(startServerHere);

  it('shows oneself as in a mirror, and plays two notes on the speaker', async () => {
    const page = await stage.open('chromium');
    await openRoom(page, stage, stage.newRoom());
    const transform = await page.evaluate(() => {
      const video = document.querySelector('video');
      return video === null ? undefined : getComputedStyle(video).transform;
    }, undefined);
    expect(transform).toBe('matrix(-1, 0, 0, 1, 0, 0)');

    await page.evaluate(() => {
      window.AudioContext = class extends AudioContext {
        constructor() {
          super();
          // It is closed by the last note that has been played to its end.
          this.addEventListener('statechange', () => (document.body.dataset['notes'] = this.state));
        }
      };
    }, undefined);
    await page.click('button', 'Test speaker');
    await eventually(
      'notes that have been played',
      () => page.evaluate(() => document.body.dataset['notes'], undefined),
      (state) => state === 'closed',
    );
  });

  it('moves a bar with my voice, and helps when no sound comes from the microphone', async () => {
    const page = await stage.open('chromium');
    await openRoom(page, stage, stage.newRoom());
    await eventually(
      'a bar that has moved',
      () => page.evaluate(() => document.querySelector('meter')?.value, undefined),
      (value = 0) => value > 0,
    );
    await silenceMicrophones(page);
    await chooseDevice(page, 'Microphone device', 'Fake Audio Input 1');
    await expectText(page, /Nothing to hear yet\. Does your microphone have a switch\?/u);
    await expectAccessible(page, 'a silent microphone');
  });

  it('remembers the camera that was chosen', async () => {
    const page = await stage.open('chromium');
    const room = stage.newRoom();
    await openRoom(page, stage, room);
    await eventually(
      'the cameras',
      () => readCameras(page),
      (cameras) => cameras.includes(`* ${FIRST_CAMERA}`) && cameras.includes(SECOND_CAMERA),
    );
    await chooseDevice(page, 'Camera device', SECOND_CAMERA);
    const isSecond = (cameras: readonly string[]): boolean =>
      cameras.includes(`* ${SECOND_CAMERA}`);
    await eventually('the other camera', () => readCameras(page), isSecond);
    await openRoom(page, stage, room);
    await eventually('the other camera again', () => readCameras(page), isSecond);
    const label = await page.evaluate(() => {
      const stream = document.querySelector('video')?.srcObject;
      return stream instanceof MediaStream ? stream.getVideoTracks()[0]?.label : undefined;
    }, undefined);
    expect(label).toBe(SECOND_CAMERA);
  });

  it.each(['lobby', 'call'])('keeps the list of cameras up to date in the %s', async (where) => {
    const page = await stage.open('chromium');
    const room = stage.newRoom();
    await (where === 'lobby'
      ? openRoom(page, stage, room)
      : joinApp(page, stage, { room, name: 'Ada' }));
    const all = await eventually(
      'the cameras, the one in use selected',
      () => readCameras(page),
      (cameras) => cameras.includes(`* ${FIRST_CAMERA}`) && cameras.includes(SECOND_CAMERA),
    );
    await plug(page, SECOND_CAMERA);
    await expectCameras(
      page,
      all.filter((camera) => camera !== SECOND_CAMERA),
    );
    await plug(page, undefined);
    await expectCameras(page, all);
  });
});

function languageOf(page: TestPage): Promise<string> {
  return page.evaluate(() => document.documentElement.lang, undefined);
}

describe('the language', () => {
  const stage = useStage(startServerHere);

  it.each(['chromium', 'firefox'] as const)('is that of the person in %s', async (browser) => {
    const page = await stage.open(browser, { language: 'ko-KR' });
    await page.goto(stage.server.url);
    await expectText(page, /새 통화/u);
    expect(await languageOf(page)).toBe('ko');
    await openRoom(page, stage, stage.newRoom());
    await page.fill('내 이름', '아다');
    await page.click('button', /^통화 시작|^참여/u);
    await expectElement(page, 'section[aria-label="통화 제어"]');
    await expectText(page, /링크/u);
  });

  it('can be changed, and is remembered', async () => {
    const page = await stage.open('chromium', { language: 'en-GB' });
    await page.goto(stage.server.url);
    await expectText(page, /New call/u);
    await page.select('Language', 'ko');
    await expectText(page, /새 통화/u);
    await page.goto(stage.server.url);
    await expectText(page, /새 통화/u);
    expect(await languageOf(page)).toBe('ko');
  });
});
