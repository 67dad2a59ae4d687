/**
 * A room as applications see it.
 * @module
 */
import type { DoorState, PeerDescription, PeerId } from '@parley/protocol';
import type { Channel, ChannelOptions } from './data/channel.ts';
import type { HostControls } from './door/host-controls.ts';
import type { Files } from './files/file-transfer.ts';
import type { ScreenSlot } from './media/screen-slot.ts';
import type { Slot } from './media/slot.ts';
import type { Observable } from './observable.ts';
import type { RemotePeer } from './peer/remote-peer.ts';
import type { RequestHandler, RequestOptions } from './requests/room-requests.ts';

/**
 * Why somebody is gone. `left`: said goodbye; `lost`: out of reach, for the server and for us; `removed`:
 * sent away by a host or the owner of the server; `expired`: the access token was not renewed.
 */
export type LeaveReason = 'left' | 'lost' | 'removed' | 'expired';

/** A room at one moment. */
export interface RoomSnapshot {
  readonly state: 'connected' | 'reconnecting' | 'closed';
  readonly closeReason: LeaveReason | undefined;
  /** In order of arrival. */
  readonly peers: readonly RemotePeer[];
  /** Who may come in and who decides that; `undefined` where the server does not say. */
  readonly door: DoorState | undefined;
}

/** What a room tells. The snapshot has changed already when an event comes. */
export interface RoomEvents {
  /** Somebody is here; replayed to a new listener. */
  peer: RemotePeer;
  peerLeft: { readonly peer: RemotePeer; readonly reason: LeaveReason };
  closed: { readonly reason: LeaveReason };
  /** We are a host, and somebody wants to come in: `room.host.admit(id)` or `refuse(id)`. */
  knock: PeerDescription;
  /** A host asks us to mute. Nothing has happened yet. */
  muteRequest: { readonly from: PeerId };
}

/** Myself in a room. */
export interface LocalPeer {
  /** Given by the server; another one only when it could not take us back after a break. */
  readonly id: PeerId;
  readonly name: string;
  readonly camera: Slot;
  readonly microphone: Slot;
  readonly screen: ScreenSlot;
}

/** Who speaks at one moment. */
export interface SpeakerSnapshot {
  /** Whoever spoke last, of the others; undefined before anybody has. */
  readonly peer: RemotePeer | undefined;
}

/** A room we are in. */
export interface Room extends Observable<RoomSnapshot> {
  readonly name: string;
  readonly self: LocalPeer;
  /** Who of the others speaks; follows them only while somebody watches. */
  readonly activeSpeaker: Observable<SpeakerSnapshot>;
  on<E extends keyof RoomEvents>(event: E, listener: (payload: RoomEvents[E]) => void): () => void;
  /**
   * The channel of this name, the same object each time; open for as long as the room is.
   * @throws {ParleyError} `ERR_OPTIONS`
   */
  channel<T = unknown>(name: string, options?: ChannelOptions<T>): Channel<T>;
  /** What a host does; see `snapshot.door` for whether we are one. */
  readonly host: HostControls;
  /** Kept by a page, it makes us who we were after a reload: give it to `join`. It changes now and then. */
  readonly session: string | undefined;
  /** Tells that the network has changed, where the application knows: calls look for new paths at once. */
  hintNetworkChange(): void;
  /** Files to and from the others. Whoever never touches this takes none. */
  readonly files: Files;
  /**
   * Answers the requests of this name that others send; calling the returned function ends that. The
   * value is untrusted. @throws {ParleyError} `ERR_OPTIONS` when there is a handler already
   */
  handle<Value = unknown>(name: string, handler: RequestHandler<Value>): () => void;
  /**
   * Asks one person and resolves to their answer, which is untrusted. Rejects with a ParleyError, whose
   * code may be one that their handler threw, or with the reason of `options.signal`.
   */
  request<Answer = unknown>(name: string, value: unknown, options: RequestOptions): Promise<Answer>;
  /** Says goodbye and closes every connection. Idempotent, never rejects. */
  leave(): Promise<void>;
}
