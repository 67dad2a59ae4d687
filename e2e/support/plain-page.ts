/**
 * The tutorial page as its readers use it.
 * @module
 */
import { eventually } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import type { Stage } from './stage.ts';

/** The remote picture of the tutorial page. */
export const PEERS_FACE = '#peersFace';

/** Opens the page and joins a room; resolves when the server has let the person in. */
export async function joinPlain(page: TestPage, stage: Stage, room: string): Promise<void> {
  await page.goto(`${stage.server.url}/examples/plain/`);
  await page.fill('Room name', room);
  await page.click('button', 'Join');
  await expectStatus(page, /You are in|already talking|connecting/iu);
}

/** Waits for a sentence in the status line. */
export async function expectStatus(page: TestPage, pattern: RegExp): Promise<void> {
  await expectText(page, '#status', pattern);
}

/** Waits for a sentence in the error line. */
export async function expectError(page: TestPage, pattern: RegExp): Promise<void> {
  await expectText(page, '#error', pattern);
}

async function expectText(page: TestPage, selector: string, pattern: RegExp): Promise<void> {
  await eventually(
    `${pattern} in ${selector}`,
    () => page.evaluate((target) => document.querySelector(target)?.textContent ?? '', selector),
    (text) => pattern.test(text),
  );
}
