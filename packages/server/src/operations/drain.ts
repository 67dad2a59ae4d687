/**
 * The way to a stop that nobody notices: newcomers are sent away, calls go on until they end or the
 * time is over.
 * @module
 */
import type { Clock } from '../clock.ts';

/** What a drain looks at. */
export interface DrainOptions {
  /** People and relayed connections that are still here. */
  readonly remaining: () => number;
  readonly clock: Clock;
}

const LOOK_INTERVAL_MS = 250;

/** Whether the server is about to stop. */
export class Drain {
  readonly #options: DrainOptions;
  #isDraining = false;

  constructor(options: DrainOptions) {
    this.#options = options;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** From now on newcomers are sent away. */
  begin(): void {
    this.#isDraining = true;
  }

  /** Resolves when nobody is left, or after `patienceMs`. */
  async finish(patienceMs: number): Promise<void> {
    this.begin();
    const { remaining, clock } = this.#options;
    const endsAt = clock.now() + patienceMs;
    while (remaining() > 0 && clock.now() < endsAt) {
      await new Promise<void>((resolve) => {
        clock.setTimeout(resolve, LOOK_INTERVAL_MS);
      });
    }
  }
}
