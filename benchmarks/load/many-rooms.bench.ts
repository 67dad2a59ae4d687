/**
 * One server with 2,000 people in 500 rooms, while some leave and others come: what it costs, and how
 * long a newcomer waits. Fails when anybody is refused or dropped.
 * @module
 */
import { execFile } from 'node:child_process';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { GENERATOR_CPU, lineMatching, running, spawnPinned } from '../turn/servers.ts';
import type { VisitResult, VisitScenario } from './visitors.ts';

const { values } = parseArgs({
  options: {
    rooms: { type: 'string', default: '500' },
    people: { type: 'string', default: '4' },
    rate: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '30' },
  },
});
const [rooms, peoplePerRoom] = [Number(values.rooms), Number(values.people)];
const people = rooms * peoplePerRoom;
const MEGABYTE = 1e6;

async function measure(): Promise<VisitResult> {
  const script = fileURLToPath(new URL('server.js', import.meta.url));
  const child = spawnPinned(process.execPath, [script, 'parley']);
  const { port }: { port: number } = JSON.parse(await lineMatching(child, /^\{/u));
  const server = running(child, port, 'SIGTERM');
  try {
    const scenario: VisitScenario = {
      pid: server.target.pid,
      port,
      rooms,
      peoplePerRoom,
      perSecond: Number(values.rate),
      seconds: Number(values.seconds),
    };
    const visitors = fileURLToPath(new URL('visitors.js', import.meta.url));
    const args = ['-c', `${GENERATOR_CPU}`, process.execPath, visitors, JSON.stringify(scenario)];
    const { stdout } = await promisify(execFile)('taskset', args, { maxBuffer: 64 * MEGABYTE });
    const result: VisitResult = JSON.parse(stdout);
    return result;
  } finally {
    await server.stop();
  }
}

/** The value that this share of all is not above. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

const result = await measure();
const waits = result.waitsMs.toSorted((one, other) => one - other);
const perPerson = (result.fullBytes - result.emptyBytes) / people;
const rows = [
  ['people, rooms', `${result.people}, ${result.roomCount}`],
  [
    'filled in',
    `${result.fillSeconds.toFixed(1)} s (${Math.round(people / result.fillSeconds)} joins/s)`,
  ],
  ['joins and leaves', `${result.joins} each in ${result.elapsedSeconds.toFixed(1)} s`],
  ['processor', `${((result.serverCpuSeconds / result.elapsedSeconds) * 100).toFixed(1)} % of one`],
  ['memory, empty', `${(result.emptyBytes / MEGABYTE).toFixed(0)} MB`],
  [
    'memory, full',
    `${(result.fullBytes / MEGABYTE).toFixed(0)} MB (${(perPerson / 1000).toFixed(1)} kB each)`,
  ],
  ['websocket and join, p50', `${quantile(waits, 0.5).toFixed(1)} ms`],
  ['websocket and join, p99', `${quantile(waits, 0.99).toFixed(1)} ms`],
  ['websocket and join, most', `${quantile(waits, 1).toFixed(1)} ms`],
  [
    'timers late, p99: server, visitors',
    `${result.serverLateMs.toFixed(1)}, ${result.ownLateMs.toFixed(1)} ms`,
  ],
  ['errors', `${result.errors}`],
  [
    'load of the machine',
    loadavg()
      .map((value) => value.toFixed(1))
      .join(', '),
  ],
];
console.log(`\n### ${people} people in ${rooms} rooms\n\n| | |\n|---|---|`);
for (const [what, value] of rows) console.log(`| ${what} | ${value} |`);
if (result.errors > 0 || result.people !== people || result.roomCount !== rooms) {
  console.error('Somebody was refused or dropped.');
  process.exitCode = 1;
}
