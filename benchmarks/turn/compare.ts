/**
 * Measures servers in turns, several rounds in one run, and prints what came out. Ratios are medians
 * of rounds, in which both values come from the same minute of the same machine.
 * @module
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import type { FloodResult } from './load/flood.ts';
import type { ResultOf, Scenario } from './load/scenario.ts';
import { Watch, untilQuiet } from './quiet.ts';
import { GENERATOR_CPU } from './servers.ts';
import type { MeasuredServer, RunningServer } from './servers.ts';

/** How often and how long to measure. */
export interface RunOptions {
  readonly rounds: number;
  readonly seconds: number;
  /** Measure only servers with one of these in their name. */
  readonly only: readonly string[];
  /** Seconds to wait for a quiet machine before each sample. */
  readonly patience: number;
  /** How often to try for a sample that nobody disturbs. */
  readonly attempts: number;
}

/** Reads `--rounds`, `--seconds`, `--only`, `--patience` and `--attempts` from the command line. */
export function readRunOptions(): RunOptions {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      only: { type: 'string', multiple: true, default: [] },
      patience: { type: 'string', default: '60' },
      attempts: { type: 'string', default: '20' },
    },
  });
  return {
    only: values.only,
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    patience: Number(values.patience),
    attempts: Number(values.attempts),
  };
}

/** Runs the generator process once. */
export async function generate<S extends Scenario>(scenario: S): Promise<ResultOf<S>> {
  const script = fileURLToPath(new URL('generator.js', import.meta.url));
  const args = ['-c', `${GENERATOR_CPU}`, process.execPath, script, JSON.stringify(scenario)];
  const { stdout } = await promisify(execFile)('taskset', args);
  const result: ResultOf<S> = JSON.parse(stdout);
  return result;
}

/** One thing to compare. */
export interface Comparison<Sample> {
  readonly title: string;
  readonly unit: string;
  /** The first one is what the others are compared with. */
  readonly servers: readonly MeasuredServer[];
  readonly measure: (server: RunningServer, options: RunOptions) => Promise<Sample>;
  /** The figure that is compared. */
  readonly figure: (sample: Sample) => number;
  /** What else there is to say about the samples of a server, one of each round. */
  readonly note?: (samples: readonly Sample[]) => string;
  /** What we want to reach, by name of the server. */
  readonly targets?: Readonly<Record<string, number>>;
}

/** What a comparison measures, without how it is shown. */
export type Measurement<Sample> = Pick<Comparison<Sample>, 'servers' | 'measure'>;

/** The samples of one server, one of each round. */
export interface Row<Sample> {
  readonly name: string;
  readonly samples: Sample[];
}

/** Measures and prints a table. */
export async function compare<Sample>(
  comparison: Comparison<Sample>,
  options: RunOptions,
): Promise<void> {
  printTable(comparison, await measureAll(comparison, options));
}

/** Measures round by round. A server is started anew for each sample: no state is carried over. */
export async function measureAll<Sample>(
  measurement: Measurement<Sample>,
  options: RunOptions,
): Promise<readonly Row<Sample>[]> {
  const { only, rounds } = options;
  const isChosen = ({ name }: MeasuredServer): boolean =>
    only.length === 0 || only.some((part) => name.includes(part));
  const chosen = measurement.servers.filter(isChosen);
  const rows = chosen.map(({ name }): Row<Sample> => ({ name, samples: [] }));
  let disturbed = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, server] of chosen.entries()) {
      const taken = await takeSample(measurement, server, options);
      rows[index]?.samples.push(taken.sample);
      disturbed += taken.isDisturbed ? 1 : 0;
    }
  }
  if (disturbed > 0) console.log(`\n${disturbed} samples were disturbed by other processes.`);
  return rows;
}

async function takeSample<Sample>(
  measurement: Measurement<Sample>,
  server: MeasuredServer,
  options: RunOptions,
): Promise<{ sample: Sample; isDisturbed: boolean }> {
  for (let attempt = 1; ; attempt += 1) {
    await untilQuiet(options.patience);
    const running = await server.start();
    try {
      const watch = new Watch(running.target.pid);
      const sample = await measurement.measure(running, options);
      const isDisturbed = !watch.wasQuiet();
      if (!isDisturbed || attempt >= options.attempts) return { sample, isDisturbed };
    } finally {
      await running.stop();
    }
  }
}

/** Prints what was measured; the first row is what the others are compared with. */
export function printTable<Sample>(
  comparison: Omit<Comparison<Sample>, keyof Measurement<Sample>>,
  rows: readonly Row<Sample>[],
): void {
  const { title, unit, figure, note, targets } = comparison;
  const peer = rows[0]?.samples.map(figure) ?? [];
  console.log(`\n### ${title}\n`);
  console.log(`| server | ${unit} | ratio | range of ratios | target | |`);
  console.log('|---|---|---|---|---|---|');
  for (const { name, samples } of rows) {
    const figures = samples.map(figure);
    const ratios = figures.map((value, round) => value / (peer[round] ?? Number.NaN));
    const target = targets?.[name];
    const cells = [
      name,
      formatNumber(median(figures)),
      median(ratios).toFixed(2),
      `${Math.min(...ratios).toFixed(2)} - ${Math.max(...ratios).toFixed(2)}`,
      target === undefined ? '' : `${target}`,
      note?.(samples) ?? '',
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

function formatNumber(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

/** The middle of the values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[Math.floor(middle)],
    sorted[Math.ceil(middle)],
  ];
  return (low + high) / 2;
}

/** Packets the server put out per second of its processor time. */
export function packetsPerCpuSecond({ received, serverCpuSeconds }: FloodResult): number {
  return received / serverCpuSeconds;
}

/** Below this the server had time to spare: its figure is a lower bound at best. */
const MIN_BUSY_SHARE = 0.95;
/** Below this the generator may have been the bottleneck. */
const MIN_IDLE_SHARE = 0.05;

/**
 * The worst of all rounds: whether the server was the bottleneck, whether the generator had head
 * room, whether packets got lost; and how many rounds are doubtful for it.
 */
export function floodNote(results: readonly FloodResult[]): string {
  const busy = Math.min(...results.map(busyShareOf));
  const idle = Math.min(...results.map(({ idleShare }) => idleShare));
  const lost = Math.max(...results.map((result) => result.lost));
  const doubtful = results.filter(isDoubtful).length;
  const parts = [
    `server busy at least ${percent(busy)}`,
    `generator idle at least ${percent(idle)}`,
    `at most ${lost} lost`,
    ...(doubtful === 0 ? [] : [`**${doubtful} of ${results.length} rounds doubtful**`]),
  ];
  return parts.join(', ');
}

function isDoubtful(result: FloodResult): boolean {
  return busyShareOf(result) < MIN_BUSY_SHARE || result.idleShare < MIN_IDLE_SHARE;
}

function busyShareOf({ serverCpuSeconds, elapsedSeconds }: FloodResult): number {
  return serverCpuSeconds / elapsedSeconds;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
