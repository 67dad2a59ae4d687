/**
 * How long a call was without a picture: a clock inside the page notes when the remote picture goes on.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { TestPage } from '../browser/test-page.ts';
import { eventually } from '../eventually.ts';

declare global {
  interface Window {
    /** Longest time without a new frame, and when there was one last. */
    mediaClock?: { longestMs: number; lastAt: number };
  }
}

/** A picture that goes on for so long after a gap is back. */
const STEADY_MS = 1_000;
/** A shorter silence is none. */
const STUTTER_MS = 200;
const POLL_MS = 200;
const RECOVERY_TIMEOUT_MS = 60_000;

/** Starts the clock anew, for the picture in the first element that `selector` finds. */
export async function startMediaClock(page: TestPage, selector: string): Promise<void> {
  await page.evaluate((picture) => {
    const isRunning = window.mediaClock !== undefined;
    const clock = { longestMs: 0, lastAt: performance.now() };
    window.mediaClock = clock;
    if (isRunning) return;
    let before = 0;
    setInterval(() => {
      // The time of an element goes on without frames, as long as there is sound.
      const video = document.querySelector<HTMLVideoElement>(picture);
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
  }, selector);
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

/** Waits until the picture runs without a break; false when it does not within `timeoutMs`. */
export async function isPictureBack(page: TestPage, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  let steadySince = performance.now();
  while (performance.now() - steadySince < STEADY_MS) {
    const silentMs = await page.evaluate(
      () => performance.now() - (window.mediaClock?.lastAt ?? 0),
      undefined,
    );
    const now = performance.now();
    if (now > deadline) return false;
    if (silentMs > STUTTER_MS) steadySince = now;
    await pause(POLL_MS);
  }
  return true;
}

/** The longest time without a new frame since the clock was started. */
export async function readLongestGapMs(page: TestPage): Promise<number> {
  const longestMs = await page.evaluate(() => {
    const { longestMs: before = 0, lastAt = 0 } = window.mediaClock ?? {};
    return Math.max(before, performance.now() - lastAt);
  }, undefined);
  return Math.round(longestMs);
}
