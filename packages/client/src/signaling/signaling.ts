/**
 * What a room needs from the way to the server. Socket.IO is one implementation; tests bring another.
 * @module
 */
import type {
  ByeReason,
  DoorState,
  HostRequest,
  IceServer,
  Joined,
  JoinRequest,
  KnockVerdict,
  Payload,
  PeerDescription,
  PeerId,
  Prepared,
  PrepareRequest,
  RelayedEvent,
  Resumed,
  ResumeRequest,
} from '@parley/protocol';

/** One message from another peer, as it came: the payload is untrusted. */
export interface RelayedSignal {
  readonly event: RelayedEvent;
  readonly payload: Payload;
  /** Stamped by the server. */
  readonly from: PeerId;
}

/** Somebody joined the room; who gets no offer along with the news is to send one. */
export interface Welcome {
  readonly peer: PeerDescription;
  readonly offer: Payload;
}

/** Somebody is gone. */
export interface Bye {
  readonly peer: PeerDescription;
  readonly reason: ByeReason;
}

/** What the server tells a member of a room. */
export type ServerSignal =
  | ({ readonly event: 'welcome' } & Welcome)
  | ({ readonly event: 'bye' } & Bye)
  | { readonly event: 'iceServers'; readonly iceServers: readonly IceServer[] }
  | { readonly event: 'door'; readonly state: DoorState; readonly session: string | undefined }
  | { readonly event: 'mute'; readonly from: PeerId }
  | RelayedSignal;

/** One message to another peer of the room. */
export interface OutgoingSignal {
  readonly event: RelayedEvent;
  readonly payload: Payload;
  readonly room: string;
  readonly to: PeerId;
}

/** What a transport tells. */
export interface SignalingEvents {
  /** The server can be reached; until we resume or join it knows nothing of us. */
  connected: undefined;
  /** The server cannot be reached any more; the transport is trying by itself. */
  disconnected: { readonly reason: string };
  /** `seq` is its number in this stay in the room. */
  told: { readonly seq: number; readonly signal: ServerSignal };
  /** Fresh ones for a place that is held. */
  iceServers: readonly IceServer[];
  /** A host has decided about our knock. */
  knocked: KnockVerdict;
}

/**
 * A connection to the server. It connects on first use and reconnects by itself until closed.
 * Requests reject with a `ParleyError` when the server refuses, and with `signal.reason` on abort.
 */
export interface Signaling {
  readonly connected: boolean;
  /** Why the last attempt to connect failed, if it did. */
  readonly lastError: Error | undefined;
  on<E extends keyof SignalingEvents>(
    event: E,
    listener: (payload: SignalingEvents[E]) => void,
  ): () => void;
  /** Begins to connect, for what will be asked soon. Idempotent. */
  connect(): void;
  /** Waits for the connection, then asks for what can be known before joining. */
  prepare(request: PrepareRequest, signal: AbortSignal): Promise<Prepared>;
  /** Waits for the connection, then enters the room. */
  join(request: JoinRequest, signal: AbortSignal): Promise<Joined>;
  /** Takes our place again. Rejects with `ERR_SERVER_UNREACHABLE` when the connection breaks meanwhile. */
  resume(request: ResumeRequest): Promise<Resumed>;
  /** Asks something of the server that only a host may; rejects when it is offline. */
  host(request: HostRequest): Promise<void>;
  /** Asks for fresh credentials; rejects when it is offline. */
  credentials(): Promise<Prepared>;
  /** Leaves the room; resolves when the server knows. */
  leave(signal: AbortSignal): Promise<void>;
  /** Passes a message on; resolves when the server has taken it. Rejects when it is offline. */
  send(message: OutgoingSignal): Promise<void>;
  /** There is a reason to think that the connection is dead: asks, and without an answer connects anew. */
  check(): void;
  /** Leaves the room from a page that is being closed: past the connection, and by it where there is one. */
  farewell(session: string): void;
  /** Ends the connection for good. */
  close(): void;
}
