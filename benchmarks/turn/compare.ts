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
}

/** Reads `--rounds`, `--seconds`, `--only` and `--patience` from the command line. */
export function readRunOptions(): RunOptions {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      only: { type: 'string', multiple: true, default: [] },
      patience: { type: 'string', default: '60' },
    },
  });
  return {
    only: values.only,
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    patience: Number(values.patience),
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
  /** What else there is to say about a sample. */
  readonly note?: (sample: Sample) => string;
  /** What we want to reach, by name of the server. */
  readonly targets?: Readonly<Record<string, number>>;
}

interface Row<Sample> {
  readonly server: MeasuredServer;
  readonly samples: Sample[];
}

/** Measures and prints a table. A server is started anew for each sample: no state is carried over. */
export async function compare<Sample>(
  comparison: Comparison<Sample>,
  options: RunOptions,
): Promise<void> {
  const { only, rounds } = options;
  const isChosen = ({ name }: MeasuredServer): boolean =>
    only.length === 0 || only.some((part) => name.includes(part));
  const rows = comparison.servers
    .filter(isChosen)
    .map((server): Row<Sample> => ({ server, samples: [] }));
  let disturbed = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const { server, samples } of rows) {
      const taken = await takeSample(comparison, server, options);
      samples.push(taken.sample);
      disturbed += taken.isDisturbed ? 1 : 0;
    }
  }
  print(comparison, rows);
  if (disturbed > 0) console.log(`\n${disturbed} samples were disturbed by other processes.`);
}

/** Attempts for one sample that nobody disturbs. */
const MAX_ATTEMPTS = 20;

async function takeSample<Sample>(
  comparison: Comparison<Sample>,
  server: MeasuredServer,
  options: RunOptions,
): Promise<{ sample: Sample; isDisturbed: boolean }> {
  for (let attempt = 1; ; attempt += 1) {
    await untilQuiet(options.patience);
    const running = await server.start();
    try {
      const watch = new Watch(running.target.pid);
      const sample = await comparison.measure(running, options);
      const isDisturbed = !watch.wasQuiet();
      if (!isDisturbed || attempt === MAX_ATTEMPTS) return { sample, isDisturbed };
    } finally {
      await running.stop();
    }
  }
}

function print<Sample>(comparison: Comparison<Sample>, rows: readonly Row<Sample>[]): void {
  const { title, unit, figure, note, targets } = comparison;
  const peer = rows[0]?.samples.map(figure) ?? [];
  console.log(`\n### ${title}\n`);
  console.log(`| server | ${unit} | ratio | range of ratios | target | |`);
  console.log('|---|---|---|---|---|---|');
  for (const { server, samples } of rows) {
    const { name } = server;
    const figures = samples.map(figure);
    const ratios = figures.map((value, round) => value / (peer[round] ?? Number.NaN));
    const target = targets?.[name];
    const cells = [
      name,
      formatNumber(median(figures)),
      median(ratios).toFixed(2),
      `${Math.min(...ratios).toFixed(2)} - ${Math.max(...ratios).toFixed(2)}`,
      target === undefined ? '' : `${target}`,
      samples.length > 0 && note !== undefined ? samples.map(note).at(-1) : '',
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

/** Whether the server was the bottleneck, and whether packets got lost. */
export function floodNote(result: FloodResult): string {
  const busy = percent(result.serverCpuSeconds / result.elapsedSeconds);
  const lost = result.lost === 0 ? '' : `, ${result.lost} lost`;
  return `server busy ${busy}, generator idle ${percent(result.idleShare)}${lost}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
