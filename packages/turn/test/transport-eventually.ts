/**
 * Waits for what sockets deliver in their own time.
 * @module
 */
import { vi } from 'vitest';

/** Only a broken test waits this long; a loaded machine may need some of it. */
const PATIENCE_MS = 10_000;

/** Repeats `assertions` until they hold. */
export async function eventually(assertions: () => void): Promise<void> {
  await vi.waitFor(assertions, { timeout: PATIENCE_MS, interval: 5 });
}
