/**
 * From the click on Join to the first picture of the other person: Parley, PeerJS, simple-peer and a
 * page written by hand, in turns, at several distances. `--rounds N`, `--trips 0,100,200`, and
 * `--file PATH` to add to the rounds of an earlier run.
 * @module
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openFirstFrameLab } from './lab.ts';
import type { FirstFrameLab } from './lab.ts';

interface Contender {
  readonly name: string;
  readonly page: string;
  readonly prepared: boolean;
}

const CONTENDERS: readonly Contender[] = [
  { name: 'Parley, prepared', page: 'parley', prepared: true },
  { name: 'PeerJS, peer opened at the click', page: 'peerjs', prepared: false },
  { name: 'PeerJS, peer open before', page: 'peerjs', prepared: true },
  { name: 'simple-peer, socket open before', page: 'simple-peer', prepared: true },
  { name: 'Socket.IO by hand', page: 'socket-io', prepared: false },
  { name: 'Parley, not prepared', page: 'parley', prepared: false },
];
/** What the others are compared with. */
const [PARLEY, PEER] = CONTENDERS.map(({ name }) => name);

/** One call. */
interface Sample {
  readonly contender: string;
  readonly roundTripMs: number;
  readonly round: number;
  readonly frameMs: number;
}

/** A call that has shown nothing by then has failed. */
const TIMEOUT_MS = 15_000;
/** For the one inside to come to rest after joining. */
const SETTLE_MS = 500;

const { values: args } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    trips: { type: 'string', default: '0,100,200' },
    file: { type: 'string' },
  },
});
const trips = args.trips.split(',').map(Number);

let calls = 0;

async function measure(
  lab: FirstFrameLab,
  { page, prepared }: Contender,
  roundTripMs: number,
): Promise<number> {
  calls += 1;
  const setting = { page, prepared, room: `room-${process.pid}-${calls}` };
  lab.setRoundTrip(roundTripMs);
  const [ada, bob] = await Promise.all([lab.open(0, setting), lab.open(1, setting)]);
  try {
    await withinTime(ada.evaluate(() => getReady('inside'), undefined));
    await withinTime(bob.evaluate(() => getReady('outside'), undefined));
    await pause(SETTLE_MS + 4 * roundTripMs);
    return await withinTime(bob.evaluate(() => clickJoin(), undefined));
  } catch (error) {
    console.error(`${page}: no call`, error, ada.errors, bob.errors);
    return NaN;
  } finally {
    await Promise.all([ada.close(), bob.close()]);
  }
}

/** Every contender at every distance; those that are compared come one after another. */
function* oneRound(): Iterable<{ readonly contender: Contender; readonly roundTripMs: number }> {
  for (const roundTripMs of trips) {
    for (const contender of CONTENDERS) yield { contender, roundTripMs };
  }
}

async function withinTime<Value>(task: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
  });
  try {
    return await Promise.race([task, timeout]);
  } finally {
    clearTimeout(timer);
    task.catch(() => {}); // the page is closed under it
  }
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, delayMs);
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

function report(samples: readonly Sample[]): void {
  const framesOf = (contender: string, roundTripMs: number): readonly number[] =>
    samples
      .filter((one) => one.contender === contender && one.roundTripMs === roundTripMs)
      .map(({ frameMs }) => frameMs);
  for (const roundTripMs of trips) {
    const peer = median(framesOf(PEER ?? '', roundTripMs));
    console.log(`\nRound trip ${roundTripMs} ms: click to first remote frame, ms`);
    console.log('| contender | median | min | max | round trips | of PeerJS | rounds |');
    console.log('|---|---|---|---|---|---|---|');
    for (const { name } of CONTENDERS) {
      const frames = framesOf(name, roundTripMs);
      const middle = median(frames);
      const cells = [
        name,
        ...[middle, Math.min(...frames), Math.max(...frames)].map((ms) => ms.toFixed(0)),
        roundTripMs === 0 ? '' : (middle / roundTripMs).toFixed(1),
        (middle / peer).toFixed(2),
        frames.length,
      ];
      console.log(`| ${cells.join(' | ')} |`);
    }
  }
  console.log('\nParley, prepared: what the distance costs, and what is left at none');
  for (const roundTripMs of trips.filter((trip) => trip > 0)) {
    const middle = median(framesOf(PARLEY ?? '', roundTripMs));
    const budget = 4.5 * roundTripMs + 150;
    console.log(
      `${roundTripMs} ms: ${middle.toFixed(0)} = 4.5 round trips + ${(middle - 4.5 * roundTripMs).toFixed(0)} ms; ` +
        `the promise is ${budget.toFixed(0)}: ${middle <= budget ? 'kept' : 'MISSED'}`,
    );
  }
}

const earlier: readonly Sample[] =
  args.file !== undefined && existsSync(args.file)
    ? JSON.parse(readFileSync(args.file, 'utf8'))
    : [];
const samples: Sample[] = [...earlier];
const lab = await openFirstFrameLab();
try {
  // The first call of a browser is slower than any other, whoever makes it.
  for (const contender of CONTENDERS) await measure(lab, contender, 0);
  for (let round = 1; round <= Number(args.rounds); round += 1) {
    for (const { contender, roundTripMs } of oneRound()) {
      const frameMs = await measure(lab, contender, roundTripMs);
      samples.push({ contender: contender.name, roundTripMs, round, frameMs });
    }
    if (args.file !== undefined) writeFileSync(args.file, JSON.stringify(samples));
    console.error(`round ${round} of ${args.rounds}`);
  }
} finally {
  await lab.close();
}
report(samples);
