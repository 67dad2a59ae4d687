import { eventually, expectConnected, expectPicture, expectSound } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from './support/accessibility.ts';
import {
  expectAnnounced,
  expectElement,
  expectNoText,
  expectPeople,
  expectText,
  joinApp,
} from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

declare global {
  interface Window {
    /** What a page has written, once it is whole. */
    recorded?: Blob;
  }
}

/** What a recorded file holds, as a player finds out. */
interface Played {
  readonly seconds: number;
  /** How far the two people stand out from tiles without a picture, 0 to 255. */
  readonly contrast: readonly number[];
  /** Root mean square of the sound, 0 to 1. */
  readonly loudness: number;
}

/** Compression changes colours by a few steps. */
const CLEAR = 40;
const AUDIBLE = 0.005;

/** The person chooses a file, in the private file system of the page. Pages of tests have no dialogs. */
async function chooseFile(page: TestPage): Promise<void> {
  await page.evaluate(() => {
    Object.assign(window, {
      showSaveFilePicker: async ({ suggestedName }: { readonly suggestedName: string }) => {
        const folder = await navigator.storage.getDirectory();
        return folder.getFileHandle(suggestedName, { create: true });
      },
    });
  }, undefined);
}

/** Name and content of the file that was chosen. */
async function takeChosenFile(page: TestPage): Promise<string> {
  return page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    const names: string[] = [];
    for await (const name of folder.keys()) names.push(name);
    const [name = ''] = names;
    window.recorded = await (await folder.getFileHandle(name)).getFile();
    return name;
  }, undefined);
}

/** Keeps what the page offers as a download, and lets it go nowhere. */
async function catchDownload(page: TestPage): Promise<void> {
  await page.evaluate(() => {
    const makeAddress = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (object) => {
      if (object instanceof Blob) window.recorded = object;
      return makeAddress(object);
    };
    HTMLAnchorElement.prototype.click = () => undefined;
  }, undefined);
}

/** Waits until the clock of the recording has gone on for two seconds. */
async function recordOn(page: TestPage): Promise<void> {
  const readSeconds = (): Promise<number> =>
    page.evaluate(() => {
      const [minutes = 0, seconds = 0] = (document.querySelector('time')?.innerText ?? '')
        .split(':')
        .map(Number);
      return minutes * 60 + seconds;
    }, undefined);
  const before = await readSeconds();
  await eventually('two more seconds', readSeconds, (seconds) => seconds >= before + 2);
}

/** Firefox mixes no sound on a machine without a sound card; what begins, begins at once. */
async function mixesSound(page: TestPage): Promise<boolean> {
  return page.evaluate(async () => {
    const context = new AudioContext();
    const late = new Promise((resolve) => {
      setTimeout(resolve, 3_000);
    });
    await Promise.race([context.resume(), late]);
    const { state } = context;
    await context.close();
    return state === 'running';
  }, undefined);
}

async function playRecorded(page: TestPage): Promise<Played> {
  await eventually(
    'a file that is whole',
    () => page.evaluate(() => window.recorded !== undefined, undefined),
    Boolean,
  );
  return page.evaluate(async () => {
    const { recorded } = window;
    if (recorded === undefined) throw new Error('nothing was recorded');
    const video = document.createElement('video');
    video.muted = true;
    video.playbackRate = 4;
    video.src = URL.createObjectURL(recorded);
    const ended = new Promise((resolve, reject) => {
      video.addEventListener('ended', resolve);
      video.addEventListener('error', () => reject(new Error(video.error?.message)));
    });
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [64, 36];
    const paint = canvas.getContext('2d', { willReadFrequently: true });
    if (paint === null) throw new Error('This browser has no canvas');
    /** A tile without a picture. */
    const dark = [32, 43, 46, 255];
    const contrast = [0, 0];
    const look = setInterval(() => {
      paint.drawImage(video, 0, 0, canvas.width, canvas.height);
      for (const [index, left] of [3, 35].entries()) {
        const { data } = paint.getImageData(left, 16, 4, 4);
        const apart = [...data].map((value, place) => Math.abs(value - (dark[place % 4] ?? 0)));
        contrast[index] = Math.max(contrast[index] ?? 0, ...apart);
      }
    }, 50);
    await video.play();
    await ended;
    clearInterval(look);
    const sound = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(
      await recorded.arrayBuffer(),
    );
    const samples = sound.getChannelData(0);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    return { seconds: sound.duration, contrast, loudness: Math.sqrt(power) };
  }, undefined);
}

function expectPeopleIn({ seconds, contrast }: Played): void {
  expect(seconds, 'length of the sound').toBeGreaterThan(1);
  expect(Math.min(...contrast), `pictures: ${contrast.join(', ')}`).toBeGreaterThan(CLEAR);
}

describe('a recording', () => {
  const stage = useStage(startServerHere);

  it('holds everybody, everybody knows of it, and it ends with the one who makes it', async () => {
    const room = stage.newRoom();
    const [ada, bob] = await Promise.all([stage.open('chromium'), stage.open('firefox')]);
    const [hasSound] = await Promise.all([
      mixesSound(bob),
      joinApp(ada, stage, { room, name: 'Ada' }),
    ]);
    await chooseFile(ada);
    await ada.click('button', 'More');
    await ada.click('button', 'Record the call');
    await expectText(ada, /You are recording\. Everybody sees that/u);
    await expectAccessible(ada, 'my own recording');

    await joinApp(bob, stage, { room, name: 'Bob' });
    await expectConnected(ada);
    await expectText(bob, /Ada is recording this call/u);
    await expectElement(bob, '[data-recorded]');
    await expectAnnounced(bob, /Ada is recording this call/u);
    await expectAccessible(bob, 'a call that somebody records');
    await Promise.all([expectPicture(ada), expectSound(ada)]);
    await recordOn(ada);
    await ada.click('button', 'Stop recording');
    await expectText(ada, /Recording saved/u);
    expect(await takeChosenFile(ada)).toMatch(/^room \d+ \d{4}-\d\d-\d\d \d\d\.\d\d\.webm$/u);
    const played = await playRecorded(ada);
    expectPeopleIn(played);
    expect(played.loudness, 'loudness').toBeGreaterThan(AUDIBLE);
    await eventually(
      'no notice any more',
      () => bob.evaluate(() => document.querySelector('[data-recorded]') === null, undefined),
      Boolean,
    );

    await catchDownload(bob);
    await bob.click('button', 'More');
    await bob.click('button', 'Record the call');
    await expectText(ada, /Bob is recording this call/u);
    await Promise.all([expectPicture(bob), expectSound(bob)]);
    await recordOn(bob);
    if (!hasSound) {
      await expectText(bob, /The sound is missing/u);
      await expectAnnounced(bob, /The sound is missing/u);
    }
    await bob.click('button', 'Leave');
    await expectPeople(ada, []);
    await expectNoText(ada, /recording this/u);
    const second = await playRecorded(bob);
    expectPeopleIn(second);
    expect(second.loudness > AUDIBLE, 'sound in it').toBe(hasSound);
  });
});
