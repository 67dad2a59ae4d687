/** Joins and leaves leave nothing behind in a page; `node benchmarks/run.mjs page-soak` does it 600 times. */
import { expect, it } from 'vitest';
import { openComingAndGoing } from '../benchmarks/soak/coming-and-going.ts';

const WARM_UP = 15;
const JOINS = 30;
/** Compiled code is most of what grows at first; a room that stayed would take more than this by itself. */
const BYTES_PER_JOIN = 10_000;

it(`${JOINS} joins and leaves leave no connection, listener or memory behind`, async () => {
  const page = await openComingAndGoing();
  try {
    await page.join(WARM_UP);
    const before = await page.read();
    await page.join(JOINS);
    const after = await page.read();
    console.log(before, after);
    expect(before.connections).toBe(0);
    expect(after).toMatchObject({ connections: 0, listeners: before.listeners });
    expect(after.heapBytes - before.heapBytes).toBeLessThan(JOINS * BYTES_PER_JOIN);
  } finally {
    await page.close();
  }
});
