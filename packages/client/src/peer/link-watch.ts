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
import type { PeerId } from '@parley/protocol';
import type { Logger } from '../logger.ts';
import type { Platform } from '../platform.ts';
import { describeLink } from './link-description.ts';
import type { LinkDescription } from './link-description.ts';
import { repairLink, searchAgain } from './link-repair.ts';
import type { RepairOptions } from './link-repair.ts';
import type { PeerLink } from './peer-link.ts';
import type { LinkStatus } from './link-status.ts';
import { NO_SIGNS, pairInUse, readSigns } from './link-signs.ts';
import { followNetwork } from './network-events.ts';
import { DOUBTFUL_MS, NEW_LINK, nextRecovery, nextRungIn } from './recovery.ts';
import type { Recovery, RecoveryInput, RecoveryStep } from './recovery.ts';
import { SecondSearch } from './second-search.ts';
import { sharedFor } from './shared-for.ts';
import type { StatsEntry } from './stats-entry.ts';

/** What a watch works with. */
export interface LinkWatchOptions extends RepairOptions {
  readonly peer: PeerId;
  /** The one in use. */
  readonly link: () => PeerLink;
  readonly platform: Pick<Platform, 'now' | 'onNetworkChange'>;
  /** The server passes messages on. */
  readonly isOnline: () => boolean;
  /** Asks the server for a sign of life. */
  readonly checkServer: () => void;
  /** What is told about the link. */
  readonly status: LinkStatus;
  readonly logger: Logger;
}

/** How often to look while all is well, and while it is not. */
const INTERVAL_MS = 1_000;
const TROUBLED_INTERVAL_MS = 200;
const SHORTEST_INTERVAL_MS = 20;
/** No browser takes so long to answer. */
const LONGEST_LOOK_MS = 2_000;
/** How long another connection may take while the one in use is well, before it is offered again. */
const URGE_MS = 4_000;
/** How long credentials are fresh: the rungs of the beginning follow each other closely. */
const FRESH_MS = 5_000;
/** Silence after which the other side is asked for a sign of life. */
const PROBE_MS = 500;

/** See the module comment. Ends with the signal of its options. */
export class LinkWatch {
  readonly #options: LinkWatchOptions;
  #recovery: Recovery = NEW_LINK;
  #signs = NO_SIGNS;
  readonly #search = new SecondSearch();
  /** The report before. */
  #entries: readonly StatsEntry[] = [];
  #lookedAt: number;
  /** When something came; never, at first. */
  #heardAt = Number.NEGATIVE_INFINITY;
  #isDoubtful = false;
  /** The server has been asked about this silence. */
  #hasAsked = false;
  /** When the newest connection was offered, for all that is known. */
  #offeredAt = 0;
  #stopTimer: (() => void) | undefined;

  constructor(options: LinkWatchOptions) {
    const { platform, signal, refreshIceServers } = options;
    const refresh = sharedFor(FRESH_MS, platform, refreshIceServers);
    this.#options = { ...options, refreshIceServers: refresh };
    this.#lookedAt = platform.now();
    const listener = (isCertain: boolean): void => this.networkChanged(isCertain);
    const unfollow = platform.onNetworkChange?.(listener) ?? followNetwork(listener);
    signal.addEventListener('abort', () => {
      this.#stopTimer?.();
      unfollow();
    });
    this.#lookIn(INTERVAL_MS);
  }

  /** The browser's opinion of the connection has changed. */
  stateChanged(): void {
    if (this.#connection.connectionState !== 'new') this.#lookIn(0);
  }

  /** The network has changed, or (`isCertain` is false) may have: then a silence counts that is short. */
  networkChanged(isCertain: boolean): void {
    if (isCertain || this.#recovery.name === 'lost') this.#enter({ type: 'hint' });
    if (isCertain) return;
    this.#isDoubtful = this.#options.link().probe();
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

  #lookIn(delayMs: number): void {
    if (this.#options.signal.aborted) return;
    this.#stopTimer?.();
    this.#stopTimer = this.#options.setTimer(() => void this.#look(), delayMs);
  }

  async #look(): Promise<void> {
    const { platform } = this.#options;
    const looked = this.#connection;
    // Firefox never answers about a connection that is closed meanwhile.
    this.#lookIn(LONGEST_LOOK_MS);
    const report = await looked.getStats().catch(() => undefined);
    if (this.#options.signal.aborted) return;
    const now = platform.now();
    const entries: readonly StatsEntry[] = [...(report?.values() ?? [])];
    if (looked === this.#connection) this.#read(entries, now);
    const elapsedMs = now - this.#lookedAt;
    this.#lookedAt = now;
    const description = describeLink(entries, this.#entries, pairInUse(entries));
    this.#judge(now - this.#heardAt, elapsedMs, description);
    this.#entries = entries;
    const { name } = this.#recovery;
    const { path } = description;
    if (name === 'connected' && this.#search.isDue({ path, elapsedMs, entries })) {
      void searchAgain(this.#options);
    }
  }

  #read(entries: readonly StatsEntry[], now: number): void {
    const { bytes, checks } = this.#signs;
    this.#signs = readSigns(entries);
    const state = this.#connection.connectionState;
    if (state !== 'connected' && state !== 'disconnected') return;
    // Nobody tells when a check came: not before the last look, and perhaps right after it.
    const checkedAt = this.#signs.checks === checks ? this.#heardAt : this.#lookedAt;
    const cameAt = this.#signs.bytes === bytes ? this.#heardAt : now - this.#signs.ageMs;
    this.#heardAt = Math.max(this.#heardAt, checkedAt, cameAt);
  }

  #judge(silentMs: number, elapsedMs: number, description: LinkDescription): void {
    const { link, isOnline } = this.#options;
    const state = this.#connection.connectionState;
    // Where the other side cannot be asked, silence may be its way: the browser's own checks count.
    const canAsk = silentMs < PROBE_MS || link().probe() || state !== 'connected';
    const input = {
      type: 'sample',
      silentMs: canAsk ? silentMs : 0,
      elapsedMs,
      isOnline: isOnline(),
      hasFailed: state === 'failed',
      isDoubtful: this.#isDoubtful,
    } as const;
    this.#askServer(input.silentMs);
    this.#enter(input, description);
    this.#urge();
    this.#isDoubtful = false;
    this.#lookIn(this.#patience(silentMs));
  }

  /** Until the next look. In trouble it comes when a rung is due, not somewhat later. */
  #patience(silentMs: number): number {
    const { name } = this.#recovery;
    if (silentMs < PROBE_MS || name === 'connecting' || name === 'lost') return INTERVAL_MS;
    const dueMs = nextRungIn(this.#recovery, silentMs);
    // One that is overdue waits for something else, such as the server.
    const isSoon = dueMs > 0 && dueMs < TROUBLED_INTERVAL_MS;
    return isSoon ? Math.max(dueMs, SHORTEST_INTERVAL_MS) : TROUBLED_INTERVAL_MS;
  }

  /** What cut the path off may have cut the server off too; it is needed in a moment. */
  #askServer(silentMs: number): void {
    const isSilent = silentMs >= DOUBTFUL_MS && this.#recovery.name !== 'connecting';
    if (isSilent && !this.#hasAsked) this.#options.checkServer();
    this.#hasAsked = isSilent;
  }

  /** The path has come back, but both sides have agreed on another connection already. */
  #urge(): void {
    const { platform, link, newest, isOnline } = this.#options;
    const now = platform.now();
    const isDone = link() === newest();
    if (isDone || this.#recovery.name !== 'connected' || !isOnline()) this.#offeredAt = now;
    if (now - this.#offeredAt < URGE_MS) return;
    this.#offeredAt = now;
    void repairLink('restart', this.#options);
  }

  #enter(input: RecoveryInput, description?: LinkDescription): void {
    const { state, step } = nextRecovery(this.#recovery, input);
    this.#recovery = state;
    if (this.#options.signal.aborted) return;
    const { name } = state;
    const { status } = this.#options;
    // Within the limits of the governor no browser finds anything that holds the picture back.
    const isHidden = description?.limitedBy === 'none' && status.heldBackBy === 'bandwidth';
    const isCalm = name === 'connected' || name === 'connecting';
    status.set({
      ...description,
      ...(isHidden && { limitedBy: 'bandwidth' }),
      state: name,
      ...(isCalm ? {} : { quality: 'poor' }),
    });
    if (step !== undefined) void this.#take(step);
  }

  async #take(step: RecoveryStep): Promise<void> {
    const { peer, logger } = this.#options;
    logger.info('peer recovery', { peer, step });
    const isDone = await repairLink(step, this.#options);
    if (!isDone) this.#enter({ type: 'postponed' });
  }

  get #connection(): RTCPeerConnection {
    return this.#options.link().connection;
  }
}
