/**
 * Signaling over Socket.IO: websocket first, long polling where that is refused.
 * Events and their order: docs/SPEC-signaling.md.
 * @module
 */
import type {
  ClientToServerEvents,
  Joined,
  JoinRequest,
  Prepared,
  PrepareRequest,
  Refused,
  ServerToClientEvents,
} from '@parley/protocol';
import { RELAYED_EVENTS } from '@parley/protocol';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { abortable } from '../abortable.ts';
import { clientError, refusalError } from '../client-error.ts';
import { Emitter } from '../emitter.ts';
import type { Logger } from '../logger.ts';
import type { SetTimer } from '../platform.ts';
import type { OutgoingSignal, Signaling, SignalingEvents } from './signaling.ts';

/** What the transport needs to know. */
export interface SocketIoSignalingOptions {
  /** Undefined: the page's own origin. */
  readonly url: string | undefined;
  readonly setTimer: SetTimer;
  readonly logger: Logger;
}

/** First wait before connecting again; doubles up to {@link MAX_RETRY_DELAY_MS}, with jitter. */
const RETRY_DELAY_MS = 300;
const MAX_RETRY_DELAY_MS = 5_000;
/** Wait after the server itself has ended the connection: Socket.IO does not retry by itself then. */
const REDIAL_DELAY_MS = 1_000;

/** The transport that browsers use. */
export class SocketIoSignaling implements Signaling {
  readonly #socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  readonly #events = new Emitter<SignalingEvents>();
  readonly #setTimer: SetTimer;
  readonly #logger: Logger;
  #cancelRedial = (): void => {};
  #lastError: Error | undefined;

  constructor({ url, setTimer, logger }: SocketIoSignalingOptions) {
    this.#setTimer = setTimer;
    this.#logger = logger;
    this.#socket = io(url ?? pageOrigin(), {
      autoConnect: false,
      forceNew: true, // a connection of our own: closing it closes the transport
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnectionDelay: RETRY_DELAY_MS,
      reconnectionDelayMax: MAX_RETRY_DELAY_MS,
    });
    this.#listen();
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  get lastError(): Error | undefined {
    return this.#lastError;
  }

  on<E extends keyof SignalingEvents>(
    event: E,
    listener: (payload: SignalingEvents[E]) => void,
  ): () => void {
    return this.#events.on(event, listener);
  }

  prepare(request: PrepareRequest, signal: AbortSignal): Promise<Prepared> {
    return this.#request(() => this.#socket.emitWithAck('prepare', request), signal);
  }

  join(request: JoinRequest, signal: AbortSignal): Promise<Joined> {
    let next = request;
    return this.#request(() => {
      const now = next;
      // If only the answer was lost, somebody has taken the offer: nobody else may get it.
      next = { ...request, offer: null };
      return this.#socket.emitWithAck('join', now);
    }, signal);
  }

  async leave(signal: AbortSignal): Promise<void> {
    if (!this.#socket.connected) return; // a lost connection has left already
    accept(await abortable(this.#socket.emitWithAck('leave'), signal));
  }

  async send({ event, payload, room, to }: OutgoingSignal): Promise<void> {
    if (!this.#socket.connected) {
      throw clientError('ERR_SERVER_UNREACHABLE', `Not connected: the ${event} was not sent.`);
    }
    accept(await this.#socket.emitWithAck(event, payload, room, to));
  }

  close(): void {
    this.#cancelRedial();
    this.#events.clear();
    this.#socket.off();
    this.#socket.disconnect();
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('connect', () => {
      this.#lastError = undefined;
      this.#logger.info('connected to the server');
      this.#events.emit('connected', undefined);
    });
    socket.on('disconnect', (reason) => {
      this.#logger.info('disconnected from the server', { reason });
      if (reason === 'io server disconnect') this.#redialLater();
      this.#events.emit('disconnected', { reason });
    });
    socket.on('connect_error', (error) => {
      this.#lastError = error;
      this.#logger.warn('cannot reach the server', { error });
      // An active socket retries by itself; a refused one does not.
      if (!socket.active) this.#redialLater();
    });
    socket.on('welcome', (peer, _seq, offer = null) =>
      this.#events.emit('welcome', { peer, offer }),
    );
    socket.on('bye', (peer, reason) => this.#events.emit('bye', { peer, reason }));
    socket.on('iceServers', (iceServers) => this.#events.emit('iceServers', iceServers));
    socket.on('error', (refusal, event) =>
      this.#logger.warn('the server refused a message', { event, code: refusal.code }),
    );
    for (const event of RELAYED_EVENTS) {
      socket.on(event, (payload, from) => this.#events.emit('signal', { event, payload, from }));
    }
  }

  /** Asks as often as the connection breaks under the question; a fresh connection knows nothing. */
  async #request<Reply extends { readonly ok: true }>(
    ask: () => Promise<Reply | Refused>,
    signal: AbortSignal,
  ): Promise<Reply> {
    for (;;) {
      signal.throwIfAborted();
      await this.#whenConnected(signal);
      // Socket.IO rejects an acknowledged message for one reason only: the connection was lost.
      const reply = await abortable(
        ask().catch(() => undefined),
        signal,
      );
      if (reply !== undefined) return accept(reply);
    }
  }

  #whenConnected(signal: AbortSignal): Promise<void> {
    if (this.#socket.connected) return Promise.resolve();
    this.#socket.connect();
    const connected = new Promise<void>((resolve) => {
      const stop = this.#events.on('connected', () => {
        stop();
        resolve();
      });
    });
    return abortable(connected, signal);
  }

  #redialLater(): void {
    this.#cancelRedial();
    this.#cancelRedial = this.#setTimer(() => this.#socket.connect(), REDIAL_DELAY_MS);
  }
}

function pageOrigin(): string {
  const origin = globalThis.location?.origin;
  if (origin === undefined) {
    throw clientError('ERR_OPTIONS', 'There is no page here: createClient needs the option url.');
  }
  return origin;
}

/** @throws {ParleyError} when the server refused */
function accept<Reply extends { readonly ok: true }>(reply: Reply | Refused): Reply {
  if (!reply.ok) throw refusalError(reply.error);
  return reply;
}
