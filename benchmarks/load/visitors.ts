/**
 * The people of the load benchmark, a process of its own: fills the rooms, then lets people leave and
 * others come at a steady rate, and prints how long the newcomers waited.
 * @module
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { argv } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '../signaling/client.ts';
import { parleyDialect } from '../signaling/dialects.ts';
import { cpuNanoseconds, residentBytes } from '../turn/procfs.ts';

/** What to do. */
export interface VisitScenario {
  readonly pid: number;
  readonly port: number;
  readonly rooms: number;
  readonly peoplePerRoom: number;
  /** Who comes, and who leaves, in each second. */
  readonly perSecond: number;
  readonly seconds: number;
}

/** What came out. */
export interface VisitResult {
  readonly joins: number;
  readonly errors: number;
  /** From opening the websocket until the answer to `join`, in milliseconds, in the order of the joins. */
  readonly waitsMs: readonly number[];
  readonly fillSeconds: number;
  readonly elapsedSeconds: number;
  readonly serverCpuSeconds: number;
  readonly emptyBytes: number;
  readonly fullBytes: number;
  /** As the server counts them at the end. */
  readonly people: number;
  readonly roomCount: number;
  /** How late timers were, of a hundred the latest but one: in the server, and in this process. */
  readonly serverLateMs: number;
  readonly ownLateMs: number;
}

const ENTERING_AT_ONCE = 50;
const SETTLE_MS = 2000;
const LATE_RESOLUTION_MS = 10;

class Crowd {
  readonly #scenario: VisitScenario;
  readonly #inside: Client[] = [];
  readonly waitsMs: number[] = [];
  errors = 0;

  constructor(scenario: VisitScenario) {
    this.#scenario = scenario;
  }

  async enter(room: string): Promise<void> {
    const startedAt = performance.now();
    try {
      const client = await Client.enter(parleyDialect, this.#scenario.port, room);
      this.waitsMs.push(performance.now() - startedAt);
      this.#inside.push(client);
    } catch {
      this.errors += 1;
    }
  }

  /** Whoever has been there for longest goes; the room that they left. */
  leave(): string | undefined {
    const oldest = this.#inside.shift();
    oldest?.leave();
    return oldest?.room;
  }
}

async function fill(crowd: Crowd, { rooms, peoplePerRoom }: VisitScenario): Promise<void> {
  let entered = 0;
  const worker = async (): Promise<void> => {
    while (entered < rooms * peoplePerRoom) {
      entered += 1;
      await crowd.enter(`room-${entered % rooms}`);
    }
  };
  await Promise.all(Array.from({ length: ENTERING_AT_ONCE }, worker));
}

/** By the clock, whether or not those before have got in: a slow server gets no rest. */
async function comeAndGo(crowd: Crowd, { perSecond, seconds }: VisitScenario): Promise<void> {
  const startedAt = performance.now();
  const coming: Promise<void>[] = [];
  for (let visit = 0; visit < perSecond * seconds; visit += 1) {
    const wait = startedAt + (visit * 1000) / perSecond - performance.now();
    if (wait > 0) await delay(wait);
    const room = crowd.leave();
    if (room !== undefined) coming.push(crowd.enter(room));
  }
  await Promise.all(coming);
}

async function gauge(port: number, name: string): Promise<number> {
  const line = name.replaceAll(/[{}]/gu, String.raw`\$&`);
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(new RegExp(`^${line} (?<value>\\S+)$`, 'mu').exec(text)?.groups?.['value']);
}

const scenario: VisitScenario = JSON.parse(argv[2] ?? '{}');
const { pid, port } = scenario;
const crowd = new Crowd(scenario);
const emptyBytes = residentBytes(pid);
const fillAt = performance.now();
await fill(crowd, scenario);
const fillSeconds = (performance.now() - fillAt) / 1000;
await delay(SETTLE_MS);
const filled = crowd.waitsMs.length;
const before = { at: performance.now(), cpu: cpuNanoseconds(pid) };
const late = monitorEventLoopDelay({ resolution: LATE_RESOLUTION_MS });
late.enable();
// What was before does not count.
await gauge(port, 'parley_people');
await comeAndGo(crowd, scenario);
late.disable();
const result: VisitResult = {
  joins: crowd.waitsMs.length - filled,
  errors: crowd.errors,
  waitsMs: crowd.waitsMs.slice(filled),
  fillSeconds,
  elapsedSeconds: (performance.now() - before.at) / 1000,
  serverCpuSeconds: (cpuNanoseconds(pid) - before.cpu) / 1e9,
  emptyBytes,
  fullBytes: residentBytes(pid),
  ownLateMs: late.percentile(99) / 1e6,
  serverLateMs: (await gauge(port, 'parley_event_loop_delay_seconds{quantile="0.99"}')) * 1000,
  people: await gauge(port, 'parley_people'),
  roomCount: await gauge(port, 'parley_rooms'),
};
console.log(JSON.stringify(result));
process.exit(0);
