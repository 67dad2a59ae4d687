/**
 * Watching a picture from inside a page for as long as a test does something else.
 * @module
 */
import type { TestPage } from '@parley/testkit';
import { REMOTE_VIDEO } from './app-page.ts';

/** A picture that stands still for so long is noticed. */
export const STILL_MS = 3_000;

/** What was seen since the watch began. */
export interface PictureReport {
  readonly frames: number;
  /** Of the time in which the page itself ran: what a busy machine takes from all of it is no standstill. */
  readonly longestGapMs: number;
  /** Its tile was taken away. */
  readonly wasGone: boolean;
}

/** Watches the first remote picture of the app. Chromium counts frames; Firefox does so not everywhere. */
export async function watchPicture(page: TestPage): Promise<void> {
  await page.evaluate((selector) => {
    const video = document.querySelector<HTMLVideoElement>(selector);
    const tile = video?.closest('[data-peer]') ?? null;
    const report = { frames: 0, longestGapMs: 0, wasGone: false };
    const lookMs = 50;
    let gapMs = 0;
    let lookedAt = performance.now();
    const look = (): void => {
      const frames = video?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
      const now = performance.now();
      gapMs = frames > report.frames ? 0 : gapMs + Math.min(now - lookedAt, 2 * lookMs);
      lookedAt = now;
      report.longestGapMs = Math.max(report.longestGapMs, gapMs);
      report.frames = frames;
      if (tile === null || !document.contains(tile)) report.wasGone = true;
      document.body.dataset['watched'] = JSON.stringify(report);
    };
    setInterval(look, lookMs);
  }, REMOTE_VIDEO);
}

/** What the watch has seen so far. */
export async function readWatch(page: TestPage): Promise<PictureReport> {
  const text = await page.evaluate(() => document.body.dataset['watched'] ?? '', undefined);
  const report: PictureReport = JSON.parse(text);
  return report;
}
