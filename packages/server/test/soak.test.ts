import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('soak-process.mjs', import.meta.url));
const JOINS = 3_000;

/** What a server holds on to. */
interface Holdings {
  readonly joins: number;
  readonly heapBytes: number;
  readonly rooms: number;
  /** What keeps the process alive, by kind: sockets, timers, ports. */
  readonly resources: Readonly<Record<string, number>>;
  readonly listeners: number;
}

describe('coming and going for a long time', () => {
  it(`SIG-17 ${JOINS} joins leave no room, timer, socket or memory behind`, async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--expose-gc', SCRIPT, String(JOINS)],
      { env: { ...process.env, NODE_OPTIONS: '' } },
    );
    const { before, after }: { before: Holdings; after: Holdings } = JSON.parse(stdout);
    expect(after.joins - before.joins).toBeGreaterThanOrEqual(JOINS);
    expect(after.rooms).toBe(0);
    expect(after.resources).toEqual(before.resources);
    expect(after.listeners).toBe(before.listeners);
    // A session that stayed would take some kilobytes, and there were several hundred.
    expect(after.heapBytes - before.heapBytes).toBeLessThan(2 * 1024 * 1024);
  }, 120_000);
});
