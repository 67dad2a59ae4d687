/**
 * How much the uplink carries, judged from what the browsers estimate for each connection. One
 * estimate says little: a connection that sends little is never tested for more, and one slow
 * receiver is no slow uplink. Only when most paths carry less than they were allotted, the uplink is
 * what they have in common. Pure; time is counted in looks.
 * @module
 */

/** What one connection says. */
export interface PathReading {
  /** Bits per second that the browser estimates; undefined when it does not say. */
  readonly available: number | undefined;
  /** Bits per second that it may use. */
  readonly allotted: number;
  /** Young connections are still finding out. */
  readonly isSettled: boolean;
}

/** The budget at one look. */
export interface UplinkBudget {
  /** Bits per second. */
  readonly bitrate: number;
  /** Looks until it may rise again. */
  readonly wait: number;
  /** How long the next wait will be: grows while rises turn out to be mistakes. */
  readonly patience: number;
}

/** No wait is worth so little that a voice does not fit. */
const LEAST_BITRATE = 64_000;
/** A path is short when it carries less than this share of what it may use. */
const SHORT = 0.9;
const RISE = 1.1;
const PATIENCE = { first: 4, most: 32 } as const;

/** The budget before anything is known. */
export function startBudget(most: number): UplinkBudget {
  return { bitrate: most, wait: 0, patience: PATIENCE.first };
}

/** The budget after another look; never more than `most`. */
export function nextBudget(
  { bitrate, wait, patience }: UplinkBudget,
  paths: readonly PathReading[],
  most: number,
): UplinkBudget {
  const short = paths.filter(isShort);
  if (short.length * 2 > paths.length) {
    const carried = paths.reduce((sum, path) => sum + carriedBy(path), 0);
    return {
      bitrate: Math.min(bitrate, Math.max(LEAST_BITRATE, carried)),
      wait: patience,
      patience: wait > 0 ? patience : Math.min(PATIENCE.most, patience * 2),
    };
  }
  if (wait > 0) return { bitrate, wait: wait - 1, patience };
  if (bitrate >= most) return startBudget(most);
  return { bitrate: Math.min(most, bitrate * RISE), wait: 0, patience };
}

function isShort({ available, allotted, isSettled }: PathReading): boolean {
  return isSettled && available !== undefined && available < allotted * SHORT;
}

function carriedBy({ available, allotted, isSettled }: PathReading): number {
  return isSettled && available !== undefined ? Math.min(available, allotted) : allotted;
}
