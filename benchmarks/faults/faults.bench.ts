/**
 * What happens to a call when something breaks: Parley and PeerJS, in turns, with the same faults and
 * the same relay. `--rounds N`, `--faults blocked,moved,...`, `--away SECONDS` for servers and pages
 * that are away.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  block,
  isPictureBack,
  move,
  readLongestGapMs,
  startMediaClock,
  unblock,
} from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { openFirstFrameLab } from '../first-frame/lab.ts';
import type { FirstFrameLab } from '../first-frame/lab.ts';

const { values: args } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    faults: { type: 'string', default: 'blocked,moved,signaling,both,frozen' },
    away: { type: 'string', default: '10' },
  },
});
const awayMs = Number(args.away) * 1_000;

/** A picture that is not back by then is called lost. */
const TIMEOUT_MS = 45_000;
/** For a call to come to rest, on its best path. */
const SETTLE_MS = 3_000;
const CONTENDERS = ['parley', 'peerjs'] as const;

interface Scene {
  readonly lab: FirstFrameLab;
  readonly pages: readonly [TestPage, TestPage];
}

interface Fault {
  readonly title: string;
  /** Resolves when whatever is to come back has come back. */
  readonly strike: (scene: Scene) => Promise<void>;
  /** Puts the laboratory in order again. */
  readonly mend?: (scene: Scene) => Promise<void>;
}

const FAULTS: { readonly [name: string]: Fault } = {
  blocked: { title: 'path between the two blocked', strike: cut, mend: mendCut },
  moved: {
    title: 'one of the two gets another address',
    strike: ({ lab }) => move(lab.people[0], { address: '10.97.0.12/24' }),
    mend: ({ lab }) => move(lab.people[0], { address: `${lab.addresses.people[0]}/24` }),
  },
  signaling: {
    title: `signaling servers killed, back after ${args.away} s`,
    strike: ({ lab }) => restart(lab),
  },
  both: {
    title: `path blocked, then the relay and signaling killed, back after ${args.away} s`,
    async strike(scene) {
      await cut(scene);
      await Promise.all(scene.pages.map((page) => isPictureBack(page, TIMEOUT_MS)));
      await Promise.all(scene.pages.map(startClock));
      await restart(scene.lab);
    },
    mend: mendCut,
  },
  frozen: {
    title: `one page frozen for ${args.away} s`,
    strike: ({ pages }) => pages[0].freeze(awayMs),
  },
};

async function cut({ lab }: Scene): Promise<void> {
  await block(lab.people[0], [lab.addresses.people[1]]);
}

async function mendCut({ lab }: Scene): Promise<void> {
  await unblock(lab.people[0]);
}

async function restart(lab: FirstFrameLab): Promise<void> {
  await lab.killServers();
  await pause(awayMs);
  await lab.startServers();
}

async function startClock(page: TestPage): Promise<void> {
  await startMediaClock(page, '#remote');
}

/** The longest gap, once the picture runs again; `NaN` when it does not. */
async function readGapMs(page: TestPage): Promise<number> {
  return (await isPictureBack(page, TIMEOUT_MS)) ? readLongestGapMs(page) : Number.NaN;
}

let calls = 0;

/** Longest time without a picture at either end, in milliseconds. */
async function measure(lab: FirstFrameLab, page: string, fault: Fault): Promise<number> {
  calls += 1;
  const setting = { page, prepared: true, relay: true, room: `room-${process.pid}-${calls}` };
  const pages = await Promise.all([lab.open(0, setting), lab.open(1, setting)] as const);
  const scene = { lab, pages };
  try {
    await pages[0].evaluate(() => getReady('inside'), undefined);
    await pages[1].evaluate(() => getReady('outside'), undefined);
    await pages[1].evaluate(() => clickJoin(), undefined);
    await pause(SETTLE_MS);
    await Promise.all(pages.map(startClock));
    await fault.strike(scene);
    const gaps = await Promise.all(pages.map(readGapMs));
    return gaps.some((gap) => Number.isNaN(gap)) ? Number.NaN : Math.max(...gaps);
  } finally {
    await fault.mend?.(scene);
    await Promise.all(pages.map((one) => one.close()));
  }
}

function formatGap(ms: number): string {
  return Number.isFinite(ms) ? (ms / 1_000).toFixed(2) : 'lost';
}

function describeGaps(gaps: readonly number[]): string {
  const sorted = gaps.map((gap) => (Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap));
  sorted.sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return `${formatGap(middle)} (${sorted.map(formatGap).join(', ')})`;
}

const lab = await openFirstFrameLab();
try {
  console.log('Longest time without a picture, s: median (all rounds)');
  console.log('| fault | Parley | PeerJS |\n|---|---|---|');
  for (const name of args.faults.split(',')) {
    const fault = FAULTS[name];
    if (fault === undefined)
      throw new Error(`No fault "${name}": ${Object.keys(FAULTS).join(', ')}`);
    const gaps = { parley: new Array<number>(), peerjs: new Array<number>() };
    const turns = Array.from({ length: Number(args.rounds) }, () => CONTENDERS).flat();
    for (const page of turns) {
      gaps[page].push(await measure(lab, page, fault));
      console.error(`${name}, ${page}: ${gaps[page].at(-1)?.toFixed(0)} ms`);
    }
    console.log(`| ${fault.title} | ${describeGaps(gaps.parley)} | ${describeGaps(gaps.peerjs)} |`);
  }
} finally {
  await lab.close();
}
