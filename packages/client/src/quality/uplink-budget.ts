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
  /** What the paths carried at the last look, if that was too little. */
  readonly doubt?: number | undefined;
}

/** No wait is worth so little that a voice does not fit. */
const LEAST_BITRATE = 64_000;
/** A path is short when it carries less than this share of what it may use. */
const SHORT = 0.9;
const RISE = 1.2;
const PATIENCE = { first: 3, most: 32 } as const;

/** The budget before anything is known. */
export function startBudget(most: number): UplinkBudget {
  return { bitrate: most, wait: 0, patience: PATIENCE.first };
}

/**
 * The budget after another look; never more than `most`. What is too little must be so twice: whoever
 * joins tries how much the uplink carries, and for a moment the others get less of it.
 */
export function nextBudget(
  { bitrate, wait, patience, doubt }: UplinkBudget,
  paths: readonly PathReading[],
  most: number,
): UplinkBudget {
  if (isTooMuch(paths)) {
    const carried = paths.reduce((sum, path) => sum + carriedBy(path), 0);
    if (doubt === undefined) return { bitrate, wait, patience, doubt: carried };
    const lower = Math.max(LEAST_BITRATE, carried, doubt);
    return {
      bitrate: Math.min(bitrate, lower),
      wait: patience,
      patience: wait > 0 ? patience : Math.min(PATIENCE.most, patience * 2),
    };
  }
  if (wait > 0) return { bitrate, wait: wait - 1, patience };
  if (bitrate >= most) return startBudget(most);
  return { bitrate: Math.min(most, bitrate * RISE), wait: 0, patience };
}

/** While somebody is new, nobody's estimate says much. */
function isTooMuch(paths: readonly PathReading[]): boolean {
  return (
    paths.every(({ isSettled }) => isSettled) && paths.filter(isShort).length * 2 > paths.length
  );
}

function isShort({ available, allotted }: PathReading): boolean {
  return available !== undefined && available < allotted * SHORT;
}

function carriedBy({ available, allotted }: PathReading): number {
  return available === undefined ? allotted : Math.min(available, allotted);
}
