/**
 * How much this device is overloaded, in steps. A step up when encoders have been held back by the
 * processor for a while, a step down after a longer calm; who goes down too early waits longer next
 * time. Pure; time is counted in looks.
 * @module
 */

/** The overload at one look. */
export interface Strain {
  /** 0: none. */
  readonly level: number;
  /** Looks in a row that said the same: above 0 overloaded, below 0 calm. */
  readonly streak: number;
  /** Calm looks before a step down. */
  readonly patience: number;
  /** The last step was one down. */
  readonly isEased: boolean;
}

const LOOKS_BEFORE_STEP = 3;
const PATIENCE = { first: 10, most: 160 } as const;

/** Before anything is known. */
export const NO_STRAIN: Strain = {
  level: 0,
  streak: 0,
  patience: PATIENCE.first,
  isEased: false,
};

/** The strain after another look. */
export function nextStrain(strain: Strain, isOverloaded: boolean, most: number): Strain {
  const { level, patience, isEased } = strain;
  const streak = isOverloaded ? Math.max(0, strain.streak) + 1 : Math.min(0, strain.streak) - 1;
  if (streak >= LOOKS_BEFORE_STEP && level < most) {
    const next = isEased ? Math.min(PATIENCE.most, patience * 2) : patience;
    return { level: level + 1, streak: 0, patience: next, isEased: false };
  }
  if (-streak >= patience && level > 0) {
    return { level: level - 1, streak: 0, patience, isEased: true };
  }
  return { ...strain, streak };
}
