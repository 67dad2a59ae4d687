/**
 * Somebody in a room who behaves as the SDK does when the connection breaks: dials again, resumes, and
 * says again what was not answered.
 * @module
 */
import type {
  ByeReason,
  ClientToServerEvents,
  Joined,
  Payload,
  PeerId,
  ServerToClientEvents,
} from '@parley/protocol';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';

/** Something that was heard. */
export interface HeardPayload {
  readonly from: PeerId;
  readonly payload: Payload;
}

type Connection = Socket<ServerToClientEvents, ClientToServerEvents>;

/** As the SDK waits between attempts. */
const REDIAL_MS = [0, 300, 700, 1_500];
const CONNECT_TIMEOUT_MS = 7_000;

/** See the module comment. Its owner must `close` it. */
export class SteadyPeer {
  /** Who was said to be gone, and how. */
  readonly byes: ByeReason[] = [];
  readonly heard: HeardPayload[] = [];
  /** Codes of joins and resumes that were refused. */
  readonly refusals: string[] = [];
  /** Breaks of the connection so far. */
  breaks = 0;
  isInside = false;
  /** Who else is in the room, as far as we were told. */
  others: Set<PeerId> = new Set<PeerId>();
  id: PeerId | undefined;
  readonly #url: string;
  readonly #room: string;
  #socket: Connection | undefined;
  #session: string | undefined;
  #lastSeen = 0;
  /** Messages that have been answered. */
  #answered = 0;
  #unanswered: Payload[] = [];
  #failures = 0;
  #isClosed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, room: string) {
    this.#url = url;
    this.#room = room;
    this.#dial();
  }

  /** All that was said has been taken: the server knows that we know that we are inside. */
  get isHeard(): boolean {
    return this.#unanswered.length === 0;
  }

  /** Says something to everybody else in the room, now or when we are back. */
  say(payload: Payload): void {
    this.#unanswered.push(payload);
    if (this.isInside) this.#send(payload);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#socket?.disconnect();
  }

  #dial(): void {
    const socket: Connection = io(this.#url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      timeout: CONNECT_TIMEOUT_MS,
    });
    this.#socket = socket;
    socket.on('connect', () => {
      this.#failures = 0;
      this.#enter(socket);
    });
    socket.on('connect_error', () => this.#redial());
    socket.on('disconnect', () => {
      this.breaks += 1;
      this.isInside = false;
      this.#redial();
    });
    const saw = (seq: number): void => {
      this.#lastSeen = Math.max(this.#lastSeen, seq);
    };
    socket.on('welcome', (peer, seq) => {
      saw(seq);
      this.others.add(peer.id);
    });
    socket.on('iceServers', (_servers, seq) => saw(seq));
    socket.on('bye', (peer, reason, seq) => {
      saw(seq);
      this.others.delete(peer.id);
      this.byes.push(reason);
    });
    socket.on('icecandidate', (payload, from, seq) => {
      saw(seq);
      this.heard.push({ from, payload });
    });
  }

  #redial(): void {
    if (this.#isClosed) return;
    const delayMs = REDIAL_MS[Math.min(this.#failures, REDIAL_MS.length - 1)] ?? 0;
    this.#failures += 1;
    this.#timer = setTimeout(() => this.#dial(), delayMs);
  }

  /** What follows the answer may come in the same moment: nothing is awaited here. */
  #enter(socket: Connection): void {
    if (this.#session === undefined) this.#join(socket);
    else this.#resume(socket, this.#session);
  }

  #join(socket: Connection): void {
    socket.emit('join', { room: this.#room, features: ['resume'] }, (reply) => {
      if (!reply.ok) return void this.refusals.push(reply.error.code);
      this.id = reply.self.id;
      this.#session = reply.session;
      this.#begin(reply);
    });
  }

  #resume(socket: Connection, session: string): void {
    const request = { session, lastSeen: this.#lastSeen, sent: this.#answered };
    socket.emit('resume', request, (reply) => {
      if (!reply.ok) return void this.refusals.push(reply.error.code);
      this.#session = reply.session;
      this.#unanswered.splice(0, Math.max(0, reply.received - this.#answered));
      this.#answered = Math.max(reply.received, this.#answered);
      this.#begin(reply);
    });
  }

  #begin({ peers }: Pick<Joined, 'peers'>): void {
    this.isInside = true;
    this.others = new Set(peers.map(({ id }) => id));
    for (const payload of this.#unanswered) this.#send(payload);
  }

  #send(payload: Payload): void {
    this.#socket?.emit('icecandidate', payload, this.#room, null, () => {
      this.#answered += 1;
      this.#unanswered = this.#unanswered.filter((one) => one !== payload);
    });
  }
}
