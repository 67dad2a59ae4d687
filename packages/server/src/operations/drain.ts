/**
 * The way to a stop that nobody notices: newcomers are sent away, calls go on until they end or the
 * time is over.
 * @module
 */
import type { Clock } from '../clock.ts';

/** What a drain looks at. */
export interface DrainOptions {
  /** People who are still here. */
  readonly remaining: () => number;
  readonly clock: Clock;
  /** It begins. */
  readonly onBegin: () => void;
}

const LOOK_INTERVAL_MS = 250;
/** Newcomers wait for so long without an answer; pages give up after ten seconds. */
const LONGEST_HOLD_MS = 5000;

/** Whether the server is about to stop. */
export class Drain {
  readonly #options: DrainOptions;
  #isDraining = false;
  #isShort = false;

  constructor(options: DrainOptions) {
    this.#options = options;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /**
   * The stop is so near that newcomers are better off waiting for the next server than with a refusal.
   */
  get holdsNewcomers(): boolean {
    return this.#isShort;
  }

  /** From now on newcomers are sent away. */
  begin(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.#options.onBegin();
  }

  /** Resolves when nobody is left, or after `patienceMs`. `onWait` is called when somebody is still here. */
  async finish(patienceMs: number, onWait?: () => void): Promise<void> {
    this.begin();
    this.#isShort = patienceMs <= LONGEST_HOLD_MS;
    const { remaining, clock } = this.#options;
    const endsAt = clock.now() + patienceMs;
    if (remaining() > 0 && patienceMs > 0) onWait?.();
    while (remaining() > 0 && clock.now() < endsAt) {
      await new Promise<void>((resolve) => {
        clock.setTimeout(resolve, LOOK_INTERVAL_MS);
      });
    }
  }
}
