/**
 * A sender whose uplink carries so much and no more, while others join one after another: what it
 * sends, and what the others get to see and hear. `--rate 1500` in kbit/s, `--others 1,3,5`.
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { TestPage } from '@parley/testkit';
import { openNarrowLab } from './narrow-lab.ts';
import { flowBetween, readTally, takePart } from './participant.ts';

const SETTLE_MS = 14_000;
const MEASURE_MS = 8_000;
const SCREEN = { width: 1_280, height: 720 };

const { values: args } = parseArgs({
  options: {
    rate: { type: 'string', default: '1500' },
    others: { type: 'string', default: '1,3,5' },
  },
});
const steps = args.others.split(',').map(Number);

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

async function measure(governed: boolean): Promise<void> {
  const rate = Number(args.rate) * 1_000;
  const lab = await openNarrowLab({ rate, delayMs: 20 });
  try {
    const common = { server: lab.server, room: `narrow-${governed}`, governed, screen: SCREEN };
    const sender = await lab.openSender();
    await takePart(sender, { ...common, camera: true });
    const receivers: TestPage[] = [];
    for (const others of steps) {
      while (receivers.length < others) {
        const page = await lab.openReceiver();
        receivers.push(page);
        await takePart(page, { ...common, camera: false });
      }
      await delay(SETTLE_MS);
      const pages = [sender, ...receivers];
      const before = await Promise.all(pages.map(readTally));
      await delay(MEASURE_MS);
      const after = await Promise.all(pages.map(readTally));
      const [sent, ...received] = before.flatMap((tally, at) => {
        const later = after[at];
        return later === undefined ? [] : [flowBetween(tally, later)];
      });
      const cells = [
        others,
        governed ? 'on' : 'off',
        Math.round(sent?.kilobitsPerSecond ?? NaN),
        Math.round(sent?.roundTripMs ?? NaN),
        mean(received.map(({ framesPerSecond }) => framesPerSecond)).toFixed(1),
        Math.round(mean(received.map(({ frameWidth }) => frameWidth))),
        `${(mean(received.map(({ soundLost }) => soundLost)) * 100).toFixed(1)} %`,
        `${(mean(received.map(({ soundConcealed }) => soundConcealed)) * 100).toFixed(1)} %`,
      ];
      console.log(`| ${cells.join(' | ')} |`);
    }
  } finally {
    await lab.close();
  }
}

console.log(
  '| others | governor | kbit/s up | round trip ms | frames/s | width | sound lost | made up |',
);
console.log('|---|---|---|---|---|---|---|---|');
for (const governed of [false, true]) await measure(governed);
