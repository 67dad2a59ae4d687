/**
 * One connected socket, from hello to goodbye: answers its messages and passes on what it sends.
 * Knows the protocol, not the transport. Rules: docs/SPEC-signaling.md.
 * @module
 */
import { decodeJoin, decodePrepare, decodeRelay, refuse } from '@parley/protocol';
import type {
  Accepted,
  ByeReason,
  Feature,
  IceServer,
  Joined,
  Payload,
  PeerDescription,
  PeerId,
  Prepared,
  Refusal,
  Refused,
  RelayedEvent,
  RoomName,
} from '@parley/protocol';
import type { Now } from './clock.ts';
import { HeldPlace } from './held-places.ts';
import type { HeldPlaces, Place } from './held-places.ts';
import type { Logger } from './logger.ts';
import type { Admission, ClientIceServers } from './relay/admissions.ts';
import type { Member, Room, RoomRegistry } from './room-registry.ts';
import { TokenBucket } from './token-bucket.ts';
import type { RateLimit } from './token-bucket.ts';

/** What a session can do to the client at the other end. */
export interface SessionSocket {
  relay(event: RelayedEvent, payload: Payload, from: PeerId): void;
  /** `offer` came with the join; `null`: none for this receiver. */
  welcome(peer: PeerDescription, offer: Payload): void;
  bye(peer: PeerDescription, reason: ByeReason): void;
  iceServers(iceServers: readonly IceServer[]): void;
  error(refusal: Refusal, event: string): void;
  disconnect(): void;
}

/** A person in a room, and the way to reach them. */
export interface SessionMember extends Member {
  readonly socket: SessionSocket;
  readonly features: ReadonlySet<Feature>;
  /** Sends the person out of the room. */
  readonly remove: () => void;
}

/** Everything a session needs from the server around it. */
export interface SessionContext {
  readonly rooms: RoomRegistry<SessionMember>;
  readonly socket: SessionSocket;
  readonly iceServers: ClientIceServers;
  readonly places: HeldPlaces;
  readonly mintPeerId: () => PeerId;
  readonly rateLimit: RateLimit;
  readonly now: Now;
  readonly logger: Logger;
}

type SessionState =
  | { readonly name: 'connected' }
  | {
      readonly name: 'joined';
      readonly room: Room<SessionMember>;
      readonly self: SessionMember;
      readonly admission: Admission;
    }
  | { readonly name: 'closed' };

type Reply = Accepted | Prepared | Joined | Refused;
type ReplyAck = (reply: Reply) => void;

const ACCEPTED: Accepted = { ok: true };
/** A payload costs one token more for every so many bytes. */
const BYTES_PER_TOKEN = 4096;
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
const ROOM_FULL: Refused = refuse(
  'ERR_ROOM_FULL',
  'The room is full. Try again when somebody has left, or choose another room.',
);
const PEER_UNKNOWN: Refused = refuse(
  'ERR_PEER_UNKNOWN',
  'Nobody else with this id is in the room. They may have left.',
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
  readonly #held: HeldPlace;
  #state: SessionState = { name: 'connected' };

  constructor(context: SessionContext) {
    const { rateLimit, now, places } = context;
    this.#context = context;
    this.#held = new HeldPlace({ places, open: (room) => this.#openPlace(room) });
    this.#budget = new TokenBucket(rateLimit, now);
    this.#patience = new TokenBucket({ ...rateLimit, burst: rateLimit.burst * PATIENCE }, now);
  }

  /** Takes one message as it came: any event name, any arguments (consumed), the ack last if any. */
  receive(event: unknown, args: unknown[]): void {
    if (this.#state.name === 'closed') return;
    const ack = takeAck(args);
    try {
      this.#respond(this.#answer(event, args), event, ack);
    } catch (error) {
      this.#context.logger.error('message handler failed', { event: eventName(event), error });
      this.#respond(INTERNAL, event, ack);
    }
  }

  /** The connection is gone; without a reason nobody is told. Idempotent. */
  close(reason: ByeReason | undefined): void {
    this.#leave(reason);
    this.#held.drop();
    this.#state = { name: 'closed' };
  }

  /** Sends the person out of the room, and tells them; outside a room it does nothing. */
  remove(): void {
    const state = this.#state;
    this.#leave('removed');
    if (state.name === 'joined') state.self.socket.bye(state.self.peer, 'removed');
  }

  #answer(event: unknown, args: readonly unknown[]): Reply {
    if (!this.#budget.take()) {
      if (!this.#patience.take()) this.#context.socket.disconnect();
      return TOO_MANY;
    }
    switch (event) {
      case 'offer':
      case 'answer':
      case 'icecandidate':
        return this.#relay(event, args);
      case 'join':
        return this.#join(args[0]);
      case 'prepare':
        return this.#prepare(args[0]);
      case 'leave':
        this.#leave('left');
        return ACCEPTED;
      default:
        return refuse('ERR_EVENT_UNKNOWN', `There is no event "${eventName(event)}".`);
    }
  }

  #join(request: unknown): Joined | Refused {
    if (this.#state.name === 'joined') return ALREADY_JOINED;
    const message = decodeJoin(request);
    if (!message.ok) return message;
    this.#budget.charge(Math.floor(message.bytes / BYTES_PER_TOKEN));
    const { rooms, socket, mintPeerId, logger } = this.#context;
    const { name, features, offer } = message;
    const id = this.#held.placeIn(message.room)?.peer ?? mintPeerId();
    const self: SessionMember = {
      peer: { id, name },
      socket,
      features,
      remove: () => this.remove(),
    };
    const room = rooms.enter(message.room, self);
    if (room === undefined) return ROOM_FULL;
    const admission = this.#held.claim(room.name)?.admission ?? this.#admit(room.name, id);
    this.#state = { name: 'joined', room, self, admission };
    logger.info('joined', { peer: id, people: room.members.size });

    const others = [...othersIn(room, self)];
    const taker = offer && others.find((other) => other.features.has('offer'));
    for (const other of others) other.socket.welcome(self.peer, other === taker ? offer : null);
    return {
      ok: true,
      self: self.peer,
      peers: others.map(({ peer }) => peer),
      iceServers: admission.iceServers,
      ...(taker && { offered: taker.peer.id }),
    };
  }

  #prepare(request: unknown): Prepared | Refused {
    const message = decodePrepare(request);
    if (!message.ok) return message;
    this.#held.drop();
    const isOutside = this.#state.name === 'connected';
    const place = isOutside && message.room ? this.#held.hold(message.room) : undefined;
    return { ok: true, iceServers: place?.admission.iceServers ?? this.#context.iceServers.open };
  }

  #openPlace(room: RoomName): Place {
    const peer = this.#context.mintPeerId();
    return { room, peer, admission: this.#admit(room, peer) };
  }

  #admit(room: RoomName, peer: PeerId): Admission {
    const { iceServers, socket } = this.#context;
    return iceServers.admit({ room, peer, renewed: (fresh) => socket.iceServers(fresh) });
  }

  #relay(event: RelayedEvent, args: readonly unknown[]): Accepted | Refused {
    const message = decodeRelay(args[0], args[1], args[2]);
    if (!message.ok) return message;
    this.#budget.charge(Math.floor(message.bytes / BYTES_PER_TOKEN));
    const state = this.#state;
    if (state.name !== 'joined' || state.room.name !== message.room) return NOT_JOINED;
    const { room, self } = state;
    if (message.to === undefined) {
      for (const other of othersIn(room, self)) {
        other.socket.relay(event, message.payload, self.peer.id);
      }
      return ACCEPTED;
    }
    const target = room.members.get(message.to);
    if (target === undefined || target === self) return PEER_UNKNOWN;
    target.socket.relay(event, message.payload, self.peer.id);
    return ACCEPTED;
  }

  #leave(reason: ByeReason | undefined): void {
    if (this.#state.name !== 'joined') return;
    const { room, self, admission } = this.#state;
    this.#state = { name: 'connected' };
    admission.end();
    this.#context.rooms.leave(room.name, self.peer.id);
    this.#context.logger.info('gone', { peer: self.peer.id, reason, people: room.members.size });
    if (reason === undefined) return;
    for (const other of room.members.values()) other.socket.bye(self.peer, reason);
  }

  #respond(reply: Reply, event: unknown, ack: ReplyAck | undefined): void {
    if (ack !== undefined) ack(reply);
    else if (!reply.ok) this.#context.socket.error(reply.error, eventName(event));
  }
}

function* othersIn(room: Room<SessionMember>, self: SessionMember): Iterable<SessionMember> {
  for (const member of room.members.values()) if (member !== self) yield member;
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
