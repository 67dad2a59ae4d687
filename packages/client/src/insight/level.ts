/**
 * How loud somebody is, and whether they speak. Pure: one measurement in, one state out, ten times a
 * second.
 * @module
 */
import type { LevelSnapshot } from './silence.ts';

/** Time between two measurements. */
export const LEVEL_INTERVAL_MS = 100;

/** Quieter than this counts as silence. */
const FLOOR_DB = -60;
/** How fast the level falls after a sound, for each measurement; it rises at once. */
const RELEASE = 0.12;
/** -39 dB: above the hiss of a laptop microphone, below a quiet voice. */
const SPEECH_LEVEL = 0.35;
const STARTS_AFTER = 2;
const ENDS_AFTER = 6;

/** What ears make of an amplitude: 1 is full scale. */
export function loudness(amplitude: number): number {
  if (amplitude <= 0) return 0;
  const decibel = 20 * Math.log10(amplitude);
  return Math.min(1, Math.max(0, 1 - decibel / FLOOR_DB));
}

/** Turns measurements of one voice into its level. */
export class LevelMeter {
  #level = 0;
  #speaking = false;
  /** Measurements in a row that speak against `#speaking`. */
  #against = 0;

  /** Takes the next measurement, an amplitude from 0 to 1. */
  next(amplitude: number): LevelSnapshot {
    const now = loudness(amplitude);
    this.#level = Math.max(now, this.#level - RELEASE, 0);
    this.#against = now >= SPEECH_LEVEL === this.#speaking ? 0 : this.#against + 1;
    if (this.#against >= (this.#speaking ? ENDS_AFTER : STARTS_AFTER)) {
      this.#speaking = !this.#speaking;
      this.#against = 0;
    }
    return { level: Math.round(this.#level * 100) / 100, speaking: this.#speaking };
  }
}
