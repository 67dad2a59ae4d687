/**
 * What the kernel says about a process: processor time to the nanosecond, and memory.
 * @see https://docs.kernel.org/scheduler/sched-stats.html
 * @module
 */
import { readFileSync, readdirSync } from 'node:fs';

/** Processor time of all threads of `pid` since they began, in nanoseconds. */
export function cpuNanoseconds(pid: number): number {
  let total = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const [running = '0'] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ');
    total += Number(running);
  }
  return total;
}

/** Memory of `pid` that is in RAM, in bytes. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kilobytes === undefined) throw new Error(`no VmRSS of process ${pid}`);
  return Number(kilobytes) * 1024;
}
