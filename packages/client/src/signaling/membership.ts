/**
 * Our place in a room, as the server knows it. It outlives the connection: what we send waits until
 * the server has taken it, what the server sent meanwhile comes once and in order, and only when the
 * server does not take us back we enter anew. Rules: docs/SPEC-signaling.md, SIG-60 to SIG-69, SIG-80.
 * @module
 */
import { ParleyError } from '@parley/protocol';
import type { DoorState, IceServer, Joined, JoinRequest, PeerId, Resumed } from '@parley/protocol';
import { abortable } from '../abortable.ts';
import { clientError } from '../client-error.ts';
import { Emitter } from '../emitter.ts';
import type { Logger } from '../logger.ts';
import type { SetTimer } from '../platform.ts';
import type { OutgoingSignal, ServerSignal, Signaling, SignalingEvents } from './signaling.ts';
import type { Bye, RelayedSignal, Welcome } from './signaling.ts';

/** What a membership tells. */
export interface MembershipEvents {
  /** We are in the room: for the first time, or as somebody new. */
  joined: Joined;
  /** The server cannot be reached; our place is kept for a while. */
  offline: undefined;
  /** We have our place again, as if nothing had happened, or (`missed`) nearly so. */
  resumed: Resumed;
  /** The server does not let us in again. */
  refused: unknown;
  welcome: Welcome;
  signal: RelayedSignal;
  bye: Bye;
  iceServers: readonly IceServer[];
  door: DoorState;
  /** This host asks us to mute. */
  mute: PeerId;
}

/** What a membership works with. */
export interface MembershipOptions {
  readonly signaling: Signaling;
  readonly setTimer: SetTimer;
  readonly logger: Logger;
}

/** Wait after the server had too much of us. */
const RATE_LIMIT_DELAY_MS = 1_000;

/** See the module comment. Its owner must `leave` or `close` it. */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #events = new Emitter<MembershipEvents>();
  readonly #lifetime = new AbortController();
  /** How we enter anew; undefined until we are inside. */
  #request: JoinRequest | undefined;
  #session: string | undefined;
  #lastSeen = 0;
  /** How many of our messages the server has answered. */
  #sent = 0;
  /** Those it has not, in order. */
  #outbox: OutgoingSignal[] = [];
  /** What arrives before the answer that it follows has been read waits here. */
  #inbox: SignalingEvents['told'][] | undefined = [];
  #isReturning = false;

  constructor(options: MembershipOptions) {
    const { signaling } = options;
    this.#options = options;
    const undo = [
      signaling.on('told', (told) => this.#receive(told)),
      signaling.on('disconnected', () => this.#disconnected()),
      signaling.on('connected', () => this.#connected()),
    ];
    this.#lifetime.signal.addEventListener('abort', () => {
      for (const end of undo) end();
      this.#events.clear();
    });
  }

  on<E extends keyof MembershipEvents>(
    event: E,
    listener: (payload: MembershipEvents[E]) => void,
  ): () => void {
    return this.#events.on(event, listener);
  }

  /** With this a page that has been reloaded says who it was. */
  get session(): string | undefined {
    return this.#session;
  }

  /** Enters the room; `joined` has been told when it resolves. */
  async join(request: JoinRequest, signal: AbortSignal): Promise<void> {
    const joining = this.#options.signaling.join(request, signal);
    const joined = await abortable(joining, this.#lifetime.signal);
    signal.throwIfAborted();
    this.#request = { ...request, offer: null };
    this.#begin(joined);
  }

  /** Sends to somebody in the room: now, or when we are back. Lost only together with our place. */
  send(message: OutgoingSignal): void {
    this.#outbox.push(message);
    if (this.#isInside) void this.#transmit(message);
  }

  /** Fresh credentials for the relays; rejects while the server cannot be reached. */
  async credentials(): Promise<readonly IceServer[]> {
    return (await this.#options.signaling.credentials()).iceServers;
  }

  /** Says goodbye; resolves when the server knows. */
  async leave(signal: AbortSignal): Promise<void> {
    if (!this.#isInside) this.sayFarewell();
    this.close();
    await this.#options.signaling.leave(signal);
  }

  /** A goodbye that arrives although the page is being closed. */
  sayFarewell(): void {
    if (this.#session !== undefined) this.#options.signaling.farewell(this.#session);
  }

  /** Tells nobody. Idempotent. */
  close(): void {
    this.#lifetime.abort(clientError('ERR_CLIENT_CLOSED', 'Closed before the room was joined.'));
    this.#inbox = [];
  }

  get #isInside(): boolean {
    return this.#inbox === undefined;
  }

  #receive(told: SignalingEvents['told']): void {
    if (this.#inbox !== undefined) this.#inbox.push(told);
    else if (told.seq === 0 || told.seq > this.#lastSeen) {
      this.#lastSeen = Math.max(this.#lastSeen, told.seq);
      this.#tell(told.signal);
    }
  }

  #tell(signal: ServerSignal): void {
    const { event } = signal;
    if (event === 'welcome') this.#events.emit(event, signal);
    else if (event === 'bye') this.#events.emit(event, signal);
    else if (event === 'iceServers') this.#events.emit(event, signal.iceServers);
    else if (event === 'mute') this.#events.emit(event, signal.from);
    else if (event === 'door') {
      this.#session = signal.session ?? this.#session;
      this.#events.emit(event, signal.state);
    } else this.#events.emit('signal', signal);
  }

  #disconnected(): void {
    this.#inbox = [];
    if (this.#request !== undefined) this.#events.emit('offline', undefined);
  }

  #connected(): void {
    // Whoever is joining, or joins anew, waits for the connection by itself.
    if (this.#request === undefined || this.#isReturning) return;
    this.#isReturning = true;
    void this.#return(this.#request).finally(() => {
      this.#isReturning = false;
    });
  }

  async #return(request: JoinRequest): Promise<void> {
    const { signaling, logger } = this.#options;
    const { signal } = this.#lifetime;
    try {
      if (this.#session !== undefined && (await this.#resume(this.#session))) return;
      this.#begin(await abortable(signaling.join(request, signal), signal));
    } catch (error) {
      if (signal.aborted) return;
      logger.error('cannot come back into the room', { error });
      this.#events.emit('refused', error);
    }
  }

  /** False when the server refuses; when the connection breaks again, its return brings us back here. */
  async #resume(session: string): Promise<boolean> {
    const { signaling, logger } = this.#options;
    const request = { session, lastSeen: this.#lastSeen, sent: this.#sent };
    try {
      const resumed = await abortable(signaling.resume(request), this.#lifetime.signal);
      this.#session = resumed.session;
      const taken = Math.max(0, resumed.received - this.#sent);
      this.#sent += this.#outbox.splice(0, taken).length;
      this.#open('resumed', resumed);
    } catch (error) {
      if (codeOf(error) === 'ERR_SERVER_UNREACHABLE' || this.#lifetime.signal.aborted) return true;
      logger.warn('our place in the room is gone', { code: codeOf(error) });
      return false;
    }
    return true;
  }

  #begin(joined: Joined): void {
    this.#session = joined.session;
    this.#lastSeen = 0;
    this.#sent = 0;
    this.#outbox = [];
    this.#open('joined', joined);
  }

  /** First our owner knows where we stand, then comes what was waiting. */
  #open<E extends 'joined' | 'resumed'>(event: E, answer: MembershipEvents[E]): void {
    const [inbox, outbox] = [this.#inbox ?? [], this.#outbox];
    this.#inbox = undefined;
    for (const message of outbox) void this.#transmit(message);
    this.#events.emit(event, answer);
    for (const told of inbox) this.#receive(told);
  }

  async #transmit(message: OutgoingSignal): Promise<void> {
    const { signaling, setTimer, logger } = this.#options;
    try {
      await signaling.send(message);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'ERR_SERVER_UNREACHABLE') return; // it is sent again when we are back
      logger.debug('signal refused', { event: message.event, to: message.to, code });
      if (code === 'ERR_RATE_LIMIT') setTimer(() => this.send(message), RATE_LIMIT_DELAY_MS);
    }
    const index = this.#outbox.indexOf(message);
    if (index >= 0) this.#sent += this.#outbox.splice(index, 1).length;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof ParleyError ? error.code : undefined;
}
