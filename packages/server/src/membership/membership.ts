/**
 * One person's place in one room. It outlives the socket through which they are reached: what is sent
 * to them meanwhile waits. Knows nothing of rooms and of time running out.
 * @module
 */
import type {
  ByeReason,
  DoorState,
  Feature,
  IceServer,
  Payload,
  PeerDescription,
  PeerId,
  RelayedEvent,
  Role,
  RoomName,
} from '@parley/protocol';
import type { Grant } from '../access/grant.ts';
import type { Now } from '../clock.ts';
import type { Admission } from '../relay/admissions.ts';
import type { Member } from '../room-registry.ts';
import { Outbox } from './outbox.ts';
import type { OutboxLimits } from './outbox.ts';

/** What another member has sent. */
export interface RelayedSignal {
  readonly event: RelayedEvent;
  readonly payload: Payload;
  readonly from: PeerId;
}

/** Anything a member is told. */
export type Signal =
  /** `offer` came with the join; `null`: none for this receiver. */
  | { readonly event: 'welcome'; readonly peer: PeerDescription; readonly offer: Payload }
  | RelayedSignal
  | { readonly event: 'bye'; readonly peer: PeerDescription; readonly reason: ByeReason }
  | { readonly event: 'iceServers'; readonly iceServers: readonly IceServer[] }
  | { readonly event: 'door'; readonly state: DoorState; readonly session: string | undefined }
  | { readonly event: 'mute'; readonly from: PeerId };

/** The way to reach a member. */
export interface MemberSocket {
  send(signal: Signal, seq: number): void;
  disconnect(): void;
}

/** What a membership starts with. */
export interface MembershipOptions {
  readonly roomName: RoomName;
  readonly peer: PeerDescription;
  readonly features: ReadonlySet<Feature>;
  readonly socket: MemberSocket;
  readonly now: Now;
  /** After a restart of the server: the number of the last signal the member has got. @default 0 */
  readonly seq?: number;
  /** After a restart of the server: how many of the member's messages were taken before. @default 0 */
  readonly received?: number;
  /** What their access token allows. @default none was asked for */
  readonly grant?: Grant | undefined;
}

/** Counted for a signal that is no payload. */
const SMALL_BYTES = 256;
const NOTHING: OutboxLimits = { entries: 0, bytes: 0 };
/** What is under way when a connection breaks. */
const CONNECTED: OutboxLimits = { entries: 64, bytes: 128 * 1024 };
/** Twelve people who restart everything say less. */
const AWAY: OutboxLimits = { entries: 1024, bytes: 1024 * 1024 };
/** A connection that brings nothing for so long has been cut off by then; what is older has arrived. */
const ARRIVED_AFTER_MS = 30_000;

/** A person in a room. */
export class Membership implements Member {
  readonly roomName: RoomName;
  readonly peer: PeerDescription;
  readonly features: ReadonlySet<Feature>;
  /** The place is kept when the connection breaks. */
  readonly resumes: boolean;
  /** Set once, by whoever lets the member in. */
  admission: Admission | undefined;
  /** How many relayed messages of this member have been answered. */
  received: number;
  /** Replaced when a newer access token is shown. */
  grant: Grant | undefined;
  readonly #outbox: Outbox<Signal>;
  #socket: MemberSocket | undefined;

  constructor(options: MembershipOptions) {
    const { roomName, peer, features, socket, now, seq, received = 0 } = options;
    this.roomName = roomName;
    this.peer = peer;
    this.features = features;
    this.resumes = features.has('resume');
    this.received = received;
    this.grant = options.grant;
    this.#socket = socket;
    this.#outbox = new Outbox(this.resumes ? CONNECTED : NOTHING, now, seq);
  }

  /** What the application has made of them, if it says. */
  get standing(): Role | undefined {
    return this.grant?.standing;
  }

  /** False while a place is kept for somebody whose connection broke. */
  get isConnected(): boolean {
    return this.#socket !== undefined;
  }

  /** True for the socket through which the member is reached now. */
  isReachedBy(socket: MemberSocket): boolean {
    return this.#socket === socket;
  }

  /** Tells the member something, now or when they are back. */
  tell(signal: Signal, bytes: number = SMALL_BYTES): void {
    const seq = this.#outbox.add(signal, bytes);
    this.#socket?.send(signal, seq);
  }

  /** The connection broke; what comes from now on is kept. */
  detach(): void {
    this.#socket = undefined;
    if (this.resumes) this.#outbox.limit(AWAY);
  }

  /** Reaches the member through another socket; the one before is cut off. */
  attach(socket: MemberSocket): void {
    const before = this.#socket;
    this.#socket = socket;
    if (before !== socket) before?.disconnect();
  }

  /** Whether everything that came after `lastSeen` is still here. */
  canReplay(lastSeen: number): boolean {
    return this.#outbox.since(lastSeen) !== undefined;
  }

  /** Sends what came after `lastSeen` once more, in order. */
  replay(lastSeen: number): void {
    for (const { signal, seq } of this.#outbox.since(lastSeen) ?? []) {
      this.#socket?.send(signal, seq);
    }
  }

  /** Gives up what was missed; the next signal has a number above `lastSeen`. */
  skip(lastSeen: number): void {
    this.#outbox.restart(lastSeen);
  }

  /** Forgets what has arrived for certain. To be called now and then. */
  tidy(): void {
    if (this.#socket === undefined || !this.resumes) return;
    this.#outbox.forgetOlderThan(ARRIVED_AFTER_MS);
    this.#outbox.limit(CONNECTED);
  }
}
