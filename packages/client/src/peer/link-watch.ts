/**
 * Watches the connection to one peer: looks about once a second whether anything comes, tells how the
 * link is, and says when it has to be helped.
 *
 * A hidden page may go on: browsers wake its timers once a second, and Chromium's rarer waking (once a
 * minute, for chains of timers) is not for pages with a connection, nor for timers set in the answer of
 * `getStats()`. So nothing but `setTimeout` is needed here.
 * @see https://developer.chrome.com/blog/timer-throttling-in-chrome-88
 * @module
 */
import type { Platform } from '../platform.ts';
import { describeLink } from './link-description.ts';
import type { LinkDescription } from './link-description.ts';
import type { LinkStatus } from './link-status.ts';
import { NO_SIGNS, pairInUse, readSigns } from './link-signs.ts';
import { DOUBTFUL_MS, NEW_LINK, nextRecovery } from './recovery.ts';
import type { Recovery, RecoveryInput, RecoveryStep } from './recovery.ts';
import type { StatsEntry } from './stats-entry.ts';

/** What a watch works with. */
export interface LinkWatchOptions {
  readonly platform: Pick<Platform, 'now' | 'setTimer'>;
  /** The one in use now. */
  readonly connection: () => RTCPeerConnection;
  /** The server passes messages on. */
  readonly isOnline: () => boolean;
  /** Makes the other side answer, below the application; false when there is no way to. */
  readonly probe: () => boolean;
  readonly take: (step: RecoveryStep) => void;
  /** What is told about the link. */
  readonly status: LinkStatus;
}

/** How often to look while all is well, and while it is not. */
const INTERVAL_MS = 1_000;
const TROUBLED_INTERVAL_MS = 400;
/** Silence after which the other side is asked for a sign of life. */
const PROBE_MS = 500;

/** See the module comment. Its owner must `close` it. */
export class LinkWatch {
  readonly #options: LinkWatchOptions;
  #recovery: Recovery = NEW_LINK;
  #signs = NO_SIGNS;
  /** The report before. */
  #entries: readonly StatsEntry[] = [];
  #lookedAt: number;
  /** When something came; never, at first. */
  #heardAt = Number.NEGATIVE_INFINITY;
  #isDoubtful = false;
  #isClosed = false;
  #stopTimer: (() => void) | undefined;

  constructor(options: LinkWatchOptions) {
    this.#options = options;
    this.#lookedAt = options.platform.now();
    this.#lookIn(INTERVAL_MS);
  }

  /** The browser's opinion of the connection has changed. */
  stateChanged(): void {
    if (this.#options.connection().connectionState !== 'new') this.#lookIn(0);
  }

  /** The network has changed, or (`isCertain` is false) may have: then a silence counts that is short. */
  networkChanged(isCertain: boolean): void {
    if (isCertain) return this.#enter({ type: 'hint' });
    this.#isDoubtful = this.#options.probe();
    this.#lookIn(DOUBTFUL_MS);
  }

  /** The other side has done this step. */
  followed(step: 'restart' | 'rebuild'): void {
    this.#enter({ type: 'followed', step });
  }

  /** There is another connection, which counts anew. */
  reset(): void {
    this.#signs = NO_SIGNS;
  }

  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#stopTimer?.();
  }

  #lookIn(delayMs: number): void {
    if (this.#isClosed) return;
    this.#stopTimer?.();
    this.#stopTimer = this.#options.platform.setTimer(() => void this.#look(), delayMs);
  }

  async #look(): Promise<void> {
    const { connection, platform } = this.#options;
    const looked = connection();
    const report = await looked.getStats().catch(() => undefined);
    if (this.#isClosed) return;
    const now = platform.now();
    const entries: readonly StatsEntry[] = [...(report?.values() ?? [])];
    if (looked === connection()) this.#read(entries, now);
    const elapsedMs = now - this.#lookedAt;
    this.#lookedAt = now;
    this.#judge(
      now - this.#heardAt,
      elapsedMs,
      describeLink(entries, this.#entries, pairInUse(entries)),
    );
    this.#entries = entries;
  }

  #read(entries: readonly StatsEntry[], now: number): void {
    const { bytes, checks } = this.#signs;
    this.#signs = readSigns(entries);
    const state = this.#options.connection().connectionState;
    if (state !== 'connected' && state !== 'disconnected') return;
    if (this.#signs.checks !== checks) this.#heardAt = now;
    else if (this.#signs.bytes !== bytes) {
      this.#heardAt = Math.max(this.#heardAt, now - this.#signs.ageMs);
    }
  }

  #judge(silentMs: number, elapsedMs: number, description: LinkDescription): void {
    const { connection, isOnline, probe } = this.#options;
    const state = connection().connectionState;
    // Where the other side cannot be asked, silence may be its way: the browser's own checks count.
    const canAsk = silentMs < PROBE_MS || probe() || state !== 'connected';
    const input = {
      type: 'sample',
      silentMs: canAsk ? silentMs : 0,
      elapsedMs,
      isOnline: isOnline(),
      hasFailed: state === 'failed',
      isDoubtful: this.#isDoubtful,
    } as const;
    this.#enter(input, description);
    this.#isDoubtful = false;
    const isCalm = silentMs < PROBE_MS || this.#recovery.name === 'connecting';
    this.#lookIn(isCalm ? INTERVAL_MS : TROUBLED_INTERVAL_MS);
  }

  #enter(input: RecoveryInput, description?: LinkDescription): void {
    const { state, step } = nextRecovery(this.#recovery, input);
    this.#recovery = state;
    if (this.#isClosed) return;
    const { name } = state;
    const isCalm = name === 'connected' || name === 'connecting';
    this.#options.status.set({
      ...description,
      state: name,
      ...(isCalm ? {} : { quality: 'poor' }),
    });
    if (step !== undefined) this.#options.take(step);
  }
}
