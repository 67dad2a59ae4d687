/**
 * Whether joins and leaves leave anything behind in one page: its heap, listeners and open peer
 * connections after a warm-up and after many more rounds. Fails when they do. `--joins N`.
 * @module
 */
import { exit } from 'node:process';
import { parseArgs } from 'node:util';
import { BROWSER_BYTES_PER_JOIN, openComingAndGoing } from './coming-and-going.ts';
import type { Holdings } from './coming-and-going.ts';

const WARM_UP = 100;
const STEP = 100;

const { values: args } = parseArgs({ options: { joins: { type: 'string', default: '600' } } });
const wanted = Number(args.joins);

function print(joins: number, { heapBytes, listeners, connections }: Holdings): void {
  const megabytes = (heapBytes / 1e6).toFixed(2);
  console.log(`| ${joins} | ${megabytes} | ${listeners} | ${connections} |`);
}

const page = await openComingAndGoing();
let isClean: boolean;
try {
  console.log('| joins | heap in MB | listeners | open connections |\n|---|---|---|---|');
  await page.join(WARM_UP);
  const before = await page.read();
  print(WARM_UP, before);
  let after = before;
  for (let joins = STEP; joins <= wanted; joins += STEP) {
    await page.join(STEP);
    after = await page.read();
    print(WARM_UP + joins, after);
  }
  const grownBytes = (after.heapBytes - before.heapBytes) / wanted;
  console.log(`${Math.round(grownBytes)} bytes for each join`);
  isClean =
    after.connections === 0 &&
    after.listeners === before.listeners &&
    grownBytes < BROWSER_BYTES_PER_JOIN;
} finally {
  await page.close();
}
if (!isClean) {
  console.error('Joins and leaves leave something behind in the page.');
  exit(1);
}
