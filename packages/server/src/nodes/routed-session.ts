/**
 * The session of one socket of this node. Until it asks for a room it is served here; from then on by
 * the home of that room, which may be this node or another. When the home changes, the connection is
 * cut, and the client comes back with `resume`: there is one way to move, and it is the one of a restart.
 * Rules: docs/SPEC-signaling.md, NODE-1 to NODE-6.
 * @module
 */
import type { ByeReason, RoomName } from '@parley/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { SessionTokens } from '../membership/session-token.ts';
import type { Session } from '../session.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { RateLimit } from '../token-bucket.ts';
import { askedRoom } from './asked-room.ts';
import type { NodeId } from './node-id.ts';
import type { RemoteSession } from './remote-session.ts';
import type { Roster } from './roster.ts';

/** What a session that can move works with. */
export interface RoutedSessionOptions {
  readonly self: NodeId;
  readonly local: Session;
  readonly roster: Pick<Roster, 'homeOf' | 'settlingMs'>;
  readonly tokens: Pick<SessionTokens, 'read'>;
  /** Opens a session at another node. */
  readonly openAt: (home: NodeId) => RemoteSession;
  readonly cut: () => void;
  /** What a client may send at all; its home is stricter. */
  readonly rateLimit: RateLimit;
  readonly clock: Clock;
  readonly onClose: (session: RoutedSession) => void;
}

type Message = readonly [event: unknown, args: unknown[]];

/** Held back while a room settles; who says more is cut. */
const MAX_WAITING = 256;

/** See the module comment. Feed it with `receive`, end it with `close`. */
export class RoutedSession {
  readonly #options: RoutedSessionOptions;
  readonly #remotes = new Map<NodeId, RemoteSession>();
  readonly #budget: TokenBucket;
  #home: NodeId;
  #room: RoomName | undefined;
  /** Messages behind a join that waits, the join first. */
  #waiting: Message[] | undefined;
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: RoutedSessionOptions) {
    this.#options = options;
    this.#home = options.self;
    this.#budget = new TokenBucket(options.rateLimit, options.clock.now);
  }

  /** Takes one message as it came, the ack last if any. */
  receive(event: unknown, args: unknown[]): void {
    if (this.#isClosed) return;
    if (!this.#budget.take()) return this.#options.cut();
    if (this.#waiting === undefined) return this.#route(event, args);
    this.#waiting.push([event, args]);
    if (this.#waiting.length > MAX_WAITING) this.#options.cut();
  }

  /** Homes have changed. */
  check(): void {
    const room = this.#room;
    if (room !== undefined && this.#options.roster.homeOf(room) !== this.#home) this.#options.cut();
  }

  /** The client is to come back by another way. */
  cut(): void {
    this.#options.cut();
  }

  /** Nothing comes from this node any more. */
  lose(node: NodeId): void {
    if (!this.#remotes.delete(node)) return;
    if (this.#home === node) this.#options.cut();
  }

  /** The connection is gone; without a reason nobody is told. Idempotent. */
  close(reason: ByeReason | undefined): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
    this.#options.local.close(reason);
    for (const remote of this.#remotes.values()) remote.close(reason);
    this.#options.onClose(this);
  }

  #route(event: unknown, args: unknown[]): void {
    const { roster, tokens } = this.#options;
    const room = this.#current.isInside ? undefined : askedRoom(event, args[0], tokens);
    if (room === undefined) {
      if (event === 'leave') this.#room = undefined;
      return this.#current.receive(event, args);
    }
    const settlingMs = event === 'join' ? roster.settlingMs(room) : 0;
    if (settlingMs > 0) return this.#wait(settlingMs, [event, args]);
    this.#turnTo(room);
    this.#current.receive(event, args);
  }

  /** Whoever was inside before the room moved comes first. */
  #wait(delayMs: number, message: Message): void {
    this.#waiting = [message];
    this.#timer = this.#options.clock.setTimeout(() => this.#resumeWaiting(), delayMs);
  }

  #resumeWaiting(): void {
    const messages = this.#waiting?.splice(0) ?? [];
    this.#waiting = undefined;
    for (const message of messages) this.#routeInTurn(message);
  }

  /** The room may have moved again meanwhile. */
  #routeInTurn(message: Message): void {
    if (this.#waiting === undefined) this.#route(...message);
    else this.#waiting.push(message);
  }

  #turnTo(room: RoomName): void {
    const home = this.#options.roster.homeOf(room);
    this.#room = room;
    if (home === this.#home) return;
    // What waits or is held at the home before is given up.
    this.#current.receive('prepare', []);
    this.#current.receive('leave', []);
    this.#home = home;
  }

  get #current(): Session | RemoteSession {
    const { self, local, openAt } = this.#options;
    if (this.#home === self) return local;
    const known = this.#remotes.get(this.#home);
    if (known !== undefined) return known;
    const remote = openAt(this.#home);
    this.#remotes.set(this.#home, remote);
    return remote;
  }
}
