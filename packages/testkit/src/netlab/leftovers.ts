/**
 * Removes laboratories: the one that closes, and those that a crashed run has left behind.
 * @module
 */
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill } from 'node:process';
import { LAB_PREFIX, parseLabOwner, parseStartTicks } from './lab-name.ts';
import type { ProcessIdentity } from './lab-name.ts';
import type { LabPrograms } from './lab-requirements.ts';
import { runCommand } from './run-command.ts';

/** Where `ip netns` keeps its names. */
const NAMESPACES = '/run/netns';

/** Folder for the scripts of a laboratory. */
export function labFolder(lab: string): string {
  return join(tmpdir(), lab);
}

/** This process, as the names of its laboratories tell it. */
export function identifyThisProcess(): ProcessIdentity {
  return { pid: process.pid, startTicks: readStartTicks(process.pid) ?? 0 };
}

/** Ends the processes of a namespace and removes it. */
export async function removeNamespace({ ip }: LabPrograms, name: string): Promise<void> {
  const pids = await runCommand(ip, ['netns', 'pids', name]);
  for (const pid of pids.split('\n').filter(Boolean)) endProcess(Number(pid));
  await runCommand(ip, ['netns', 'delete', name]);
}

/** Removes what laboratories of processes that no longer run have left behind. */
export async function removeLeftovers(programs: LabPrograms): Promise<void> {
  const namespaces = listFolder(NAMESPACES).filter(isLeftover);
  // Another run may be removing the same ones at this moment.
  await Promise.allSettled(namespaces.map((name) => removeNamespace(programs, name)));
  for (const folder of listFolder(tmpdir()).filter(isLeftover)) {
    rmSync(labFolder(folder), { recursive: true, force: true });
  }
}

function isLeftover(name: string): boolean {
  if (!name.startsWith(LAB_PREFIX)) return false;
  const owner = parseLabOwner(name);
  return owner !== undefined && readStartTicks(owner.pid) !== owner.startTicks;
}

/** Nothing when there is no such process. */
function readStartTicks(pid: number): number | undefined {
  try {
    return parseStartTicks(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return []; // The folder appears with the first namespace.
  }
}

function endProcess(pid: number): void {
  try {
    kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself in the meantime.
  }
}
