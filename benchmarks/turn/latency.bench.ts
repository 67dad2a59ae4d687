/**
 * Delay of relayed packets at 20,000 packets per second, from sending to arrival on loopback. The
 * delay without any server is measured in each round as well: the difference is what a relay adds.
 * Median and 99th percentile come from the same packets.
 * @module
 */
import { generate, measureAll, printTable, readRunOptions } from './compare.ts';
import type { Row } from './compare.ts';
import type { PaceResult } from './load/pace.ts';
import { coturn, parley, noServer } from './servers.ts';
import type { RunningServer } from './servers.ts';

const PACE = { kind: 'pace', packetsPerSecond: 20_000, payloadBytes: 1100 } as const;

type Percentile = 'p50Us' | 'p99Us';
const TITLES: Readonly<Record<Percentile, string>> = { p50Us: 'median', p99Us: '99th percentile' };

const options = readRunOptions();
const measure = ({ target }: RunningServer): Promise<PaceResult> =>
  generate({
    ...PACE,
    target: target.pid === 0 ? undefined : target,
    seconds: options.seconds,
  });

/** The worst of all rounds. */
function lossNote(samples: readonly PaceResult[]): string {
  const lost = Math.max(...samples.map(({ sent, received }) => sent - received));
  return `at most ${lost} of ${samples[0]?.sent ?? 0} not back`;
}

/** The same rows without what the machine itself took in the same round. */
function addedTo(bare: Row<PaceResult>, { name, samples }: Row<PaceResult>): Row<PaceResult> {
  const added = samples.map((sample, round) => ({
    ...sample,
    p50Us: sample.p50Us - (bare.samples[round]?.p50Us ?? 0),
    p99Us: sample.p99Us - (bare.samples[round]?.p99Us ?? 0),
  }));
  return { name, samples: added };
}

const servers = [coturn, parley('batch', 'open'), parley('dgram', 'open'), noServer];
const rows = await measureAll({ servers, measure }, options);
const bare = rows.find(({ name }) => name === noServer.name);
const withServer = rows.filter((row) => row !== bare);

for (const percentile of ['p50Us', 'p99Us'] as const) {
  const shown = {
    unit: 'microseconds',
    figure: (sample: PaceResult) => sample[percentile],
    note: lossNote,
  };
  const title = `at 20,000 packets/s, ${TITLES[percentile]}`;
  printTable({ ...shown, title: `Delay ${title}` }, rows);
  if (bare === undefined) continue;
  const targets = percentile === 'p99Us' ? { 'parley batch open': 1 } : {};
  const added = withServer.map((row) => addedTo(bare, row));
  printTable({ ...shown, title: `Added delay ${title}`, targets }, added);
}
