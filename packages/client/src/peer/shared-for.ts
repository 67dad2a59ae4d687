/**
 * One answer for several who ask soon after each other.
 * @module
 */
import type { Platform } from '../platform.ts';

/** Does the task once, and again only when that was `durationMs` ago or has failed. */
export function sharedFor(
  durationMs: number,
  platform: Pick<Platform, 'now'>,
  task: () => Promise<void>,
): () => Promise<void> {
  let startedAt = Number.NEGATIVE_INFINITY;
  let running = Promise.resolve();
  return () => {
    const time = platform.now();
    if (time - startedAt < durationMs) return running;
    startedAt = time;
    running = task();
    running.catch(() => {
      startedAt = Number.NEGATIVE_INFINITY;
    });
    return running;
  };
}
