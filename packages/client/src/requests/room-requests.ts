/**
 * Requests in a room: ask one person, get their answer. Opens the channel they travel on, and loads
 * the rest when the first one comes or goes.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import { feedPart } from '../data/channel-part.ts';
import type { ChannelSet } from '../data/channel-set.ts';
import type { Logger } from '../logger.ts';
import type { SetTimer } from '../platform.ts';
import type { RequestExchange } from './request-exchange.ts';

/** Whom to ask, and how long to wait. */
export interface RequestOptions {
  readonly to: PeerId;
  /** Waits no longer; `request` rejects with the reason, and the other side is told. */
  readonly signal?: AbortSignal;
  /** After this it rejects with `ERR_REQUEST_TIMEOUT`. @default 30000 */
  readonly timeoutMs?: number;
}

/** Who asks. */
export interface RequestContext {
  readonly from: PeerId;
  /** Aborted when they do not wait for the answer any more. */
  readonly signal: AbortSignal;
}

/**
 * Answers requests of one name. What it returns, or the promise it returns resolves to, is the answer;
 * the code of a ParleyError that it throws reaches the asker, anything else is `ERR_REQUEST_FAILED`.
 */
export type RequestHandler<Value = unknown> = (value: Value, context: RequestContext) => unknown;

/** What requests work with. */
export interface RoomRequestsOptions {
  readonly channels: ChannelSet;
  /** By name; the owner keeps it up to date. */
  readonly handlers: ReadonlyMap<string, RequestHandler>;
  readonly setTimer: SetTimer;
  readonly logger: Logger;
}

/** See the module comment. */
export class RoomRequests {
  readonly #exchange: () => Promise<RequestExchange>;

  constructor({ channels, handlers, setTimer, logger }: RoomRequestsOptions) {
    const channel = channels.open('parley:requests');
    this.#exchange = feedPart({
      channels,
      feeds: [channel],
      load: async () => {
        const { RequestExchange } = await import('./request-exchange.ts');
        return new RequestExchange({ channel, handlers, setTimer, logger });
      },
      logger,
    });
  }

  /** As `Room.request` says. */
  async request(name: string, value: unknown, options: RequestOptions): Promise<unknown> {
    const exchange = await this.#exchange();
    return exchange.request(name, value, options);
  }
}
