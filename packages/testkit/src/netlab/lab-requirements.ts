/**
 * What this machine must have before virtual networks can be built on it.
 * @module
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { env, getuid } from 'node:process';
import { runCommand } from './run-command.ts';

/** Programs of the administrator, who is the only one to have these folders in the path. */
const ADMIN_FOLDERS = ['/usr/sbin', '/sbin'];

/** Where the two programs are that build networks. */
export interface LabPrograms {
  readonly ip: string;
  readonly nft: string;
}

/** What a search for the requirements found on this machine. */
export interface Machine {
  readonly isRoot: boolean;
  /** Path of a command, or `undefined`. */
  readonly find: (command: string) => string | undefined;
}

/** This machine as it is. */
export function thisMachine(path: string = env['PATH'] ?? ''): Machine {
  const folders = [...path.split(delimiter), ...ADMIN_FOLDERS].filter(Boolean);
  return {
    isRoot: getuid?.() === 0,
    find: (command) => folders.map((folder) => join(folder, command)).find(isExecutable),
  };
}

/** The programs of the laboratory. @throws with everything that is missing, and how to get it */
export function findLabPrograms(machine: Machine = thisMachine()): LabPrograms {
  const ip = machine.find('ip');
  const nft = machine.find('nft');
  if (machine.isRoot && ip !== undefined && nft !== undefined) return { ip, nft };
  const missing = [
    ...(machine.isRoot ? [] : ['root (run the tests with sudo)']),
    ...(ip === undefined ? ['the command ip (sudo apt-get install iproute2)'] : []),
    ...(nft === undefined ? ['the command nft (sudo apt-get install nftables)'] : []),
  ];
  throw new Error(`The network laboratory needs ${missing.join(' and ')}.`);
}

/** Adds a network namespace. @throws with what to allow when the kernel refuses */
export async function addNamespace({ ip }: LabPrograms, name: string): Promise<void> {
  try {
    await runCommand(ip, ['netns', 'add', name]);
  } catch (cause) {
    throw new Error(
      'The network laboratory needs network namespaces, which this machine refuses to make. In a ' +
        'container, start it with --privileged, or with --cap-add NET_ADMIN --cap-add SYS_ADMIN.',
      { cause },
    );
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
