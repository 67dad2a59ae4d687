/**
 * All requests of a room that wait for an answer: ours to others, and those of others to us.
 * @module
 */
import { ParleyError } from '@parley/protocol';
import type { PeerId } from '@parley/protocol';
import { abortable, withDeadline } from '../abortable.ts';
import type { Channel, ChannelMessage } from '../data/channel.ts';
import type { ChannelPart } from '../data/channel-part.ts';
import type { Logger } from '../logger.ts';
import type { SetTimer } from '../platform.ts';
import { remoteError, requestError } from './request-error.ts';
import { decodeRequestFrame, encodeRequestFrame } from './request-frame.ts';
import type { RequestFrame } from './request-frame.ts';
import type { RequestHandler, RequestOptions } from './room-requests.ts';

/** What an exchange works with. */
export interface RequestExchangeOptions {
  readonly channel: Channel<unknown>;
  /** By name; the owner keeps it up to date. */
  readonly handlers: ReadonlyMap<string, RequestHandler>;
  readonly setTimer: SetTimer;
  readonly logger: Logger;
}

/** One of our requests. */
interface Asked {
  readonly peer: PeerId;
  readonly answer: (value: unknown) => void;
  readonly fail: (error: Error) => void;
}

const DEFAULT_TIMEOUT_MS = 30_000;
/** Browsers take a longer one for none at all. */
const MAX_TIMEOUT_MS: number = 2 ** 31 - 1;
/** Requests of one peer that are answered at a time. */
const MAX_ASKING = 256;
const IDS: number = 2 ** 32;
/** Codes that may be told to others. */
const CODE = /^[A-Z][A-Z0-9_]{0,63}$/u;

/** See the module comment. */
export class RequestExchange implements ChannelPart {
  readonly #options: RequestExchangeOptions;
  readonly #asked = new Map<number, Asked>();
  readonly #asking = new Map<PeerId, Map<number, AbortController>>();
  #lastId = 0;

  constructor(options: RequestExchangeOptions) {
    this.#options = options;
    options.channel.on('unheard', ({ peer }) => {
      this.#failAll(peer, requestError('ERR_REQUEST_UNHANDLED'));
    });
  }

  /** As `Room.request` says. */
  request(
    name: string,
    value: unknown,
    { to, signal, timeoutMs = DEFAULT_TIMEOUT_MS }: RequestOptions,
  ): Promise<unknown> {
    const deadline = {
      setTimer: this.#options.setTimer,
      delayMs: Math.min(timeoutMs, MAX_TIMEOUT_MS),
      signal,
      error: () => requestError('ERR_REQUEST_TIMEOUT'),
    };
    return withDeadline(deadline, (patience) => this.#ask(to, { text: name, value }, patience));
  }

  take({ from, data }: ChannelMessage<unknown>): void {
    const frame = decodeRequestFrame(data);
    if (frame === undefined) return;
    const { kind, id, text, value } = frame;
    if (kind === 'request') void this.#answer(from, frame);
    else if (kind === 'cancel') {
      this.#asking.get(from)?.get(id)?.abort(requestError('ERR_REQUEST_CANCELLED'));
    } else {
      const asked = this.#asked.get(id);
      if (asked?.peer !== from) return;
      if (kind === 'answer') asked.answer(value);
      else asked.fail(remoteError(CODE.test(text) ? text : 'ERR_REQUEST_FAILED'));
    }
  }

  gone(peer: PeerId, error: Error): void {
    this.#failAll(peer, error);
    for (const controller of this.#asking.get(peer)?.values() ?? []) controller.abort(error);
    this.#asking.delete(peer);
  }

  async #ask(
    peer: PeerId,
    request: Pick<RequestFrame, 'text' | 'value'>,
    signal: AbortSignal,
  ): Promise<unknown> {
    this.#lastId = (this.#lastId + 1) % IDS;
    const id = this.#lastId;
    const answered = new Promise((answer, fail) => {
      this.#asked.set(id, { peer, answer, fail });
    });
    answered.catch(() => {}); // when the request cannot be sent, that is the error
    try {
      await this.#send(peer, { kind: 'request', id, ...request }, signal);
      return await abortable(answered, signal);
    } finally {
      this.#asked.delete(id);
      if (signal.aborted) void this.#send(peer, { kind: 'cancel', id, text: '', value: undefined });
    }
  }

  async #answer(from: PeerId, { id, text, value }: RequestFrame): Promise<void> {
    const asking = this.#asking.get(from) ?? new Map<number, AbortController>();
    this.#asking.set(from, asking);
    if (asking.has(id)) return;
    const controller = new AbortController();
    const { signal } = controller;
    try {
      if (asking.size >= MAX_ASKING) throw requestError('ERR_REQUEST_BACKLOG');
      const handler = this.#options.handlers.get(text);
      if (handler === undefined) throw requestError('ERR_REQUEST_UNHANDLED');
      asking.set(id, controller);
      const answer = await handler(value, { from, signal });
      await this.#send(from, { kind: 'answer', id, text: '', value: answer }, signal);
    } catch (error) {
      if (!signal.aborted) this.#refuse(from, id, error);
    } finally {
      if (asking.get(id) === controller) asking.delete(id);
    }
  }

  /** Tells the asker no more than a code. */
  #refuse(from: PeerId, id: number, error: unknown): void {
    const isTellable = error instanceof ParleyError && CODE.test(error.code);
    const text = isTellable ? error.code : 'ERR_REQUEST_FAILED';
    if (!isTellable) this.#options.logger.error('a request handler failed', { error });
    void this.#send(from, { kind: 'failure', id, text, value: undefined });
  }

  #failAll(peer: PeerId, error: Error): void {
    for (const asked of this.#asked.values()) if (asked.peer === peer) asked.fail(error);
  }

  /** @throws {TypeError} when the value has no JSON */
  #send(to: PeerId, frame: RequestFrame, signal?: AbortSignal): Promise<void> {
    const bytes = encodeRequestFrame(frame);
    return this.#options.channel.send(bytes, signal === undefined ? { to } : { to, signal });
  }
}
