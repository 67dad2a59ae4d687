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
const PHONE = { width: 390, height: 760 };
/** Pictures of the others grow sharp, and hints that come late are there. */
const SETTLED_MS = 1_500;
/** Lines that are drawn over time have a length. */
const DRAWN_MS = 9_000;
/** Hues of the people who are drawn. */
const [ADA, BOB, EVE] = [172, 28, 250];

/** A walk, and what of it is kept. */
interface Series {
  /** The folder. */
  readonly name: string;
  readonly look: Look;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly language: 'en' | 'ko';
  /** @default every state */
  readonly states?: readonly string[];
}

const MAIN_STATES = ['home', 'lobby', 'alone', 'two', 'chat', 'people', 'settings', 'grid', 'left'];
const SERIES: readonly Series[] = [
  { name: 'desktop-light', look: 'light', viewport: DESKTOP, language: 'en' },
  { name: 'desktop-dark', look: 'dark', viewport: DESKTOP, language: 'en' },
  {
    name: 'desktop-korean',
    look: 'light',
    viewport: DESKTOP,
    language: 'ko',
    states: [...MAIN_STATES, 'page without https', 'camera blocked by the browser', 'reconnecting'],
  },
  {
    name: 'desktop-forced-colours',
    look: 'forced colours',
    viewport: DESKTOP,
    language: 'en',
    states: ['home', 'lobby', 'two', 'chat'],
  },
  { name: 'phone-light', look: 'light', viewport: PHONE, language: 'en' },
  {
    name: 'phone-korean-dark',
    look: 'dark',
    viewport: PHONE,
    language: 'ko',
    states: MAIN_STATES,
  },
];

function person(hue: number): BrowserOptions {
  return { cameraSize: 'as asked', drawnPerson: hue };
}

describe.each(SERIES)('$name', ({ name, look, viewport, language, states }) => {
  const stage = useStage(startServerHere, { losesServer: true });

  const show = async (state: string, page: TestPage): Promise<void> => {
    if (states?.includes(state) === false) return;
    await page.prefer(look);
    await pause(state === 'details' ? DRAWN_MS : SETTLED_MS);
    await page.screenshot(`${FOLDER}${name}/${state.replaceAll(' ', '-')}.webp`);
  };

  it('is drawn', async () => {
    rmSync(`${FOLDER}${name}`, { recursive: true, force: true });
    mkdirSync(`${FOLDER}${name}`, { recursive: true });
    await tour({
      stage,
      language,
      viewer: { ...person(ADA), viewport, language: language === 'en' ? 'en-GB' : 'ko-KR' },
      others: [person(BOB), person(EVE)],
      visit: show,
    });
    expect(name).toBeDefined();
  });
});
