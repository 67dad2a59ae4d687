/** Joins and leaves leave nothing behind in a page; `node benchmarks/run.mjs page-soak` does it 600 times. */
import { expect, it } from 'vitest';
import { openComingAndGoing } from '../benchmarks/soak/coming-and-going.ts';

const WARM_UP = 10;
const JOINS = 15;
/** Compiled code is most of what grows at first; a room that stayed would take more than this by itself. */
const BYTES_PER_JOIN = 10_000;

it(`${JOINS} joins and leaves leave no connection, listener or memory behind, in no page`, async () => {
  const pages = await openComingAndGoing();
  try {
    await pages.join(WARM_UP);
    const before = await pages.read();
    await pages.join(JOINS);
    const after = await pages.read();
    console.log(before, after);
    expect(after.guest.connections).toBe(0);
    for (const page of ['guest', 'host'] as const) {
      const { connections, listeners, heapBytes } = before[page];
      expect(after[page]).toMatchObject({ connections, listeners });
      expect(after[page].heapBytes - heapBytes).toBeLessThan(JOINS * BYTES_PER_JOIN);
    }
  } finally {
    await pages.close();
  }
});
