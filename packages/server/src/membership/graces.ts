/**
 * Whose connection broke is waited for. Rules: docs/SPEC-signaling.md, SIG-60 to SIG-69.
 * @module
 */
import type { Clock, Timer } from '../clock.ts';
import type { Membership } from './membership.ts';

/** What places are kept with. */
export interface GracesOptions {
  /** How long a place is kept. */
  readonly graceMs: number;
  readonly clock: Clock;
  /** Whether we would know of somebody who came back elsewhere in the last `ms`. @default always */
  readonly hasHeardAllFor?: ((ms: number) => boolean) | undefined;
  /** Nobody came. */
  readonly giveUp: (self: Membership) => void;
}

/** Who may be at a node that we cannot hear is not given up, and looked for so much later. */
const DOUBT_MS = 2_000;

/** See the module comment. */
export class Graces {
  readonly #options: GracesOptions;
  readonly #timers = new Map<Membership, Timer>();

  constructor(options: GracesOptions) {
    this.#options = options;
  }

  /** The connection of `self` broke just now. */
  begin(self: Membership): void {
    this.end(self);
    this.#giveUpAfter(this.#options.graceMs, self);
  }

  /** `self` is back, or gone for good. Idempotent. */
  end(self: Membership): void {
    const timer = this.#timers.get(self);
    if (timer === undefined) return;
    this.#options.clock.clearTimeout(timer);
    this.#timers.delete(self);
  }

  #giveUpAfter(delayMs: number, self: Membership): void {
    const { clock, graceMs, hasHeardAllFor, giveUp } = this.#options;
    const timer = clock.setTimeout(() => {
      if (hasHeardAllFor?.(graceMs) === false) this.#giveUpAfter(DOUBT_MS, self);
      else giveUp(self);
    }, delayMs);
    this.#timers.set(self, timer);
  }
}
