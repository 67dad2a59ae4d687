/**
 * Names of network namespaces. They carry the process that made them, so that a later run knows which
 * ones a crashed run has left behind.
 * @module
 */

/** Beginning of every name the laboratory gives. */
export const LAB_PREFIX = 'parley-lab-';

/** A process, told apart from an earlier one with the same number by the moment it started. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks between the start of the machine and of the process. */
  readonly startTicks: number;
}

const NAME = /^parley-lab-(?<pid>\d+)-(?<startTicks>\d+)-(?<lab>\d+)(?:-|$)/u;
const AFTER_COMMAND = /^.*\)/su;
/** Position of `starttime` in /proc/PID/stat, counted from the field behind the command. */
const START_TIME_FIELD = 19;

/** Name of the `lab`-th laboratory of a process; the names of its hosts begin with it. */
export function formatLabName({ pid, startTicks }: ProcessIdentity, lab: number): string {
  return `${LAB_PREFIX}${pid}-${startTicks}-${lab}`;
}

/** The process that gave this name, or `undefined` for a name that is not ours. */
export function parseLabOwner(name: string): ProcessIdentity | undefined {
  const { pid, startTicks } = NAME.exec(name)?.groups ?? {};
  if (pid === undefined || startTicks === undefined) return undefined;
  return { pid: Number(pid), startTicks: Number(startTicks) };
}

/**
 * Start of a process from the content of /proc/PID/stat.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function parseStartTicks(stat: string): number {
  // The command stands in parentheses and may itself have spaces and parentheses.
  const fields = stat.replace(AFTER_COMMAND, '').trim().split(' ');
  return Number(fields[START_TIME_FIELD]);
}
