/**
 * Waits before a room that is entered by knocking. Loaded when the server says that somebody inside has
 * to decide.
 * @module
 */
import { ParleyError } from '@parley/protocol';
import type { KnockVerdict } from '@parley/protocol';
import type { Platform } from '../platform.ts';
import type { Signaling } from '../signaling/signaling.ts';

/** How to wait. */
export interface WaitOptions {
  readonly signaling: Pick<Signaling, 'on'>;
  /** Tries to enter; rejects with `ERR_KNOCK_WAITING` as long as nobody has decided. */
  readonly enter: () => Promise<void>;
  readonly signal?: AbortSignal;
  readonly platform: Pick<Platform, 'setTimer'>;
  /** We have knocked. Called again when the connection broke and we knocked anew. */
  readonly onWaiting?: () => void;
}

/**
 * A server that was restarted learns of the door from those who come back: they dial at least that often.
 * Who knocks sooner might find no door at all.
 */
const KNOCK_AGAIN_MS = 8000;

/**
 * Resolves when we are inside. Rejects with `ERR_ENTRY_REFUSED`, with whatever else keeps us out, or with
 * the reason of the signal. There is no time limit: people take the time they take.
 */
export async function waitAtDoor({
  signaling,
  enter,
  signal,
  platform,
  onWaiting,
}: WaitOptions): Promise<void> {
  const news = new NewsOfDoor(signaling, signal);
  try {
    // A host may have decided while this file was on its way.
    while (!(await hasEntered(enter))) {
      onWaiting?.();
      const heard = await news.next();
      if (heard === 'refused') {
        throw new ParleyError('ERR_ENTRY_REFUSED', 'The host does not let you into this room.');
      }
      if (heard === 'connected') await pause(platform, KNOCK_AGAIN_MS, signal);
    }
  } finally {
    news.stop();
  }
}

/** False when we have to go on waiting. */
async function hasEntered(enter: () => Promise<void>): Promise<boolean> {
  try {
    await enter();
    return true;
  } catch (error) {
    if (error instanceof ParleyError && error.code === 'ERR_KNOCK_WAITING') return false;
    throw error;
  }
}

/** Rejects with the reason of the signal. */
async function pause(
  { setTimer }: WaitOptions['platform'],
  delayMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = setTimer(resolve, delayMs);
    const giveUp = (): void => {
      cancel();
      resolve();
    };
    signal?.addEventListener('abort', giveUp, { once: true });
  });
  signal?.throwIfAborted();
}

type News = KnockVerdict | 'connected';

/** What happens while nobody looks is not forgotten. Its owner must `stop` it. */
class NewsOfDoor {
  readonly #signal: AbortSignal | undefined;
  readonly #heard: News[] = [];
  readonly #undo: readonly (() => void)[];
  #wake = (): void => {};

  constructor(signaling: Pick<Signaling, 'on'>, signal: AbortSignal | undefined) {
    this.#signal = signal;
    const abort = (): void => this.#wake();
    signal?.addEventListener('abort', abort);
    this.#undo = [
      signaling.on('knocked', (verdict) => this.#hear(verdict)),
      // A new connection knows nothing of our knock.
      signaling.on('connected', () => this.#hear('connected')),
      () => signal?.removeEventListener('abort', abort),
    ];
  }

  /** The next one, or rejects with the reason of the signal. */
  async next(): Promise<News> {
    for (;;) {
      this.#signal?.throwIfAborted();
      const news = this.#heard.shift();
      if (news !== undefined) return news;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  stop(): void {
    for (const end of this.#undo) end();
  }

  #hear(news: News): void {
    this.#heard.push(news);
    this.#wake();
  }
}
