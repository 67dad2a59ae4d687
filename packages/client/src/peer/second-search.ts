/**
 * When a call that began over the relay looks once more for a direct path. Chromium looks no further
 * when it has connected, and loses the first question for our public address when its socket takes
 * more than 50 ms to open: such a call would stay on the relay. A search leaves what is in use as it is.
 * @module
 */
import type { LinkPath } from './link-description.ts';
import type { StatsEntry } from './stats-entry.ts';

/** On the relay for so long: it is not just the path that was found first. */
const RELAYED_MS = 8_000;

/** One look at a link that works. */
export interface SearchSample {
  readonly path: LinkPath | undefined;
  /** Since the look before. */
  readonly elapsedMs: number;
  readonly entries: readonly StatsEntry[];
}

/** See the module comment. One for each call. */
export class SecondSearch {
  /** Undefined: there is nothing to look for any more. */
  #relayedMs: number | undefined = 0;

  /** True once, when it is time to look again. */
  isDue({ path, elapsedMs, entries }: SearchSample): boolean {
    if (path === undefined || this.#relayedMs === undefined) return false;
    const isRelayed = path.startsWith('relay');
    this.#relayedMs = isRelayed ? this.#relayedMs + elapsedMs : undefined;
    if (this.#relayedMs === undefined || this.#relayedMs < RELAYED_MS) return false;
    this.#relayedMs = undefined;
    return !entries.some(
      ({ type, candidateType }) => type === 'local-candidate' && candidateType === 'srflx',
    );
  }
}
