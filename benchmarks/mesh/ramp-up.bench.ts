/**
 * How soon the picture is sharp: bits per second that leave, second by second after the other one has
 * joined, over an uplink of 4 Mbit/s and 50 ms round trip, with and without our start bitrate.
 * `--rounds N`.
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openNarrowLab } from './narrow-lab.ts';
import { flowBetween, readTally, takePart } from './participant.ts';

const SECONDS = 12;
const SCREEN = { width: 1_920, height: 1_080 };

const { values: args } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });

async function measure(governed: boolean, round: number): Promise<void> {
  const lab = await openNarrowLab({ rate: 4_000_000, delayMs: 25 });
  try {
    const common = { server: lab.server, room: `ramp-${round}`, governed, screen: SCREEN };
    const [sender, receiver] = [await lab.openSender(), await lab.openReceiver()];
    await takePart(sender, { ...common, camera: true });
    await takePart(receiver, { ...common, camera: false });
    const cells: (string | number)[] = [governed ? 'on' : 'off'];
    let before = await readTally(sender);
    for (let second = 1; second <= SECONDS; second += 1) {
      await delay(1_000);
      const after = await readTally(sender);
      const { frameWidth } = await readTally(receiver);
      cells.push(`${Math.round(flowBetween(before, after).kilobitsPerSecond)} (${frameWidth})`);
      before = after;
    }
    console.log(`| ${cells.join(' | ')} |`);
  } finally {
    await lab.close();
  }
}

console.log('kbit/s up and width of the picture, second by second');
for (let round = 0; round < Number(args.rounds); round += 1) {
  for (const governed of [false, true]) await measure(governed, round);
}
