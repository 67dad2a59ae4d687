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
  /** @default 20 at first, then twice as long each time, up to 100 */
  readonly intervalMs?: number;
}

const DEFAULT_DEADLINE_MS = 30_000;
/** Most of what is awaited is there soon, and the next wait begins only then; to look often for long would cost the call its processor. */
const FIRST_INTERVAL_MS = 20;
const LONGEST_INTERVAL_MS = 100;

/** Reads until `isDone` accepts the value, and returns that value. @throws with the last value read */
export async function eventually<Value>(
  what: string,
  read: () => Value | Promise<Value>,
  isDone: (value: Value) => boolean,
  options: EventuallyOptions = {},
): Promise<Value> {
  const { deadlineMs = DEFAULT_DEADLINE_MS, intervalMs } = options;
  const deadline = performance.now() + deadlineMs;
  for (let nextMs = FIRST_INTERVAL_MS; ; nextMs = Math.min(2 * nextMs, LONGEST_INTERVAL_MS)) {
    const value = await read();
    if (isDone(value)) return value;
    if (performance.now() > deadline) {
      throw new Error(`Not within ${deadlineMs} ms: ${what}. Last seen: ${show(value)}`);
    }
    await delay(intervalMs ?? nextMs);
  }
}

function show(value: unknown): string {
  return JSON.stringify(value, undefined, 1) ?? String(value);
}
