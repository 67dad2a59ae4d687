/**
 * What happens to a call when something breaks: Parley and PeerJS, in turns, with the same faults and
 * the same relay. `--rounds N`, `--faults blocked,moved,...`, `--away SECONDS` for servers, paths and
 * pages that are away, `--file MEBIBYTES` for a file under way meanwhile.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { isPictureBack, readLongestGapMs } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { openFirstFrameLab } from '../first-frame/lab.ts';
import type { FirstFrameLab, PageSetting } from '../first-frame/lab.ts';
import { TIMEOUT_MS, faultsOf, startClock } from './strikes.ts';
import type { Fault } from './strikes.ts';
import { readLinkInUse, tellCarrier } from './link-in-use.ts';
import { endTalk, sendFileAcross, startTalk } from './talk.ts';
import type { TalkResult } from './talk.ts';

const { values: args } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    faults: {
      type: 'string',
      default: 'blocked,moved,signaling,both,relayed,relay,expired,frozen',
    },
    away: { type: 'string', default: '10' },
    file: { type: 'string', default: '0' },
  },
});
const awayMs = Number(args.away) * 1_000;
const fileMebibytes = Number(args.file);

/** For a call to come to rest, on its best path. */
const SETTLE_MS = 3_000;
/** For a file to be well under way ... */
const FILE_LEAD_MS = 1_000;
/** ... and to arrive on a busy machine. */
const FILE_TIMEOUT_MS = 300_000;
const CONTENDERS = ['parley', 'peerjs'] as const;

/** What one call came to. */
interface Outcome extends TalkResult {
  /** Longest time without a picture at either end; `NaN` when it did not come back. */
  readonly gapMs: number;
  /** Undefined where there was none. */
  readonly isFileRight: boolean | undefined;
  readonly isNewcomerIn: boolean | undefined;
  /** Which connection went on, and by which path. */
  readonly carrier: string;
}

let calls = 0;

async function measure(lab: FirstFrameLab, page: string, fault: Fault): Promise<Outcome> {
  calls += 1;
  const relay = fault.isWithoutRelay !== true;
  const setting = { page, prepared: true, relay, room: `room-${process.pid}-${calls}` };
  await fault.prepare?.({ lab });
  const pages = await Promise.all([lab.open(0, setting), lab.open(1, setting)] as const);
  const scene = { lab, pages, awayMs };
  try {
    if (!relay) {
      for (const one of pages)
        await one.evaluate(() => loadScript('/faults/no-relay.js'), undefined);
    }
    await pages[0].evaluate(() => getReady('inside'), undefined);
    await pages[1].evaluate(() => getReady('outside'), undefined);
    await pages[1].evaluate(() => clickJoin(), undefined);
    await startTalk(pages, page);
    await pause(SETTLE_MS);
    const file = fileMebibytes > 0 ? sendFileAcross(pages, fileMebibytes) : undefined;
    if (file !== undefined) await pause(FILE_LEAD_MS);
    const before = await readLinkInUse(pages[0]);
    await Promise.all(pages.map(startClock));
    await fault.strike(scene);
    const patienceMs = fault.patienceMs ?? TIMEOUT_MS;
    const gaps = await Promise.all(pages.map((one) => readGapMs(one, patienceMs)));
    const gapMs = gaps.some((gap) => Number.isNaN(gap)) ? Number.NaN : Math.max(...gaps);
    const carrier = tellCarrier(before, await readLinkInUse(pages[0]));
    const isFileRight = file && (await Promise.race([file, nothingAfter(gapMs)]));
    const talk = await endTalk(pages);
    const isNewcomerIn = fault.wantsNewcomer === true ? await letIn(lab, setting) : undefined;
    return { ...talk, gapMs, isFileRight, isNewcomerIn, carrier };
  } finally {
    await fault.mend?.(scene);
    await Promise.all(pages.map((one) => one.close()));
  }
}

/** Whatever has not arrived over a call that was lost in this time does not arrive; another one has time. */
async function nothingAfter(gapMs: number): Promise<false> {
  await pause(Number.isNaN(gapMs) ? TIMEOUT_MS : FILE_TIMEOUT_MS, undefined, { ref: false });
  return false;
}

/** The longest gap, once the picture runs again; `NaN` when it does not. */
async function readGapMs(page: TestPage, timeoutMs: number): Promise<number> {
  return (await isPictureBack(page, timeoutMs)) ? readLongestGapMs(page) : Number.NaN;
}

/** Whether somebody new sees somebody who is inside. */
async function letIn(lab: FirstFrameLab, setting: PageSetting): Promise<boolean> {
  const page = await lab.open(1, setting);
  try {
    const joining = page.evaluate(async () => {
      await getReady('outside');
      return clickJoin();
    }, undefined);
    const seenAfterMs = await Promise.race([joining, pause(TIMEOUT_MS, undefined, { ref: false })]);
    return seenAfterMs !== undefined;
  } catch {
    return false; // the server does not take them
  } finally {
    await page.close();
  }
}

function formatGap(ms: number): string {
  return Number.isFinite(ms) ? (ms / 1_000).toFixed(2) : 'lost';
}

function describeGaps(outcomes: readonly Outcome[]): string {
  const sorted = outcomes.map(({ gapMs }) =>
    Number.isNaN(gapMs) ? Number.POSITIVE_INFINITY : gapMs,
  );
  sorted.sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return `${formatGap(middle)} (${sorted.map(formatGap).join(', ')})`;
}

/** How often something was as it should be; nothing where it was not looked at. */
function describeRight(outcomes: readonly Outcome[], what: 'isFileRight' | 'isNewcomerIn'): string {
  const known = outcomes.map((outcome) => outcome[what]).filter((value) => value !== undefined);
  return known.length === 0 ? '' : `${known.filter(Boolean).length} of ${known.length}`;
}

function describe(title: string, who: string, outcomes: readonly Outcome[]): string {
  const numbers = (count: (outcome: Outcome) => number): string => outcomes.map(count).join(', ');
  const cells = [
    title,
    who,
    describeGaps(outcomes),
    numbers(({ lost }) => lost),
    numbers(({ repeated }) => repeated),
    `${outcomes.filter(({ isInOrder }) => isInOrder).length} of ${outcomes.length}`,
    describeRight(outcomes, 'isFileRight'),
    `${outcomes.filter(({ isSamePeer }) => isSamePeer).length} of ${outcomes.length}`,
    describeRight(outcomes, 'isNewcomerIn'),
    outcomes.map(({ carrier }) => carrier).join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
}

const faults = faultsOf(args.away);
const lab = await openFirstFrameLab();
try {
  console.log(
    'Without a picture: longest time, s, median (all rounds). Messages: 20 a second each way.',
  );
  const heads = ['fault', 'who', 'without a picture', 'messages lost', 'repeated', 'in order'];
  heads.push(`file of ${fileMebibytes} MiB right`, 'same peers', 'newcomer gets in', 'goes on by');
  console.log(`| ${heads.join(' | ')} |\n|${'---|'.repeat(heads.length)}`);
  for (const name of args.faults.split(',')) {
    const fault = faults[name];
    if (fault === undefined)
      throw new Error(`No fault "${name}": ${Object.keys(faults).join(', ')}`);
    const outcomes = { parley: new Array<Outcome>(), peerjs: new Array<Outcome>() };
    const turns = Array.from({ length: Number(args.rounds) }, () => CONTENDERS).flat();
    for (const page of turns) {
      const outcome = await measure(lab, page, fault);
      outcomes[page].push(outcome);
      console.error(`${name}, ${page}: ${JSON.stringify(outcome)}`);
    }
    for (const page of CONTENDERS) console.log(describe(fault.title, page, outcomes[page]));
  }
} finally {
  await lab.close();
}
