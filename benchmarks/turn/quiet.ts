/**
 * Keeps others out of the measurement: waits until the machine has nothing else to do, and finds out
 * afterwards whether somebody came in between.
 * @see https://man7.org/linux/man-pages/man5/proc_stat.5.html
 * @module
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuNanoseconds } from './procfs.ts';

/** The kernel counts in hundredths of a second here. */
const SECONDS_PER_TICK = 0.01;

/** Share of all processors that others may use during a sample. */
const TOLERATED_SHARE = 0.04;

const LOOK_MS = 500;

/** Waits until the processors were idle for half a second; at most `patienceSeconds`. */
export async function untilQuiet(patienceSeconds: number): Promise<void> {
  const deadline = performance.now() + patienceSeconds * 1000;
  while (performance.now() < deadline) {
    const before = busySeconds();
    await delay(LOOK_MS);
    const share = (busySeconds() - before) / ((LOOK_MS / 1000) * availableParallelism());
    if (share < TOLERATED_SHARE) return;
  }
}

/** Looks at who uses the processors from now on. */
export class Watch {
  readonly #serverPid: number;
  readonly #begin: { readonly at: number; readonly busy: number; readonly own: number };

  constructor(serverPid: number) {
    this.#serverPid = serverPid;
    this.#begin = { at: performance.now(), busy: busySeconds(), own: this.#ownSeconds() };
  }

  /** True when nearly all the work since then was that of the server, the generator, and us. */
  wasQuiet(): boolean {
    const elapsed = (performance.now() - this.#begin.at) / 1000;
    const busy = busySeconds() - this.#begin.busy;
    const own = this.#ownSeconds() - this.#begin.own;
    return (busy - own) / (elapsed * availableParallelism()) < TOLERATED_SHARE;
  }

  #ownSeconds(): number {
    // Fields 14 to 17 of the line: this process and the children that have ended.
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
    const self = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
    const server = this.#serverPid === 0 ? 0 : cpuNanoseconds(this.#serverPid) / 1e9;
    return self * SECONDS_PER_TICK + server;
  }
}

/** Time the processors spent on anything, and that a hypervisor took away. */
function busySeconds(): number {
  const line = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '';
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) * SECONDS_PER_TICK;
}
