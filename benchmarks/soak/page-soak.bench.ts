/**
 * Whether joins and leaves leave anything behind in a page, or in that of somebody who stays: heap, listeners and
 * open peer connections after a warm-up and after many more rounds. Fails when they do. `--joins N`.
 * @module
 */
import { exit } from 'node:process';
import { parseArgs } from 'node:util';
import { openComingAndGoing } from './coming-and-going.ts';
import type { BothHoldings } from './coming-and-going.ts';

const WARM_UP = 100;
const STEP = 100;
/** The browser's own: compiled code, what it notes of long tasks. A room that stayed would take far more. */
const MAX_BYTES_PER_JOIN = 1_000;
const PAGES = ['guest', 'host'] as const;

const { values: args } = parseArgs({ options: { joins: { type: 'string', default: '600' } } });
const wanted = Number(args.joins);

function print(joins: number, read: BothHoldings): void {
  for (const page of PAGES) {
    const { heapBytes, listeners, connections } = read[page];
    const megabytes = (heapBytes / 1e6).toFixed(2);
    console.log(`| ${joins} | ${page} | ${megabytes} | ${listeners} | ${connections} |`);
  }
}

function isClean(before: BothHoldings, after: BothHoldings): boolean {
  return PAGES.every((page) => {
    const grownBytes = (after[page].heapBytes - before[page].heapBytes) / wanted;
    console.log(`${page}: ${Math.round(grownBytes)} bytes for each join`);
    return (
      grownBytes < MAX_BYTES_PER_JOIN &&
      after[page].listeners === before[page].listeners &&
      after[page].connections === before[page].connections
    );
  });
}

async function measure(): Promise<boolean> {
  const pages = await openComingAndGoing();
  try {
    console.log('| joins | page | heap in MB | listeners | open connections |');
    console.log('|---|---|---|---|---|');
    await pages.join(WARM_UP);
    const before = await pages.read();
    print(WARM_UP, before);
    let after = before;
    for (let joins = STEP; joins <= wanted; joins += STEP) {
      await pages.join(STEP);
      after = await pages.read();
      print(WARM_UP + joins, after);
    }
    return isClean(before, after) && after.guest.connections === 0;
  } finally {
    await pages.close();
  }
}

if (!(await measure())) {
  console.error('Joins and leaves leave something behind.');
  exit(1);
}
