/**
 * Candidates are found one by one and close together; sent in one message they cost the server one.
 * Only SDK peers can read a batch.
 * @module
 */
import type { SetTimer } from '../platform.ts';

/** How long the first candidate of a batch waits for others. */
const BATCH_MS = 20;

/** Collects what is found within a moment. Its owner must `close` it. */
export class CandidateBatch {
  readonly #setTimer: SetTimer;
  readonly #send: (candidates: readonly RTCIceCandidateInit[]) => void;
  #waiting: readonly RTCIceCandidateInit[] = [];
  #cancelTimer = (): void => {};

  constructor(setTimer: SetTimer, send: (candidates: readonly RTCIceCandidateInit[]) => void) {
    this.#setTimer = setTimer;
    this.#send = send;
  }

  /** Sends the candidate a moment later, together with those that come until then. */
  add(candidate: RTCIceCandidateInit): void {
    if (this.#waiting.length === 0)
      this.#cancelTimer = this.#setTimer(() => this.#flush(), BATCH_MS);
    this.#waiting = [...this.#waiting, candidate];
  }

  /** What waits is not sent any more. */
  close(): void {
    this.#cancelTimer();
    this.#waiting = [];
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#send(waiting);
  }
}
