import { eventually, expectPicture, expectSound } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { expectText, isSwitchedOn, joinApp } from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

type SmallWindow = { readonly window: Window | null };

/** What the small window shows; undefined while there is none. */
interface Shown {
  readonly text: string;
  readonly frames: number;
}

async function readWindow(page: TestPage): Promise<Shown | undefined> {
  return page.evaluate(() => {
    const windows: SmallWindow | undefined = Reflect.get(window, 'documentPictureInPicture');
    const inside = windows?.window?.document;
    const video = inside?.querySelector('video');
    if (inside === undefined || video === null || video === undefined) return undefined;
    const frames = video.getVideoPlaybackQuality().totalVideoFrames;
    return { text: inside.body.innerText, frames };
  }, undefined);
}

/** Presses what has this name in the small window. */
async function pressInWindow(page: TestPage, name: string): Promise<void> {
  await page.evaluate((label) => {
    const windows: SmallWindow | undefined = Reflect.get(window, 'documentPictureInPicture');
    const button = windows?.window?.document.querySelector(`[aria-label="${label}"]`);
    if (button === null || button === undefined) throw new Error(`no ${label} in the small window`);
    button.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  }, name);
}

const NO_PICTURE = -1;
const isMoving = (frames: number): boolean => frames > 0;

/** Frames of the picture that floats above other windows; {@link NO_PICTURE} while there is none. */
function framesOfPicture(page: TestPage): Promise<number> {
  return page.evaluate((none) => {
    const { pictureInPictureElement: video } = document;
    if (!(video instanceof HTMLVideoElement)) return none;
    return video.getVideoPlaybackQuality().totalVideoFrames;
  }, NO_PICTURE);
}

/** Notes what the page offers to the browser's own buttons. */
async function watchButtons(page: TestPage): Promise<void> {
  await page.evaluate(() => {
    const { mediaSession } = navigator;
    const offered = new Map<string, unknown>();
    const offer = mediaSession.setActionHandler.bind(mediaSession);
    mediaSession.setActionHandler = (action, handler) => {
      offered.set(action, handler);
      offer(action, handler);
    };
    const active = mediaSession.setMicrophoneActive.bind(mediaSession);
    mediaSession.setMicrophoneActive = (isActive) => {
      offered.set('microphone active', isActive);
      return active(isActive);
    };
    Object.assign(window, { offered });
  }, undefined);
}

/** Does what the browser does when its own button is pressed. */
async function pressOfBrowser(page: TestPage, action: string): Promise<void> {
  await page.evaluate((name) => {
    const offered: Map<string, unknown> = Reflect.get(window, 'offered');
    const handler = offered.get(name);
    if (typeof handler !== 'function') throw new Error(`nobody serves ${name}`);
    handler();
  }, action);
}

describe('the small window', () => {
  const stage = useStage(startServerHere);

  it('shows the other one above other windows, mutes and leaves; so do the buttons of the browser', async () => {
    const room = stage.newRoom();
    const [ada, bob] = await Promise.all([stage.open('chromium'), stage.open('chromium')]);
    await joinApp(bob, stage, { room, name: 'Bob' });
    await ada.goto(`${stage.server.url}/r/${encodeURIComponent(room)}`);
    await watchButtons(ada);
    await ada.fill('Your name', 'Ada');
    await ada.click('button', /^Join/u);
    await Promise.all([expectPicture(ada), expectSound(bob)]);

    await ada.click('button', 'More');
    await ada.click('button', 'Small window');
    const first = await eventually(
      'Bob in the small window',
      () => readWindow(ada),
      (shown) => shown?.text.includes('Bob') === true && shown.frames > 0,
    );
    await eventually(
      'a picture that moves',
      () => readWindow(ada),
      (shown) => (shown?.frames ?? 0) > (first?.frames ?? 0),
    );
    await pressInWindow(ada, 'Microphone');
    expect(await isSwitchedOn(ada, 'Microphone')).toBe(false);
    await expectText(bob, /Muted/u);
    expect(
      await ada.evaluate(() => {
        const offered: Map<string, unknown> = Reflect.get(window, 'offered');
        return offered.get('microphone active') === false;
      }, undefined),
    ).toBe(true);

    await ada.click('button', 'More');
    await ada.click('button', 'Close the small window');
    await eventually(
      'no small window',
      () => readWindow(ada),
      (shown) => shown === undefined,
    );
    await expectPicture(ada);
    await pressOfBrowser(ada, 'togglemicrophone');
    await expectSound(bob);
    await pressOfBrowser(ada, 'enterpictureinpicture');
    await eventually(
      'the small window again',
      () => readWindow(ada),
      (shown) => shown?.text.includes('Bob') === true,
    );
    await pressInWindow(ada, 'Leave');
    await expectText(ada, /You left/u);
    await eventually(
      'no small window',
      () => readWindow(ada),
      (shown) => shown === undefined,
    );
  });

  it('is the picture alone where the browser has no windows for pages', async () => {
    const room = stage.newRoom();
    const [ada, bob] = await Promise.all([stage.open('chromium'), stage.open('chromium')]);
    await joinApp(bob, stage, { room, name: 'Bob' });
    await ada.goto(`${stage.server.url}/r/${encodeURIComponent(room)}`);
    await ada.evaluate(() => Reflect.deleteProperty(window, 'documentPictureInPicture'), undefined);
    await ada.fill('Your name', 'Ada');
    await ada.click('button', /^Join/u);
    await expectPicture(ada);
    await ada.click('button', 'More');
    await ada.click('button', 'Small window');
    const first = await eventually('a floating picture', () => framesOfPicture(ada), isMoving);
    await eventually(
      'a picture that moves',
      () => framesOfPicture(ada),
      (frames) => frames > first,
    );
    await ada.click('button', 'More');
    await ada.click('button', 'Close the small window');
    await eventually(
      'no floating picture',
      () => framesOfPicture(ada),
      (frames) => frames === NO_PICTURE,
    );
    await expectPicture(ada);
  });
});
