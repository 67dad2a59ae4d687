/**
 * How many pictures are made, and whether that is too much for this device. Pure.
 * @module
 */

/** As smooth as faces need; a camera that gives more is thinned out evenly. */
const PICTURES_PER_SECOND = 24;
const STEP_MS = 1000 / PICTURES_PER_SECOND;
/** A picture that takes longer leaves fewer than ten in a second. */
const SLOW_MS = 100;
/** So many pictures are looked at together: the first ones are always slow. */
const LOOK_AT = 40;

/** Lets at most {@link PICTURES_PER_SECOND} pictures pass. */
export class Pace {
  #due = -Infinity;

  /** Whether the picture that came at `nowMs` is to be made. */
  isDue(nowMs: number): boolean {
    if (nowMs < this.#due) return false;
    // What is late by more than a step has missed its turn, and is not made up for.
    this.#due = Math.max(this.#due, nowMs - STEP_MS) + STEP_MS;
    return true;
  }
}

/** Notices a device that is too slow. */
export class Strain {
  #pictures = 0;
  #totalMs = 0;

  /** Takes what one picture took; true when the last ones took too long. */
  note(tookMs: number): boolean {
    this.#pictures += 1;
    this.#totalMs += tookMs;
    if (this.#pictures < LOOK_AT) return false;
    const isSlow = this.#totalMs / this.#pictures > SLOW_MS;
    this.#pictures = 0;
    this.#totalMs = 0;
    return isSlow;
  }
}
