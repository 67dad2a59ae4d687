/**
 * One connected socket, from hello to goodbye: answers its messages and passes on what it sends.
 * Knows the protocol, not the transport. Rules: docs/SPEC-signaling.md.
 * @module
 */
import {
  decodeHostRequest,
  decodeJoin,
  decodeRelay,
  decodeResume,
  decodeToken,
  refuse,
} from '@parley/protocol';
import type {
  Accepted,
  Authenticated,
  ByeReason,
  Joined,
  JoinMessage,
  KnockVerdict,
  PeerDescription,
  Prepared,
  Refusal,
  Refused,
  RelayedEvent,
  Resumed,
} from '@parley/protocol';
import type { AccessTokens, Granted } from './access/access-tokens.ts';
import type { Clock } from './clock.ts';
import { NOT_HOST, PEER_UNKNOWN } from './door/refusals.ts';
import { Visitor } from './door/visitor.ts';
import type { HeldPlaces } from './held-places.ts';
import type { Logger } from './logger.ts';
import type { Membership, MemberSocket } from './membership/membership.ts';
import type { Entrance, Memberships } from './membership/memberships.ts';
import { Preparation } from './preparation.ts';
import type { ClientIceServers } from './relay/admissions.ts';
import { TokenBucket } from './token-bucket.ts';
import type { RateLimit } from './token-bucket.ts';

/** What a session can do to the client at the other end. */
export interface SessionSocket extends MemberSocket {
  error(refusal: Refusal, event: string): void;
  /** What became of a knock. */
  knocked(verdict: KnockVerdict): void;
}

/** Everything a session needs from the server around it. */
export interface SessionContext {
  readonly memberships: Memberships;
  readonly socket: SessionSocket;
  readonly iceServers: ClientIceServers;
  readonly places: HeldPlaces;
  readonly rateLimit: RateLimit;
  /** Stands for where the client comes from. */
  readonly address: string;
  /** Absent: nobody is asked for an access token. */
  readonly access: AccessTokens | undefined;
  readonly clock: Pick<Clock, 'now' | 'unixSeconds'>;
  readonly logger: Logger;
}

type Reply = Accepted | Authenticated | Prepared | Joined | Resumed | Refused;
type Later<Value> = Value | Promise<Value>;
type ReplyAck = (reply: Reply) => void;

const ACCEPTED: Accepted = { ok: true };
/** A payload costs one token more for every so many bytes. */
const BYTES_PER_TOKEN = 4096;
/** Looking at an access token costs as much as so many messages. */
const TOKENS_PER_SIGNATURE = 5;
/** A client that ignores this many times its burst of refusals is cut off. */
const PATIENCE = 10;
/** Longest event name repeated back in an error. */
const MAX_EVENT_NAME_LENGTH = 64;

const TOO_MANY: Refused = refuse(
  'ERR_RATE_LIMIT',
  'Too many messages at once. Wait a second, then send fewer.',
);
const NOT_JOINED: Refused = refuse(
  'ERR_ROOM_NOT_JOINED',
  'You are not in this room. Join it before sending to it.',
);
const ALREADY_JOINED: Refused = refuse(
  'ERR_ROOM_ALREADY_JOINED',
  'This connection is already in a room. Send leave first, or open a second connection.',
);
const TOKEN_OF_ANOTHER: Refused = refuse(
  'ERR_TOKEN_INVALID',
  'The access token is for somebody else. Show one for the same person.',
);
const INTERNAL: Refused = refuse(
  'ERR_INTERNAL',
  'The server failed on this message. It is not your fault; try again.',
);

/** The server's side of one client. Feed it with `receive`, end it with `close`. */
export class Session {
  readonly #context: SessionContext;
  readonly #budget: TokenBucket;
  readonly #patience: TokenBucket;
  readonly #preparation: Preparation;
  readonly #visitor: Visitor;
  /** A join that waits for a signature or a passcode to be looked at. */
  #entry: object | undefined;
  #member: Membership | undefined;
  /** What is to be sent right behind the answer. */
  #catchUp: (() => void) | undefined;
  #closed = false;

  constructor(context: SessionContext) {
    const { rateLimit, address, socket } = context;
    const { now } = context.clock;
    this.#context = context;
    this.#visitor = new Visitor({ address, knocked: (verdict) => socket.knocked(verdict) });
    this.#budget = new TokenBucket(rateLimit, now);
    this.#patience = new TokenBucket({ ...rateLimit, burst: rateLimit.burst * PATIENCE }, now);
    this.#preparation = new Preparation({
      ...context,
      isInside: () => this.isInside,
      charge: () => this.#budget.charge(TOKENS_PER_SIGNATURE),
    });
  }

  /** True for somebody in a room. */
  get isInside(): boolean {
    return this.#self !== undefined;
  }

  /** Takes one message as it came: any event name, any arguments (consumed), the ack last if any. */
  receive(event: unknown, args: unknown[]): void {
    if (this.#closed) return;
    const ack = takeAck(args);
    const fail = (error: unknown): void => {
      this.#context.logger.error('message handler failed', { event: eventName(event), error });
      this.#respond(INTERNAL, event, ack);
    };
    try {
      const reply = this.#answer(event, args);
      if (reply instanceof Promise)
        void reply.then((late) => this.#respond(late, event, ack), fail);
      else this.#respond(reply, event, ack);
      this.#catchUp?.();
    } catch (error) {
      fail(error);
    }
    this.#catchUp = undefined;
  }

  /** The connection is gone; without a reason nobody is told. Idempotent. */
  close(reason: ByeReason | undefined): void {
    const { memberships } = this.#context;
    const self = this.#self;
    this.#closed = true;
    this.#entry = undefined;
    this.#preparation.close();
    memberships.doors.withdraw(this.#visitor);
    if (self === undefined) return;
    if (reason === 'lost') memberships.disconnected(self);
    else memberships.end(self, reason);
  }

  /** Who we are in a room, unless another socket or a goodbye has ended that. */
  get #self(): Membership | undefined {
    return this.#member?.isReachedBy(this.#context.socket) === true ? this.#member : undefined;
  }

  #answer(event: unknown, args: readonly unknown[]): Later<Reply> {
    const isRelayed = event === 'offer' || event === 'answer' || event === 'icecandidate';
    const self = this.#self;
    if (isRelayed && self !== undefined) self.received += 1;
    if (!this.#budget.take()) {
      if (!this.#patience.take()) this.#context.socket.disconnect();
      return TOO_MANY;
    }
    return isRelayed ? this.#relay(event, args) : this.#serve(event, args[0]);
  }

  #serve(event: unknown, request: unknown): Later<Reply> {
    switch (event) {
      case 'join':
        return this.#join(request);
      case 'resume':
        return this.#resume(request);
      case 'prepare':
        return this.#preparation.answer(request);
      case 'credentials':
        return this.#renewCredentials();
      case 'host':
        return this.#host(request);
      case 'authenticate':
        return this.#authenticate(request);
      case 'leave':
        this.#leave(request === 'closing');
        return ACCEPTED;
      case 'ping':
        return ACCEPTED;
      default:
        return refuse('ERR_EVENT_UNKNOWN', `There is no event "${eventName(event)}".`);
    }
  }

  #leave(isClosing: boolean): void {
    const { memberships } = this.#context;
    this.#entry = undefined;
    memberships.doors.withdraw(this.#visitor);
    if (this.#self !== undefined) memberships.end(this.#self, 'left', isClosing);
  }

  #join(request: unknown): Later<Joined | Refused> {
    if (this.#self !== undefined || this.#entry !== undefined) return ALREADY_JOINED;
    const message = decodeJoin(request);
    if (!message.ok) return message;
    this.#budget.charge(Math.floor(message.bytes / BYTES_PER_TOKEN));
    const { access } = this.#context;
    const needsNone = message.token === undefined && access?.isRequired !== true;
    if (access === undefined || needsNone) return this.#approach(message, undefined);
    this.#budget.charge(TOKENS_PER_SIGNATURE);
    return this.#whenChecked(access.check(message.token, message.room), (granted) =>
      this.#approach(message, granted),
    );
  }

  /** Before the door, with a token that is good or none at all. */
  #approach(message: JoinMessage, granted: Granted | undefined): Later<Joined | Refused> {
    const { memberships } = this.#context;
    const before = memberships.recognise(message.session, message.room);
    if (typeof before === 'object') return before;
    const standing = granted?.standing;
    const verdict = memberships.doors.ask({ message, visitor: this.#visitor, standing, before });
    const enter = (): Joined | Refused => this.#enter(message, { granted, before });
    if (verdict instanceof Promise) return this.#whenChecked(verdict, enter);
    return verdict.ok ? enter() : verdict;
  }

  /** Goes on when something has been looked at, unless the client has left meanwhile. */
  async #whenChecked<Checked extends { readonly ok: true }>(
    checking: Promise<Checked | Refused>,
    next: (checked: Checked) => Later<Joined | Refused>,
  ): Promise<Joined | Refused> {
    const entry = {};
    this.#entry = entry;
    const checked = await checking;
    if (this.#entry !== entry) return NOT_JOINED;
    this.#entry = undefined;
    return checked.ok ? next(checked) : checked;
  }

  #enter(message: JoinMessage, pass: Pick<Entrance, 'granted' | 'before'>): Joined | Refused {
    const { memberships, socket, iceServers, access } = this.#context;
    const { granted } = pass;
    // A token that is good for one join is not wasted on a room that is full.
    const refusal = memberships.whyFull(message.room) ?? (granted && access?.spend(granted));
    if (refusal !== undefined) return refusal;
    const entered = memberships.enter({
      message,
      held: this.#preparation.held,
      socket,
      iceServers,
      ...pass,
    });
    if (!entered.ok) return entered;
    const { self, offered } = entered;
    this.#member = self;
    this.#visitor.admission = undefined;
    memberships.doors.withdraw(this.#visitor);
    const session = memberships.tokenOf(self);
    return {
      ok: true,
      self: self.peer,
      peers: this.#peersOf(self),
      iceServers: self.admission?.iceServers ?? iceServers.open,
      ...(offered !== undefined && { offered }),
      ...(session !== undefined && { session }),
      ...this.#doorOf(self),
      ...(granted !== undefined && { tokenEndsInMs: this.#timeLeftMs(granted) }),
    };
  }

  #doorOf(self: Membership): Pick<Joined, 'door'> {
    const door = self.features.has('door') && this.#context.memberships.doors.stateFor(self);
    return door ? { door } : {};
  }

  #timeLeftMs({ endsAtSeconds }: Granted): number {
    return Math.max(0, endsAtSeconds - this.#context.clock.unixSeconds()) * 1000;
  }

  #host(request: unknown): Later<Accepted | Refused> {
    const message = decodeHostRequest(request);
    if (!message.ok) return message;
    const self = this.#self;
    return self === undefined ? NOT_HOST : this.#context.memberships.doors.act(self, message);
  }

  async #authenticate(token: unknown): Promise<Authenticated | Refused> {
    const message = decodeToken(token);
    if (!message.ok) return message;
    const { access, memberships } = this.#context;
    const self = this.#self;
    if (self?.grant === undefined || access === undefined) return NOT_JOINED;
    this.#budget.charge(TOKENS_PER_SIGNATURE);
    const granted = await access.check(message.token, self.roomName);
    if (!granted.ok) return granted;
    if (this.#self !== self) return NOT_JOINED;
    // Nobody lends their place to somebody else, and nobody is promoted in passing.
    const { subjectKey, standing } = self.grant;
    if (granted.subjectKey !== subjectKey) return TOKEN_OF_ANOTHER;
    const spent = access.spend(granted);
    if (spent !== undefined) return spent;
    memberships.regrant(self, { ...granted, standing });
    return { ok: true, tokenEndsInMs: this.#timeLeftMs(granted) };
  }

  #resume(request: unknown): Resumed | Refused {
    const message = decodeResume(request);
    if (!message.ok) return message;
    if (this.#self !== undefined) return ALREADY_JOINED;
    const { memberships, socket, iceServers } = this.#context;
    const back = memberships.resume(message, { socket, iceServers });
    if (!back.ok) return back;
    const { self, missed, catchUp } = back;
    this.#preparation.held.drop();
    this.#member = self;
    this.#catchUp = catchUp;
    return {
      ok: true,
      self: self.peer,
      peers: this.#peersOf(self),
      iceServers: self.admission?.renew(iceServers.host) ?? iceServers.open,
      session: memberships.tokenOf(self) ?? message.session,
      received: self.received,
      missed,
      ...this.#doorOf(self),
    };
  }

  #renewCredentials(): Prepared | Refused {
    const iceServers = this.#self?.admission?.renew(this.#context.iceServers.host);
    return iceServers === undefined ? NOT_JOINED : { ok: true, iceServers };
  }

  #peersOf(self: Membership): readonly PeerDescription[] {
    return Array.from(this.#context.memberships.othersOf(self), ({ peer }) => peer);
  }

  #relay(event: RelayedEvent, args: readonly unknown[]): Accepted | Refused {
    const message = decodeRelay(args[0], args[1], args[2]);
    if (!message.ok) return message;
    const { payload, bytes, to } = message;
    this.#budget.charge(Math.floor(bytes / BYTES_PER_TOKEN));
    const self = this.#self;
    if (self?.roomName !== message.room) return NOT_JOINED;
    const { memberships } = this.#context;
    const signal = { event, payload, from: self.peer.id };
    if (to === undefined) {
      for (const other of memberships.othersOf(self)) other.tell(signal, bytes);
      return ACCEPTED;
    }
    const target = memberships.roomOf(self)?.members.get(to);
    if (target === undefined || target === self) return PEER_UNKNOWN;
    target.tell(signal, bytes);
    return ACCEPTED;
  }

  #respond(reply: Reply, event: unknown, ack: ReplyAck | undefined): void {
    if (ack !== undefined) ack(reply);
    else if (!reply.ok) this.#context.socket.error(reply.error, eventName(event));
  }
}

/** Takes the ack off the end of `args`. JSON carries no functions, so one can only be Socket.IO's. */
function takeAck(args: unknown[]): ReplyAck | undefined {
  const last = args.at(-1);
  if (!isAck(last)) return undefined;
  args.pop();
  return last;
}

function isAck(value: unknown): value is ReplyAck {
  return typeof value === 'function';
}

function eventName(event: unknown): string {
  return String(event).slice(0, MAX_EVENT_NAME_LENGTH);
}
