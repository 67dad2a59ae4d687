/**
 * Processor time of the browsers that this process has started.
 * @module
 */
import { readFileSync, readdirSync } from 'node:fs';
import { pid } from 'node:process';
import { cpuNanoseconds } from '../turn/procfs.ts';

/** Seconds that all running browsers below this process have used. */
export function browserSeconds(): number {
  const parents = new Map<number, number>();
  const browsers: number[] = [];
  for (const name of readdirSync('/proc')) {
    const status = /^\d+$/u.test(name) ? readStatus(name) : undefined;
    if (status === undefined) continue;
    parents.set(Number(name), status.parent);
    if (status.name.startsWith('chrom')) browsers.push(Number(name));
  }
  const isOurs = (process: number): boolean => {
    for (let at = process; at > 1; at = parents.get(at) ?? 0) if (at === pid) return true;
    return false;
  };
  return browsers.filter(isOurs).reduce((sum, process) => sum + secondsOf(process), 0);
}

function secondsOf(process: number): number {
  try {
    return cpuNanoseconds(process) / 1e9;
  } catch {
    return 0; // ended between two looks
  }
}

function readStatus(process: string): { name: string; parent: number } | undefined {
  try {
    const text = readFileSync(`/proc/${process}/status`, 'utf8');
    const [, name = ''] = /^Name:\s+(.*)$/mu.exec(text) ?? [];
    const [, parent = '0'] = /^PPid:\s+(\d+)$/mu.exec(text) ?? [];
    return { name, parent: Number(parent) };
  } catch {
    return undefined;
  }
}
