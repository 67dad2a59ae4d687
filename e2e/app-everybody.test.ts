import { expectPicture } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import {
  expectAnnounced,
  expectElement,
  expectInCall,
  expectText,
  isSwitchedOn,
  JOIN,
  joinApp,
  openRoom,
} from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

/** The button that leads into the call, in any language. */
const SUBMIT = 'button[type="submit"]';

/** How far the page can be scrolled sideways, in CSS pixels. */
function overflowOf(page: TestPage): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    undefined,
  );
}

/** Buttons on screen that a finger would miss, by name. */
function smallTargets(page: TestPage): Promise<string[]> {
  return page.evaluate(() => {
    const small = [...document.querySelectorAll<HTMLElement>('button, a, select')].filter(
      (element) => {
        const { width, height } = element.getBoundingClientRect();
        return width > 0 && (Math.round(width) < 44 || Math.round(height) < 44);
      },
    );
    return small.map((element) => element.ariaLabel ?? element.innerText);
  }, undefined);
}

/** Controls that stick out of the page. */
function cutOff(page: TestPage): Promise<string[]> {
  return page.evaluate(() => {
    const outside = [...document.querySelectorAll<HTMLElement>('button, a, select')].filter(
      (element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return width > 0 && (left < 0 || right > innerWidth);
      },
    );
    return outside.map((element) => element.ariaLabel ?? element.innerText);
  }, undefined);
}

/** How much of this button a person sees without scrolling, 0 to 1. */
function visiblePart(page: TestPage, name: string): Promise<number> {
  return page.evaluate((label) => {
    const button = [...document.querySelectorAll('button')].find(
      (one) => (one.ariaLabel ?? one.innerText).trim() === label,
    );
    if (button === undefined) return 0;
    const { left, right, top, bottom, width, height } = button.getBoundingClientRect();
    const seenWidth = Math.min(right, innerWidth) - Math.max(left, 0);
    const seenHeight = Math.min(bottom, innerHeight) - Math.max(top, 0);
    return (Math.max(0, seenWidth) * Math.max(0, seenHeight)) / (width * height);
  }, name);
}

/** Presses Tab until the focus is on the control with this name. */
async function tabTo(page: TestPage, name: string | RegExp): Promise<void> {
  const seen: string[] = [];
  while (seen.length < 40) {
    await page.press('Tab');
    const focused = await page.evaluate(() => {
      const { activeElement } = document;
      const field = activeElement?.closest('label');
      return (
        activeElement?.ariaLabel ??
        field?.textContent ??
        activeElement?.textContent ??
        ''
      ).trim();
    }, undefined);
    if (typeof name === 'string' ? focused === name : name.test(focused)) return;
    seen.push(focused);
  }
  throw new Error(`Tab does not lead to "${name}", but to ${seen.join(', ')}.`);
}

/** Whether this can be touched as the page is, without scrolling, and nothing lies above it. */
function isInReach(page: TestPage, selector: string): Promise<boolean> {
  return page.evaluate((target) => {
    const element = document.querySelector(target);
    if (element === null) return false;
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const corners = [left + 16, right - 16].flatMap((x) =>
      [top + 8, bottom - 8].map((y) => [x, y]),
    );
    return corners.every(([x = 0, y = 0]) => element.contains(document.elementFromPoint(x, y)));
  }, selector);
}

/** Presses keys in one moment, as no person can. */
async function pressAtOnce(page: TestPage, keys: readonly string[]): Promise<void> {
  await page.evaluate((pressed) => {
    for (const key of pressed) {
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    }
  }, keys);
}

/** From now on the browser lets nobody use the camera. */
async function blockCamera(page: TestPage): Promise<void> {
  await page.click('switch', 'Camera');
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
  }, undefined);
  await page.click('switch', 'Camera');
}

describe('the app for everybody', () => {
  const stage = useStage(startServerHere);

  /** A page of this size before a room in which Bob is. */
  async function openBeforeBob(
    width: number,
    height: number,
  ): Promise<[page: TestPage, room: string, bob: TestPage]> {
    const room = stage.newRoom();
    const page = await stage.open('chromium', { viewport: { width, height } });
    const bob = await stage.open('chromium');
    await joinApp(bob, stage, { room, name: 'Bob' });
    await openRoom(page, stage, room);
    expect(await overflowOf(page), 'lobby').toBe(0);
    return [page, room, bob];
  }

  it.each([
    [390, 844],
    [320, 568],
  ])('fits a phone of %i by %i, and every target a finger', async (width, height) => {
    const [page, room, bob] = await openBeforeBob(width, height);
    expect(await smallTargets(page)).toEqual([]);
    await joinApp(page, stage, { room, name: 'Ada' });
    await expectPicture(page);
    expect(await overflowOf(page), 'call').toBe(0);
    expect([await smallTargets(page), await cutOff(page)]).toEqual([[], []]);
    await page.click('button', 'Chat');
    await expectElement(page, 'aside textarea');
    expect([await smallTargets(page), await cutOff(page)]).toEqual([[], []]);
    await page.fill('Message to everybody', 'from my phone');
    await page.press('Enter');
    await page.press('Escape');
    await page.click('button', 'Reactions');
    await page.click('switch', 'Raise hand');
    await expectText(bob, /Hand raised/u);
    await bob.click('button', 'Chat, 1 new message');
    await expectText(bob, /Ada[^]*from my phone/u);
  });

  it.each([
    [390, 844],
    [360, 640],
  ])(
    'has Join in reach of a thumb on %i by %i, also below help, in each language',
    async (width, height) => {
      const page = await stage.open('chromium', {
        viewport: { width, height },
        language: 'en-GB',
      });
      await openRoom(page, stage, stage.newRoom());
      expect(await isInReach(page, 'input[name="name"]'), 'the name').toBe(true);
      expect(await isInReach(page, SUBMIT), 'Join').toBe(true);
      await blockCamera(page);
      await expectText(page, /Your browser is blocking the camera/u);
      expect(await isInReach(page, SUBMIT), 'Join below help').toBe(true);
      await page.select('Language', 'ko');
      await expectText(page, /브라우저가 카메라를 막고/u);
      expect(await isInReach(page, SUBMIT), 'Join below help in Korean').toBe(true);
      expect(await overflowOf(page)).toBe(0);
    },
  );

  it.each([
    ['a page at 200 %', 640, 360],
    ['a phone that lies', 844, 390],
  ])('fits %s', async (_what, width, height) => {
    const [page, room] = await openBeforeBob(width, height);
    await joinApp(page, stage, { room, name: 'Ada' });
    await expectPicture(page);
    expect([await overflowOf(page), await cutOff(page)]).toEqual([0, []]);
    expect(await visiblePart(page, 'Leave')).toBe(1);
    await page.click('button', 'Chat');
    await expectElement(page, 'aside textarea');
    expect([await overflowOf(page), await cutOff(page)]).toEqual([0, []]);
    expect(await visiblePart(page, 'Close')).toBe(1);
  });

  it('can be used without a mouse: join, mute, chat, hand, leave', async () => {
    const page = await stage.open('chromium');
    await openRoom(page, stage, stage.newRoom());
    await tabTo(page, 'Your name');
    await tabTo(page, JOIN);
    await page.press('Enter');
    await expectInCall(page);
    await tabTo(page, 'Microphone');
    await page.press(' ');
    expect(await isSwitchedOn(page, 'Microphone')).toBe(false);
    await page.press('v');
    await expectElement(page, '[role="switch"][aria-label="Camera"][aria-checked="false"]');
    await pressAtOnce(page, ['m', 'm']);
    await expectAnnounced(page, /^You are no longer muted/u);
    expect(await isSwitchedOn(page, 'Microphone')).toBe(false);
    await page.press('h');
    expect(await isSwitchedOn(page, 'Raise hand')).toBe(true);
    await tabTo(page, 'Chat');
    await page.press('Enter');
    await expectElement(page, 'textarea:focus');
    await page.press('m');
    expect(await isSwitchedOn(page, 'Microphone'), 'a letter in a text is a letter').toBe(false);
    await page.press('Escape');
    await expectElement(page, 'button[aria-label="Chat"]:focus');
    await tabTo(page, 'Leave');
    await page.press('Enter');
    await expectElement(page, 'main h1:focus');
  });
});
