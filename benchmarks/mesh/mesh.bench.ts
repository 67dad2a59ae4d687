/**
 * What a mesh costs each of its people on one machine, with and without the governor: pictures that
 * arrive, bits that leave, processor time. `--people 2,4,6,8`, `--seconds N`.
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { launchBrowser, startServerProcess } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { flowBetween, readTally, takePart } from './participant.ts';
import { browserSeconds } from './processor-time.ts';

/** Estimates and strain come to rest. */
const SETTLE_MS = 14_000;
const SCREEN = { width: 1_280, height: 720 };

const { values: args } = parseArgs({
  options: {
    people: { type: 'string', default: '2,3,4,5,6,7,8' },
    seconds: { type: 'string', default: '6' },
  },
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

async function measure(people: number, governed: boolean): Promise<string> {
  const server = await startServerProcess();
  const browser = await launchBrowser('chromium');
  try {
    const pages: TestPage[] = [];
    for (let index = 0; index < people; index += 1) {
      const page = await browser.newPage();
      const room = `mesh-${people}-${governed}`;
      await takePart(page, { server: server.url, room, governed, camera: true, screen: SCREEN });
      pages.push(page);
    }
    await delay(SETTLE_MS);
    const cpuBefore = browserSeconds();
    const startedAtMs = performance.now();
    const before = await Promise.all(pages.map(readTally));
    await delay(Number(args.seconds) * 1_000);
    const after = await Promise.all(pages.map(readTally));
    const seconds = (performance.now() - startedAtMs) / 1_000;
    const cpu = (browserSeconds() - cpuBefore) / seconds / people;
    const flows = before.flatMap((tally, at) => {
      const later = after[at];
      return later === undefined ? [] : [flowBetween(tally, later)];
    });
    const cells = [
      people,
      governed ? 'on' : 'off',
      Math.round(mean(flows.map(({ framesPerSecond }) => framesPerSecond))),
      (mean(flows.map(({ framesPerSecond }) => framesPerSecond)) / (people - 1)).toFixed(1),
      Math.round(mean(flows.map(({ frameWidth }) => frameWidth))),
      Math.round(mean(flows.map(({ kilobitsPerSecond }) => kilobitsPerSecond))),
      `${Math.round(cpu * 100)} %`,
      `${(mean(flows.map(({ soundConcealed }) => soundConcealed)) * 100).toFixed(1)} %`,
    ];
    return `| ${cells.join(' | ')} |`;
  } finally {
    await browser.close();
    await server.close();
  }
}

console.log(
  '| people | governor | frames/s | per picture | width | kbit/s up | processor | sound made up |',
);
console.log('|---|---|---|---|---|---|---|---|');
for (const people of args.people.split(',').map(Number)) {
  for (const governed of [false, true]) console.log(await measure(people, governed));
}
