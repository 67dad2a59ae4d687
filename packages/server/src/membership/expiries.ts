/**
 * The end of access tokens: whoever shows no newer one has to go a moment later. Rule: docs/SPEC-signaling.md, TOKEN-12.
 * @module
 */
import type { Grant } from '../access/grant.ts';
import type { Clock, Timer } from '../clock.ts';
import type { Membership } from './membership.ts';

/** Timers of Node go no further than 24 days. */
const LONGEST_TIMER_MS = 86_400_000;

/** A timer for each member who has shown a token. Its owner must `stop` each of them. */
export class Expiries {
  readonly #clock: Clock;
  readonly #graceSeconds: number;
  readonly #onExpired: (self: Membership) => void;
  readonly #timers = new Map<Membership, Timer>();

  /** `graceSeconds`: whoever has not shown another access token is sent out so long after the first one ended. */
  constructor(clock: Clock, graceSeconds: number, onExpired: (self: Membership) => void) {
    this.#clock = clock;
    this.#graceSeconds = graceSeconds;
    this.#onExpired = onExpired;
  }

  /** Whether a stay with this token is over. */
  isOver(grant: Grant | undefined): boolean {
    return grant !== undefined && this.#secondsLeft(grant) <= 0;
  }

  /** From now on the token that `self` has shown last counts. */
  follow(self: Membership): void {
    this.stop(self);
    const { grant } = self;
    if (grant === undefined) return;
    const delayMs = Math.min(this.#secondsLeft(grant) * 1000, LONGEST_TIMER_MS);
    const timer = this.#clock.setTimeout(() => {
      if (this.isOver(self.grant)) this.#onExpired(self);
      else this.follow(self);
    }, delayMs);
    this.#timers.set(self, timer);
  }

  /** Idempotent. */
  stop(self: Membership): void {
    const timer = this.#timers.get(self);
    if (timer === undefined) return;
    this.#clock.clearTimeout(timer);
    this.#timers.delete(self);
  }

  #secondsLeft(grant: Grant): number {
    return grant.endsAtSeconds + this.#graceSeconds - this.#clock.unixSeconds();
  }
}
