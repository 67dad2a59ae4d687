/**
 * The signaling vocabulary: what travels between a client and the server over Socket.IO.
 * Rules and order of events: docs/SPEC-signaling.md.
 * @module
 */
import type { DoorState, HostRequest, KnockVerdict } from './door.ts';
import type { Refusal, Refused } from './errors.ts';
import type { Payload } from './payload.ts';
import type { PeerDescription, PeerId } from './peer-id.ts';

/** Same shape as the W3C dictionary `RTCIceServer`, without needing the DOM types. */
export interface IceServer {
  readonly urls: string[];
  readonly username?: string;
  readonly credential?: string;
}

/** What a client asks for when it prepares; a bare string is short for `{ room }`. */
export interface PrepareRequest {
  /** Holds a place in this room. @default no room: only the ICE servers are named */
  readonly room?: string;
  /** Asks who is inside; a place that is held in this room already stays. @default false */
  readonly look?: boolean;
  /** Opens a room on a server that asks for access tokens. @default none */
  readonly token?: string;
}

/** Who is in a room that nothing keeps anybody out of. */
export interface Inside {
  readonly count: number;
  /** Of the first few who gave one. */
  readonly names: readonly string[];
}

/**
 * What clients may know how to do. `offer`: answer an offer that comes along with a `welcome`;
 * `resume`: come back after a break, so that the place in the room is kept for a while; `door`: hold
 * a room, and be told what happens at its door.
 */
export const FEATURES = ['offer', 'resume', 'door'] as const;
/** One of the things that clients may know how to do. */
export type Feature = (typeof FEATURES)[number];

/** What a client asks for when it joins; a bare string is short for `{ room }`. */
export interface JoinRequest {
  readonly room: string;
  /** Shown to the others. @default '' */
  readonly name?: string;
  /** Unknown ones are ignored. @default [] */
  readonly features?: readonly string[];
  /** For one of those inside who has the feature `offer`; if there is none, for nobody. */
  readonly offer?: Payload;
  /** Opens a room that has a passcode. */
  readonly passcode?: string;
  /** The access token of an application, where the server asks for one. */
  readonly token?: string;
  /** The session of an earlier stay: who held the room, and has just reloaded the page, holds it again. */
  readonly session?: string;
}

/** What a client shows to take its place in a room again. */
export interface ResumeRequest {
  /** The token from the last answer to `join` or `resume`. */
  readonly session: string;
  /** The number of the last event that arrived. */
  readonly lastSeen: number;
  /** How many of its relayed messages the client knows to have been taken. @default 0 */
  readonly sent?: number;
}

/** Answer to `join`: who I am, who is already here, which ICE servers to use. */
export interface Joined {
  readonly ok: true;
  readonly self: PeerDescription;
  /** Those who were inside before me, oldest first. Each will send me an offer, but for `offered`. */
  readonly peers: readonly PeerDescription[];
  /** Who got the offer that came with my `join`, and will send an answer. */
  readonly offered?: PeerId;
  /** Relays among them carry credentials of this stay in this room. */
  readonly iceServers: readonly IceServer[];
  /** Token for `resume`; only for those who asked for that feature. */
  readonly session?: string;
  /** Only for those with the feature `door`. */
  readonly door?: DoorState;
  /** After this time the access token ends: another one is to be shown before. */
  readonly tokenEndsInMs?: number;
}

/** Answer to `resume`: the place is ours again, under the same id. */
export interface Resumed {
  readonly ok: true;
  readonly self: PeerDescription;
  /** Everybody else in the room, oldest first. */
  readonly peers: readonly PeerDescription[];
  readonly iceServers: readonly IceServer[];
  /** Replaces the token that was shown. */
  readonly session: string;
  /** How many relayed messages of this client the server has taken since the join. */
  readonly received: number;
  /**
   * What became of the events after `lastSeen`. `exact`: all of them follow, in order. `lost`: nobody
   * knows what they were, nor which of our own messages have reached whom.
   */
  readonly missed: 'exact' | 'lost';
  /** Only for those with the feature `door`. */
  readonly door?: DoorState;
}

/**
 * Answer to `prepare`: what a page can know before it joins. Relays are named when a place in a room
 * is held; their credentials are those of the stay to come. Answer to `credentials`: fresh ones.
 */
export interface Prepared {
  readonly ok: true;
  readonly iceServers: readonly IceServer[];
  /** Only for who asked, holds a place, and may walk in. */
  readonly inside?: Inside;
}

/** Answer to a message that needs no more than a yes. */
export interface Accepted {
  readonly ok: true;
}

/** Answer to `authenticate`: until then the new access token is good. */
export interface Authenticated {
  readonly ok: true;
  readonly tokenEndsInMs: number;
}

/**
 * Why a peer is gone: said goodbye, lost the connection to the server, was sent away by a host or the
 * owner of the server, or did not renew its access token.
 */
export type ByeReason = 'left' | 'lost' | 'removed' | 'expired';

/** The three events that are passed on between peers. */
export const RELAYED_EVENTS = ['offer', 'answer', 'icecandidate'] as const;
/** One of the events that are passed on between peers. */
export type RelayedEvent = (typeof RELAYED_EVENTS)[number];

/** A function that receives the answer to one message. */
export type Ack<Reply> = (reply: Reply | Refused) => void;

/** `to` and `ack` may both be left out; without `to` the payload goes to everyone else in the room. */
export type Relay = (
  payload: Payload,
  room: string,
  to?: PeerId | null,
  ack?: Ack<Accepted>,
) => void;

/** Events a client sends. */
export interface ClientToServerEvents {
  prepare: (request: string | PrepareRequest, ack: Ack<Prepared>) => void;
  join: (request: string | JoinRequest, ack?: Ack<Joined>) => void;
  resume: (request: ResumeRequest, ack: Ack<Resumed>) => void;
  /** Fresh credentials for the relays, out of turn. */
  credentials: (ack: Ack<Prepared>) => void;
  /** `'closing'`: the page goes, and is perhaps only reloaded. */
  leave: (how?: 'closing' | null, ack?: Ack<Accepted>) => void;
  /** Is anybody there? */
  ping: (ack: Ack<Accepted>) => void;
  /** A host decides who is inside. */
  host: (request: HostRequest, ack?: Ack<Accepted>) => void;
  /** Shows another access token before the first one ends. */
  authenticate: (token: string, ack: Ack<Authenticated>) => void;
  offer: Relay;
  answer: Relay;
  icecandidate: Relay;
}

/** Events the server sends. `seq` counts those of one stay in a room, from 1 on. */
export interface ServerToClientEvents {
  /** `offer` came along with the peer's `join`; without one, the receiver is to send an offer. */
  welcome: (peer: PeerDescription, seq: number, offer?: Payload) => void;
  offer: (payload: Payload, from: PeerId, seq: number) => void;
  answer: (payload: Payload, from: PeerId, seq: number) => void;
  icecandidate: (payload: Payload, from: PeerId, seq: number) => void;
  bye: (peer: PeerDescription, reason: ByeReason, seq: number) => void;
  /** The ICE servers with fresh credentials; they replace those named before. */
  iceServers: (iceServers: readonly IceServer[], seq: number) => void;
  /**
   * The door as it is now, after each change; for those with the feature `door`. `session` replaces
   * the token that was given before.
   */
  door: (state: DoorState, seq: number, session?: string) => void;
  /** A host asks us to mute our microphone. */
  mute: (from: PeerId, seq: number) => void;
  /** To somebody outside who has knocked: `join` again when `admitted`. */
  knocked: (verdict: KnockVerdict) => void;
  /** A message sent without an ack was refused; `event` is its name. */
  error: (refusal: Refusal, event: string) => void;
}
