/**
 * Access tokens of an application: asked for at every join, and again before they end, so that a call
 * outlives them. Loaded when a client is created with the option `auth`.
 * @module
 */
import { ParleyError } from '@parley/protocol';
import type { Authenticated } from '@parley/protocol';
import type { ClientOptions } from '../client-options.ts';
import type { Logger } from '../logger.ts';
import type { SetTimer } from '../platform.ts';

/** What access tokens are got with. */
export interface AccessTokenOptions {
  readonly auth: NonNullable<ClientOptions['auth']>;
  readonly setTimer: SetTimer;
  readonly logger: Logger;
}

/** A token is renewed when this part of its time is over. */
const RENEWAL_POINT = 0.75;
/** Before a call a page looks every few seconds who is inside; the application is not asked each time. */
const LOOKS_PER_TOKEN = 8;
/** Wait after the application, or the server, had none for us. */
const RETRY_MS = 5_000;
/** Timers of browsers go no further than 24 days. */
const LONGEST_TIMER_MS = 86_400_000;

/** See the module comment. Its owner must `stop` it. */
export class AccessToken {
  readonly #options: AccessTokenOptions;
  #cancelTimer = (): void => {};
  #peeked: Promise<string> | undefined;
  #looks = 0;

  constructor(options: AccessTokenOptions) {
    this.#options = options;
  }

  /** A token to get ready with, which is asked for again and again: the same one for a while. */
  peek(): Promise<string> {
    this.#looks += 1;
    if (this.#peeked === undefined || this.#looks > LOOKS_PER_TOKEN) {
      this.#looks = 1;
      const peeked = this.get();
      this.#peeked = peeked;
      peeked.catch(() => {
        if (this.#peeked === peeked) this.#peeked = undefined;
      });
    }
    return this.#peeked;
  }

  /** A token for a join. Rejects with `ERR_AUTH` when the application has none. */
  async get(): Promise<string> {
    const { auth } = this.#options;
    try {
      return await (typeof auth === 'string' ? auth : auth());
    } catch (error) {
      throw new ParleyError('ERR_AUTH', 'The application has no access token for this call.', {
        cause: error,
      });
    }
  }

  /** Shows another token before the one that was shown ends; until `stop`, or until we are outside. */
  follow(endsInMs: number | undefined, show: (token: string) => Promise<Authenticated>): void {
    this.stop();
    if (endsInMs === undefined) return;
    const delayMs = Math.min(endsInMs * RENEWAL_POINT, LONGEST_TIMER_MS);
    this.#cancelTimer = this.#options.setTimer(() => void this.#renew(show), delayMs);
  }

  /** Idempotent. */
  stop(): void {
    this.#cancelTimer();
  }

  async #renew(show: (token: string) => Promise<Authenticated>): Promise<void> {
    try {
      const { tokenEndsInMs } = await show(await this.get());
      this.follow(tokenEndsInMs, show);
    } catch (error) {
      this.#options.logger.warn('the access token was not renewed', { error });
      if (error instanceof ParleyError && error.code === 'ERR_ROOM_NOT_JOINED') return;
      this.#cancelTimer = this.#options.setTimer(() => void this.#renew(show), RETRY_MS);
    }
  }
}
