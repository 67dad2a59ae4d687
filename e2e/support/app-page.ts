/**
 * The app as people use it, and what they see of each other.
 * @module
 */
import { eventually } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import type { Stage } from './stage.ts';

/** The picture of the other person, in a call of two. */
export const REMOTE_VIDEO = '[data-peer] video';

/** What the button says that enters a call, or begins one. */
export const JOIN = /^(?:Join|Start the call)/u;

/** Another person as this page shows them. */
export interface Tile {
  /** Accessible name of the tile. */
  readonly label: string;
  /** The text on the tile. */
  readonly caption: string;
  readonly hasAvatar: boolean;
}

/** Opens the link to a room; resolves when the preview says whether there is a camera. */
export async function openRoom(page: TestPage, stage: Stage, room: string): Promise<void> {
  await page.goto(`${stage.server.url}/r/${encodeURIComponent(room)}`);
  await expectMediaSettled(page);
}

/** From the lobby into the call. */
export async function joinAs(page: TestPage, name: string): Promise<void> {
  await page.fill('Your name', name);
  await page.click('button', JOIN);
  await expectInCall(page);
}

/** Who joins which room. */
export interface Joining {
  readonly room: string;
  readonly name: string;
  /** Turned off in the lobby, before joining. @default 'on' */
  readonly camera?: 'on' | 'off';
}

/** Opens the link and joins. */
export async function joinApp(
  page: TestPage,
  stage: Stage,
  { room, name, camera = 'on' }: Joining,
): Promise<void> {
  await openRoom(page, stage, room);
  if (camera === 'off') await page.click('switch', 'Camera');
  await joinAs(page, name);
}

/** Everybody joins, one after the other in this order; their pages are opened all at once. */
export async function meetInApp(
  stage: Stage,
  room: string,
  people: Readonly<Record<string, TestPage>>,
): Promise<void> {
  await Promise.all(Object.values(people).map((page) => openRoom(page, stage, room)));
  for (const [name, page] of Object.entries(people)) await joinAs(page, name);
}

/** Waits for the bar with the controls. */
export async function expectInCall(page: TestPage): Promise<void> {
  await expectElement(page, 'section[aria-label="Call controls"]');
}

/** Waits until something matches the selector. */
export async function expectElement(page: TestPage, selector: string): Promise<void> {
  await eventually(
    `an element ${selector}`,
    () => page.evaluate((target) => document.querySelector(target) !== null, selector),
    Boolean,
  );
}

/** Waits until neither camera nor microphone is starting any more. */
async function expectMediaSettled(page: TestPage): Promise<void> {
  await eventually(
    'switches for camera and microphone that are not busy',
    () =>
      page.evaluate(() => {
        const switches = [...document.querySelectorAll('[role="switch"]')];
        return switches.map((element) => element.getAttribute('aria-busy'));
      }, undefined),
    (busy) => busy.length === 2 && busy.every((value) => value !== 'true'),
  );
}

/** State of a switch, as a screen reader would say it. */
export async function isSwitchedOn(page: TestPage, name: string): Promise<boolean> {
  return page.evaluate((label) => {
    const element = document.querySelector(`[role="switch"][aria-label="${label}"]`);
    return element?.getAttribute('aria-checked') === 'true';
  }, name);
}

/** Everybody else in the call, in the order of their tiles. */
export async function readTiles(page: TestPage): Promise<Tile[]> {
  return page.evaluate(() => {
    const tiles = [...document.querySelectorAll<HTMLElement>('[data-peer]')];
    return tiles.map((tile) => ({
      label: tile.ariaLabel ?? '',
      caption: tile.innerText.trim(),
      hasAvatar: tile.querySelector('[data-avatar]') !== null,
    }));
  }, undefined);
}

/** Waits until exactly these people are shown, in any order. */
export async function expectPeople(page: TestPage, names: readonly string[]): Promise<void> {
  const wanted = JSON.stringify([...names].toSorted());
  await eventually(
    `tiles of ${wanted}`,
    async () => (await readTiles(page)).map(({ label }) => label).toSorted(),
    (labels) => JSON.stringify(labels) === wanted,
  );
}

/** Waits until the only other person is shown as an avatar, or as a picture. */
export async function expectAvatar(page: TestPage, isThere: boolean): Promise<void> {
  await eventually(
    isThere ? 'an avatar in place of a picture' : 'a picture in place of an avatar',
    () => readTiles(page),
    (tiles) => tiles.length === 1 && tiles[0]?.hasAvatar === isThere,
  );
}

/** Waits for a text anywhere in the page. */
export async function expectText(page: TestPage, pattern: RegExp): Promise<void> {
  await eventually(
    `the text ${pattern}`,
    () => page.evaluate(() => document.body.innerText, undefined),
    (text) => pattern.test(text),
  );
}

/** Waits until no text on the page matches. */
export async function expectNoText(page: TestPage, pattern: RegExp): Promise<void> {
  await eventually(
    `no text ${pattern}`,
    () => page.evaluate(() => document.body.innerText, undefined),
    (text) => !pattern.test(text),
  );
}

/** Waits until a screen reader is given these words, as one announcement. */
export async function expectAnnounced(page: TestPage, words: RegExp): Promise<void> {
  await eventually(
    `the announcement ${words}`,
    () =>
      page.evaluate(() => {
        const said = document.querySelectorAll('[role="log"][aria-live="polite"] > *');
        return [...said].map(({ textContent }) => textContent);
      }, undefined),
    (texts) => texts.some((text) => words.test(text)),
  );
}
