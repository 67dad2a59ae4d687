/**
 * Waiting for something to become true by looking again and again until a deadline. Tests say what
 * they wait for; nothing sleeps for a fixed time and hopes.
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises';

/** How long to look, and how often. */
export interface EventuallyOptions {
  /** @default 30_000 */
  readonly deadlineMs?: number;
  /** @default 100 */
  readonly intervalMs?: number;
}

const DEFAULTS = { deadlineMs: 30_000, intervalMs: 100 } as const satisfies EventuallyOptions;

/** Reads until `isDone` accepts the value, and returns that value. @throws with the last value read */
export async function eventually<Value>(
  what: string,
  read: () => Value | Promise<Value>,
  isDone: (value: Value) => boolean,
  options: EventuallyOptions = {},
): Promise<Value> {
  const { deadlineMs, intervalMs } = { ...DEFAULTS, ...options };
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const value = await read();
    if (isDone(value)) return value;
    if (performance.now() > deadline) {
      throw new Error(`Not within ${deadlineMs} ms: ${what}. Last seen: ${show(value)}`);
    }
    await delay(intervalMs);
  }
}

function show(value: unknown): string {
  return JSON.stringify(value, undefined, 1) ?? String(value);
}
