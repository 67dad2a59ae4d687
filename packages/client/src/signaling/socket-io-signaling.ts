/**
 * Signaling over Socket.IO: websocket first, long polling where that is refused.
 * Events and their order: docs/SPEC-signaling.md.
 * @module
 */
import type {
  ClientToServerEvents,
  HostRequest,
  Joined,
  JoinRequest,
  Prepared,
  PrepareRequest,
  Refused,
  Resumed,
  ResumeRequest,
  ServerToClientEvents,
} from '@parley/protocol';
import { RELAYED_EVENTS } from '@parley/protocol';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { abortable } from '../abortable.ts';
import { clientError, refusalError } from '../client-error.ts';
import type { AccessToken } from '../door/access-token.ts';
import { Emitter } from '../emitter.ts';
import type { Logger } from '../logger.ts';
import type { SetTimer } from '../platform.ts';
import { Redial } from './redial.ts';
import type { OutgoingSignal, ServerSignal, Signaling, SignalingEvents } from './signaling.ts';

/** What the transport needs to know. */
export interface SocketIoSignalingOptions {
  /** Undefined: the page's own origin. */
  readonly url: string | undefined;
  readonly setTimer: SetTimer;
  /** Calls back when the connection may be dead or the network may be there again. @default never */
  readonly onWake?: (listener: () => void) => () => void;
  readonly logger: Logger;
  /** Brings the access tokens of the application. @default none are shown */
  readonly access?: (() => Promise<AccessToken>) | undefined;
}

/** Longest wait for a connection, and ... */
const CONNECT_TIMEOUT_MS = 7_000;
/** ... for a sign of life where there is doubt: what is older than this will not be answered. */
const PING_TIMEOUT_MS = 1_200;

/** The transport that browsers use. */
export class SocketIoSignaling implements Signaling {
  readonly #socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  readonly #events = new Emitter<SignalingEvents>();
  readonly #url: string;
  readonly #logger: Logger;
  readonly #redial: Redial;
  readonly #stopWaking: () => void;
  readonly #access: (() => Promise<AccessToken>) | undefined;
  #token: AccessToken | undefined;
  #isOpen = false;
  #isDialling = false;
  #lastError: Error | undefined;

  constructor({ url = pageOrigin(), setTimer, onWake, logger, access }: SocketIoSignalingOptions) {
    this.#access = access;
    this.#url = url;
    this.#logger = logger;
    this.#socket = io(url, {
      autoConnect: false,
      forceNew: true, // a connection of our own: closing it closes the transport
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnection: false, // the times are ours
      timeout: CONNECT_TIMEOUT_MS,
    });
    this.#redial = new Redial(setTimer, () => this.connect());
    this.#stopWaking = onWake?.(() => this.check()) ?? (() => {});
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

  connect(): void {
    this.#isOpen = true;
    // One attempt at a time: in the middle of another Socket.IO would enter twice.
    if (this.#socket.connected || this.#isDialling) return;
    this.#isDialling = true;
    this.#socket.connect();
  }

  async prepare(request: PrepareRequest, signal: AbortSignal): Promise<Prepared> {
    const access = request.room ? await this.#access?.() : undefined;
    const shown = access ? { ...request, token: await abortable(access.peek(), signal) } : request;
    return this.#request(() => this.#socket.emitWithAck('prepare', shown), signal);
  }

  async join(request: JoinRequest, signal: AbortSignal): Promise<Joined> {
    const access = await this.#access?.();
    let next = access ? { ...request, token: await abortable(access.get(), signal) } : request;
    const joined = await this.#request(() => {
      const now = next;
      // If only the answer was lost, somebody has taken the offer: nobody else may get it.
      next = { ...next, offer: null };
      return this.#socket.emitWithAck('join', now);
    }, signal);
    this.#token = access;
    access?.follow(joined.tokenEndsInMs, (token) =>
      this.#ask(() => this.#socket.emitWithAck('authenticate', token)),
    );
    return joined;
  }

  async host(request: HostRequest): Promise<void> {
    await this.#ask(() => this.#socket.emitWithAck('host', request));
  }

  resume(request: ResumeRequest): Promise<Resumed> {
    return this.#ask(() => this.#socket.emitWithAck('resume', request));
  }

  credentials(): Promise<Prepared> {
    return this.#ask(() => this.#socket.emitWithAck('credentials'));
  }

  async leave(signal: AbortSignal): Promise<void> {
    if (!this.#socket.connected) return; // a lost connection has left already
    accept(await abortable(this.#socket.emitWithAck('leave', null), signal));
  }

  async send({ event, payload, room, to }: OutgoingSignal): Promise<void> {
    await this.#ask(() => this.#socket.emitWithAck(event, payload, room, to));
  }

  check(): void {
    const socket = this.#socket;
    if (!this.#isOpen) return;
    if (!socket.connected) {
      // The next attempt may be far away.
      this.#isDialling = false;
      socket.disconnect(); // gives up an attempt that may have begun in another network
      this.#redial.reset();
      this.#redial.failed();
      return;
    }
    socket.timeout(PING_TIMEOUT_MS).emit('ping', (error) => {
      // Without a word: a goodbye that arrived late would cost us our place.
      if (error !== null && socket.connected) socket.io.engine.close();
    });
  }

  farewell(session: string): void {
    const address = new URL('/leave', this.#url.replace(/^ws/u, 'http'));
    // Not everywhere this runs is a browser; and a page may forbid it, which nobody is told in time.
    globalThis.navigator?.sendBeacon?.(address, session);
    if (this.#socket.connected) this.#socket.emit('leave', 'closing');
  }

  close(): void {
    this.#isOpen = false;
    this.#redial.cancel();
    this.#stopWaking();
    this.#token?.stop();
    this.#events.clear();
    this.#socket.off();
    this.#socket.disconnect();
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('connect', () => {
      this.#isDialling = false;
      this.#lastError = undefined;
      this.#redial.reset();
      this.#logger.info('connected to the server');
      this.#events.emit('connected', undefined);
    });
    socket.on('disconnect', (reason) => {
      this.#logger.info('disconnected from the server', { reason });
      this.#isDialling = false;
      this.#redial.failed();
      this.#events.emit('disconnected', { reason });
    });
    socket.on('connect_error', (error) => {
      this.#isDialling = false;
      this.#lastError = error;
      this.#logger.warn('cannot reach the server', { error });
      this.#redial.failed();
    });
    const tell = (signal: ServerSignal, seq = 0): void =>
      this.#events.emit('told', { seq, signal });
    socket.on('welcome', (peer, seq, offer = null) => tell({ event: 'welcome', peer, offer }, seq));
    socket.on('bye', (peer, reason, seq) => tell({ event: 'bye', peer, reason }, seq));
    socket.on('iceServers', (iceServers, seq) => {
      if (seq === 0) this.#events.emit('iceServers', iceServers);
      else tell({ event: 'iceServers', iceServers }, seq);
    });
    socket.on('door', (state, seq, session) => tell({ event: 'door', state, session }, seq));
    socket.on('mute', (from, seq) => tell({ event: 'mute', from }, seq));
    socket.on('knocked', (verdict) => this.#events.emit('knocked', verdict));
    socket.on('error', (refusal, event) =>
      this.#logger.warn('the server refused a message', { event, code: refusal.code }),
    );
    for (const event of RELAYED_EVENTS) {
      socket.on(event, (payload, from, seq) => tell({ event, payload, from }, seq));
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

  /** Asks once, on this connection. @throws {ParleyError} also when it is not there, or breaks */
  async #ask<Reply extends { readonly ok: true }>(
    ask: () => Promise<Reply | Refused>,
  ): Promise<Reply> {
    const reply = this.#socket.connected ? await ask().catch(() => undefined) : undefined;
    if (reply === undefined) throw clientError('ERR_SERVER_UNREACHABLE', 'The server is offline.');
    return accept(reply);
  }

  #whenConnected(signal: AbortSignal): Promise<void> {
    if (this.#socket.connected) return Promise.resolve();
    this.connect();
    const connected = new Promise<void>((resolve) => {
      const stop = this.#events.on('connected', () => {
        stop();
        resolve();
      });
    });
    return abortable(connected, signal);
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
