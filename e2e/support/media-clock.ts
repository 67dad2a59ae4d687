/**
 * How long a call was without a picture: a clock inside the page notes when the remote picture goes on.
 * @module
 */
import { eventually } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { REMOTE_VIDEO } from './app-page.ts';

declare global {
  interface Window {
    /** Longest time without a new frame, and when there was one last. */
    mediaClock?: { longestMs: number; lastAt: number };
  }
}

/** A picture that goes on for so long after a gap is back. */
const STEADY_MS = 1_000;
const RECOVERY_TIMEOUT_MS = 60_000;

/** Starts the clock anew. */
export async function startMediaClock(page: TestPage): Promise<void> {
  await page.evaluate((selector) => {
    const isRunning = window.mediaClock !== undefined;
    const clock = { longestMs: 0, lastAt: performance.now() };
    window.mediaClock = clock;
    if (isRunning) return;
    let before = 0;
    setInterval(() => {
      // The time of an element goes on without frames, as long as there is sound.
      const video = document.querySelector<HTMLVideoElement>(selector);
      const frames = video?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
      if (frames === before || window.mediaClock === undefined) return;
      before = frames;
      const now = performance.now();
      window.mediaClock.longestMs = Math.max(
        window.mediaClock.longestMs,
        now - window.mediaClock.lastAt,
      );
      window.mediaClock.lastAt = now;
    }, 20);
  }, REMOTE_VIDEO);
}

/** Waits until the picture has stopped for a while and is back; resolves to the length of the gap. */
export async function readPictureGapMs(page: TestPage, atLeastMs: number): Promise<number> {
  const clock = await eventually(
    `a picture that comes back after more than ${atLeastMs} ms`,
    () =>
      page.evaluate(() => {
        const { longestMs = 0, lastAt = 0 } = window.mediaClock ?? {};
        return { longestMs, silentMs: performance.now() - lastAt, at: performance.now() };
      }, undefined),
    ({ longestMs, silentMs }) => longestMs > atLeastMs && silentMs < STEADY_MS,
    { deadlineMs: RECOVERY_TIMEOUT_MS },
  );
  return Math.round(clock.longestMs);
}

/** The longest time without a new frame since the clock was started. */
export async function readLongestGapMs(page: TestPage): Promise<number> {
  const longestMs = await page.evaluate(() => {
    const { longestMs: before = 0, lastAt = 0 } = window.mediaClock ?? {};
    return Math.max(before, performance.now() - lastAt);
  }, undefined);
  return Math.round(longestMs);
}
