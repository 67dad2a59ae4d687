/**
 * Sound that is sent twice: each packet repeats the one before, so that a single loss is not heard. Only
 * where packets are lost, because it costs as much again; where the other browser does not know the
 * format (Firefox), nothing changes.
 * @see https://www.rfc-editor.org/rfc/rfc2198
 * @module
 */

/** Whether sound should be sent twice, at one look. */
export interface Redundancy {
  readonly wanted: boolean;
  /** Looks in a row that spoke for the other way. */
  readonly streak: number;
}

/** Share of sound packets from which a voice begins to break up, and at which it is clean again. */
const LOSS = { bad: 0.03, good: 0.01 } as const;
const LOOKS = { toBegin: 2, toEnd: 15 } as const;
const RED = /^a=rtpmap:\d+ red\/48000/imu;

/** As long as nothing is known. */
export const NO_REDUNDANCY: Redundancy = { wanted: false, streak: 0 };

/** What to do after another look; `loss` is undefined when the other side has not reported. */
export function nextRedundancy(
  { wanted, streak }: Redundancy,
  loss: number | undefined,
): Redundancy {
  if (loss === undefined) return { wanted, streak };
  const isAgainst = wanted ? loss < LOSS.good : loss >= LOSS.bad;
  const next = isAgainst ? streak + 1 : 0;
  const isOver = next >= (wanted ? LOOKS.toEnd : LOOKS.toBegin);
  return isOver ? { wanted: !wanted, streak: 0 } : { wanted, streak: next };
}

/** Whether whoever wrote this description knows sound that is sent twice. */
export function knowsRedundancy(sdp: string | undefined): boolean {
  return sdp !== undefined && RED.test(sdp);
}
