/**
 * What a level is while nobody measures it. Apart from the measuring, which is loaded on demand.
 * @module
 */

/** A voice at one moment. */
export interface LevelSnapshot {
  /** From 0 (silence) to 1, in steps that sound equally large. */
  readonly level: number;
  /** Loud for long enough to be more than a click, and not yet silent for long enough to have ended. */
  readonly speaking: boolean;
}

/** Silence. */
export const SILENCE: LevelSnapshot = { level: 0, speaking: false };
