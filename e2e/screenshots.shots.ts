/**
 * `npm run screenshots`: pictures of every state of the app, into docs/screenshots. No test: they are for people to look at.
 * @module
 */
import { mkdirSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BrowserOptions, Look, TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { startServerHere, useStage } from './support/stage.ts';
import { tour } from './support/tour.ts';

const FOLDER = fileURLToPath(new URL('../docs/screenshots/', import.meta.url));
const DESKTOP = { width: 1100, height: 700 };
/** Pictures of the others grow sharp, and hints that come late are there. */
const SETTLED_MS = 1_500;
/** Hues of the people who are drawn. */
const [ADA, BOB, EVE] = [172, 28, 250];

/** Each in a folder of its own. */
const SERIES: readonly { readonly name: string; readonly look: Look }[] = [
  { name: 'desktop-light', look: 'light' },
  { name: 'desktop-dark', look: 'dark' },
];

function person(hue: number): BrowserOptions {
  return { cameraSize: 'as asked', drawnPerson: hue };
}

describe.each(SERIES)('$name', ({ name, look }) => {
  const stage = useStage(startServerHere, { losesServer: true });

  const show = async (state: string, page: TestPage): Promise<void> => {
    await page.prefer(look);
    await pause(SETTLED_MS);
    await page.screenshot(`${FOLDER}${name}/${state.replaceAll(' ', '-')}.png`);
  };

  it('is drawn', async () => {
    rmSync(`${FOLDER}${name}`, { recursive: true, force: true });
    mkdirSync(`${FOLDER}${name}`, { recursive: true });
    await tour({
      stage,
      language: 'en',
      viewer: { ...person(ADA), viewport: DESKTOP, language: 'en-GB' },
      others: [person(BOB), person(EVE)],
      visit: show,
    });
    expect(name).toBeDefined();
  });
});
