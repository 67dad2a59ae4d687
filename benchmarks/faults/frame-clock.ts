/**
 * How long a page did not see the other person.
 * @module
 */
import type { TestPage } from '@parley/testkit';

declare global {
  interface Window {
    /** Longest time without a new frame, when there was one last, and how many there were. */
    frameClock?: { longestMs: number; lastAt: number };
  }
}

/** A picture that goes on for so long after a gap is back. */
const STEADY_MS = 1_500;
const POLL_MS = 200;

/** Starts the clock anew. */
export async function startFrameClock(page: TestPage): Promise<void> {
  await page.evaluate(() => {
    const isRunning = window.frameClock !== undefined;
    window.frameClock = { longestMs: 0, lastAt: performance.now() };
    if (isRunning) return;
    let before = 0;
    setInterval(() => {
      const frames = document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames;
      if (frames === before || window.frameClock === undefined) return;
      before = frames ?? 0;
      const { longestMs, lastAt } = window.frameClock;
      const now = performance.now();
      window.frameClock = { longestMs: Math.max(longestMs, now - lastAt), lastAt: now };
    }, 20);
  }, undefined);
}

/** The longest gap, once the picture runs again; `NaN` when it does not within `timeoutMs`. */
export async function readGapMs(page: TestPage, timeoutMs: number): Promise<number> {
  const deadline = performance.now() + timeoutMs;
  let steadySince = Number.NaN;
  let before = Number.NaN;
  while (performance.now() < deadline) {
    const { longestMs, silentMs } = await page.evaluate(() => {
      const { longestMs: longest = 0, lastAt = 0 } = window.frameClock ?? {};
      return { longestMs: longest, silentMs: performance.now() - lastAt };
    }, undefined);
    const now = performance.now();
    if (silentMs > POLL_MS || longestMs !== before) steadySince = now;
    before = longestMs;
    if (now - steadySince > STEADY_MS) return longestMs;
    await new Promise((resolve) => {
      setTimeout(resolve, POLL_MS);
    });
  }
  return Number.NaN;
}
