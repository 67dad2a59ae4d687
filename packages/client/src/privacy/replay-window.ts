/**
 * Remembers which numbered messages have come, so that each is taken once. They may overtake each
 * other a little, as candidates do; what falls behind the window is as good as received.
 * @see https://www.rfc-editor.org/rfc/rfc4303#section-3.4.3
 * @module
 */

/** How far a message may fall behind the newest one. */
export const REPLAY_WINDOW = 64;

/** One sender's numbers. */
export class ReplayWindow {
  readonly #seen = new Set<number>();
  #newest = -1;

  /** True for a number that has not come yet. */
  isNew(counter: number): boolean {
    return counter > this.#newest - REPLAY_WINDOW && !this.#seen.has(counter);
  }

  /** Remembers the number of a message that is genuine. */
  mark(counter: number): void {
    this.#seen.add(counter);
    this.#newest = Math.max(this.#newest, counter);
    for (const old of this.#seen) {
      if (old <= this.#newest - REPLAY_WINDOW) this.#seen.delete(old);
    }
  }
}
