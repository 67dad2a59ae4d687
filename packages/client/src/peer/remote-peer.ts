/**
 * One other person in the room, as the application sees them. The object stays the same for as long
 * as they are there, whatever happens to the connection below.
 * @module
 */
import type { ParleyError, PeerId } from '@parley/protocol';
import type { PeerStats, StatsOptions } from '../insight/peer-stats.ts';
import type { LevelSnapshot } from '../insight/silence.ts';
import type { VideoSource } from '../media/source.ts';
import type { Observable } from '../observable.ts';
import type { PrivacyErrorCode } from '../privacy/privacy-error.ts';
import type { ViewSize } from './control-message.ts';
import type { LinkSnapshot } from './link-status.ts';

/** A device of the other person, or their shared screen. */
export interface RemoteSlotSnapshot {
  /** There is something to be seen or heard: the device runs and is not muted. */
  readonly on: boolean;
  /** Stays when the device is turned off; it then gives black or silence. */
  readonly track: MediaStreamTrack | undefined;
}

/** A remote peer at one moment. */
export interface RemotePeerSnapshot {
  readonly state: 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';
  /** Microphone and camera of this peer; the same object for the whole call. */
  readonly stream: MediaStream;
  readonly camera: RemoteSlotSnapshot;
  readonly microphone: RemoteSlotSnapshot;
  /** Why the last signal of this peer was dropped: one side has no key for the link, or another one. */
  readonly refusal: ParleyError<PrivacyErrorCode> | undefined;
  /** Not part of `stream`: it wants a place of its own. */
  readonly screen: RemoteSlotSnapshot;
  readonly screenSound: RemoteSlotSnapshot;
}

/** One other person in the room. */
export interface RemotePeer extends Observable<RemotePeerSnapshot> {
  readonly id: PeerId;
  /** Untrusted text: show it, never interpret it. */
  readonly name: string;
  /** The connection itself, for what this SDK does not offer; another one after a rebuild. */
  readonly connection: RTCPeerConnection;
  /**
   * Digits to be compared with those that the other person sees: equal ones prove that nobody is
   * between. Another certificate gives another code; so ask again when `snapshot.state` changes.
   * Rejects with a ParleyError: `ERR_FINGERPRINT`, `ERR_CRYPTO_UNAVAILABLE`.
   */
  safetyCode(): Promise<string>;
  /** How well this peer can be reached, and by which path; changes at most about once a second. */
  readonly link: Observable<LinkSnapshot>;
  /** How loud this peer is; measured only while somebody watches. */
  readonly level: Observable<LevelSnapshot>;
  /** What the connection does at the moment. The first answer takes half a second. Rejects with the reason of the signal. */
  stats(options?: StatsOptions): Promise<PeerStats>;
  /**
   * Says how large this picture is shown here, in device pixels (CSS pixels times
   * `devicePixelRatio`), or that it is not shown (`undefined`), so that the peer sends no more than
   * that; a screen keeps its size, for the sake of its text. A page that never says it gets the
   * picture as it is.
   */
  show(source: VideoSource, size: ViewSize | undefined): void;
}
