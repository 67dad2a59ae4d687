/**
 * Relays of people whose room has another home now: what they relay goes on until they leave, or for an
 * hour. Their next allocations are at the new home.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { Admission } from '../relay/admissions.ts';

const LONGEST_MS = 3_600_000;

/** See the module comment. Its owner must `close` it. */
export class Lingering {
  readonly #clock: Clock;
  readonly #stays = new Map<PeerId, { readonly admission: Admission; readonly timer: Timer }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** From now on the admission is ours. */
  keep(peer: PeerId, admission: Admission): void {
    admission.renewed = () => {};
    const timer = this.#clock.setTimeout(() => this.end(peer), LONGEST_MS);
    this.#stays.set(peer, { admission, timer });
  }

  /** They are back: whoever asks owns the admission again. */
  take(peer: PeerId): Admission | undefined {
    const stay = this.#stays.get(peer);
    if (stay === undefined) return undefined;
    this.#clock.clearTimeout(stay.timer);
    this.#stays.delete(peer);
    return stay.admission;
  }

  /** They have left, elsewhere. */
  end(peer: PeerId): void {
    this.take(peer)?.end();
  }

  close(): void {
    for (const peer of this.#stays.keys()) this.end(peer);
  }
}
