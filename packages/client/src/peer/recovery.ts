/**
 * When a link from which nothing comes any more is helped, and how. Both ends climb the same ladder, at
 * about the same time, each by itself. Pure: time comes in with the samples.
 *
 * Evidence counts, not states: a browser says `disconnected` after 5 s and `failed` after 15 to 30 s.
 * Restarting ICE leaves a path that works in use until a better one is found, so it comes first. But
 * Chromium leaves a path that died no sooner than after 5 s, whatever the restart has found: so another
 * connection is begun right after it. The one before stays in use until the new one is connected.
 *
 * Nobody is given up: after a minute a link is lost, and another connection is tried now and then, for as
 * long as both are in the room, and at once where there is a reason to hope.
 * @module
 */

/** What is to be done now. `relay`: restart ICE over nothing but the relay, by TCP or TLS. */
export type RecoveryStep = 'restart' | 'relay' | 'rebuild';

/** Where a link stands. */
export interface Recovery {
  /** `connecting` until something came for the first time; `lost` until something comes again. */
  readonly name: 'connecting' | 'connected' | 'unstable' | 'recovering' | 'lost';
  /**
   * Time in trouble; once a restart was tried, without the time in which the server was out of reach. Of
   * a lost link: time since it was tried last.
   */
  readonly troubleMs: number;
  /** Rungs of the ladder that were taken, by either side; of a lost link: how often it was tried. */
  readonly rung: number;
}

/** What happens to a link. */
export type RecoveryInput =
  | {
      readonly type: 'sample';
      /** Since something came from the other side. */
      readonly silentMs: number;
      /** Since the sample before. */
      readonly elapsedMs: number;
      /** The server passes messages on. */
      readonly isOnline: boolean;
      /** The browser has given the connection up. */
      readonly hasFailed: boolean;
      /** There is a reason to believe that the network has changed: less silence is evidence. */
      readonly isDoubtful: boolean;
    }
  /** The network has changed for certain. */
  | { readonly type: 'hint' }
  /** The other side has done this, and we along with it. */
  | { readonly type: 'followed'; readonly step: 'restart' | 'rebuild' }
  /** What was to be done needs the server, which went out of reach. */
  | { readonly type: 'postponed' };

/** A new state, and perhaps something to do. */
export interface RecoveryResult {
  readonly state: Recovery;
  readonly step?: RecoveryStep;
}

/** Silence that is noticed; a busy path is never silent for so long. */
export const UNSTABLE_MS = 1_500;
/** Silence that is enough where there is doubt, long after the answer to a probe has been due. */
export const DOUBTFUL_MS = 700;
/** After time in trouble: the step. */
const LADDER: readonly (readonly [afterMs: number, step: RecoveryStep])[] = [
  [1_700, 'restart'],
  [1_900, 'rebuild'],
  [6_000, 'restart'],
  [10_000, 'relay'],
  [16_000, 'restart'],
  [22_000, 'rebuild'],
  [28_000, 'restart'],
  [34_000, 'relay'],
  [42_000, 'rebuild'],
];
/** Time in trouble after which a link is lost. */
const LOST_MS = 60_000;
/** How long a lost link is left alone before each try; the last one is for all that follow. */
const PATIENCE_MS: readonly number[] = [5_000, 15_000, 30_000, 60_000];
const FIRST_RESTART_MS = 1_700;
/** A first connection takes longer than one that was there before. */
const HEAD_START_MS = 4_000;
/** A page that slept has not tried anything meanwhile. */
const MAX_ELAPSED_MS = 1_500;

const CONNECTED: Recovery = { name: 'connected', troubleMs: 0, rung: 0 };

/** Of a link that has just been made. */
export const NEW_LINK: Recovery = { name: 'connecting', troubleMs: -HEAD_START_MS, rung: 0 };

/** What follows from `input`. */
export function nextRecovery(state: Recovery, input: RecoveryInput): RecoveryResult {
  switch (input.type) {
    case 'sample':
      return sample(state, input);
    case 'hint':
      // The next look tries again, unless that has just been done.
      if (state.name === 'lost') return { state: { ...state, rung: 0 } };
      // Nothing to restart yet: the first connection looks for its way already.
      if (state.name === 'connecting') return { state };
      return { state: atRung(state, 0), step: 'restart' };
    case 'followed':
      if (state.name === 'lost') return { state: triedAgain(state) };
      return {
        state: atRung(
          state,
          LADDER.findIndex(([, step]) => step === input.step),
        ),
      };
    case 'postponed':
      return { state: postponed(state) };
  }
}

/** How soon the next rung is due, if nothing comes any more. */
export function nextRungIn({ name, troubleMs, rung }: Recovery, silentMs: number): number {
  const [afterMs] = LADDER[rung] ?? [LOST_MS];
  return afterMs - (name === 'connected' ? silentMs : troubleMs);
}

/** As if this rung had been taken from here. */
function atRung({ name, troubleMs, rung }: Recovery, index: number): Recovery {
  const isRebuilt = index > 0;
  return {
    name: isRebuilt && name !== 'connecting' ? 'recovering' : name,
    troubleMs: isRebuilt ? Math.max(troubleMs, LADDER[index]?.[0] ?? 0) : troubleMs,
    rung: Math.max(rung, index + 1),
  };
}

function sample(
  state: Recovery,
  input: RecoveryInput & { readonly type: 'sample' },
): RecoveryResult {
  const { silentMs, hasFailed, isDoubtful } = input;
  const enoughMs = isDoubtful ? DOUBTFUL_MS : UNSTABLE_MS;
  if (!hasFailed && silentMs < enoughMs) return { state: CONNECTED };
  if (state.name === 'lost') return tryAgain(state, input);
  return climb({ ...state, troubleMs: troubleAfter(state, input) }, input.isOnline);
}

function troubleAfter(
  { name, troubleMs, rung }: Recovery,
  {
    silentMs,
    elapsedMs,
    isOnline,
    hasFailed,
    isDoubtful,
  }: RecoveryInput & { readonly type: 'sample' },
): number {
  const counted = isOnline || rung === 0 ? Math.min(elapsedMs, MAX_ELAPSED_MS) : 0;
  const isNew = name === 'connected';
  // What came while the page stood still may not have been read yet: the next look tells.
  const most = elapsedMs > MAX_ELAPSED_MS ? UNSTABLE_MS : FIRST_RESTART_MS;
  const spent = isNew ? Math.min(silentMs, most) : troubleMs + counted;
  const isCertain = hasFailed || (isDoubtful && name !== 'connecting');
  return isCertain ? Math.max(spent, FIRST_RESTART_MS) : spent;
}

/** Takes the next rung if it is time for it; one at a time, and one alone without a server. */
function climb({ name, troubleMs, rung }: Recovery, isOnline: boolean): RecoveryResult {
  if (troubleMs >= LOST_MS) return { state: { name: 'lost', troubleMs: 0, rung: 0 } };
  const isFirst = name === 'connecting';
  const [afterMs, step] = LADDER[rung] ?? [LOST_MS, undefined];
  if (troubleMs < afterMs || step === undefined || (rung > 0 && !isOnline)) {
    const trouble = rung > 0 ? 'recovering' : 'unstable';
    return { state: { name: isFirst ? name : trouble, troubleMs, rung } };
  }
  return { state: { name: isFirst ? name : 'recovering', troubleMs, rung: rung + 1 }, step };
}

/** Waits longer each time. Without a server nothing can be tried; then it is, as soon as that is back. */
function tryAgain(
  state: Recovery,
  { elapsedMs, isOnline }: RecoveryInput & { readonly type: 'sample' },
): RecoveryResult {
  const patienceMs = PATIENCE_MS[state.rung] ?? PATIENCE_MS.at(-1) ?? 0;
  if (!isOnline) return { state: { ...state, troubleMs: patienceMs } };
  const troubleMs = state.troubleMs + Math.min(elapsedMs, MAX_ELAPSED_MS);
  if (troubleMs < patienceMs) return { state: { ...state, troubleMs } };
  return { state: triedAgain(state), step: 'rebuild' };
}

/** Due again at once, when the server is there. */
function postponed({ name, troubleMs, rung }: Recovery): Recovery {
  const isLost = name === 'lost';
  return {
    name,
    troubleMs: isLost ? Number.POSITIVE_INFINITY : troubleMs,
    rung: Math.max(0, rung - 1),
  };
}

function triedAgain({ name, rung }: Recovery): Recovery {
  return { name, troubleMs: 0, rung: rung + 1 };
}
