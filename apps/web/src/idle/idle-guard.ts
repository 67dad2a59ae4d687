/**
 * Somebody who has been alone in a call for long may have forgotten it, with the camera on. They are
 * asked, and if nobody answers, the call ends.
 * @module
 */
import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';

/** How long somebody may be alone before they are asked. */
export const ALONE_MS = 10 * 60_000;
/** How long the question stands. */
export const ANSWER_MS = 2 * 60_000;
const TICK_MS = 1000;

/** Watches over one call. Its owner must {@link IdleGuard.close} it. */
export class IdleGuard {
  readonly #remainingMs = signal<number | undefined>(undefined);
  readonly #onLeave: () => void;
  readonly #schedule: (run: () => void, ms: number) => () => void;
  #cancel: (() => void) | undefined;

  constructor(
    onLeave: () => void,
    schedule: (run: () => void, ms: number) => () => void = scheduleHere,
  ) {
    this.#onLeave = onLeave;
    this.#schedule = schedule;
  }

  /** How long until the call ends; `undefined` while nothing is asked. */
  get remainingMs(): ReadonlySignal<number | undefined> {
    return this.#remainingMs;
  }

  /** Tells whether nobody else is there. Every call begins anew. */
  setAlone(isAlone: boolean): void {
    this.close();
    if (isAlone) this.#cancel = this.#schedule(() => this.#ask(ANSWER_MS), ALONE_MS);
  }

  /** The person is there: the question comes again after the same time. */
  stay(): void {
    this.setAlone(true);
  }

  /** Ends the watch. Idempotent. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#remainingMs.value = undefined;
  }

  #ask(remainingMs: number): void {
    if (remainingMs <= 0) {
      this.close();
      this.#onLeave();
      return;
    }
    this.#remainingMs.value = remainingMs;
    this.#cancel = this.#schedule(() => this.#ask(remainingMs - TICK_MS), TICK_MS);
  }
}

function scheduleHere(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
