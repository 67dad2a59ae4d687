/**
 * Browser SDK of Parley: join a room, get a call. Documentation: docs/SDK.md.
 * @module
 */
export { ParleyError } from '@parley/protocol';
export type {
  ByeReason,
  DoorChange,
  DoorState,
  HostRequest,
  IceServer,
  Inside,
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
  Role,
  SignalingErrorCode,
} from '@parley/protocol';
export type { Client, JoinOptions, PrepareOptions } from './client.ts';
export type { ClientErrorCode, JoinError } from './client-error.ts';
export type { ClientOptions, QualityOptions } from './client-options.ts';
export { createClient } from './create-client.ts';
export type {
  Channel,
  ChannelEvents,
  ChannelMessage,
  ReadOptions,
  SendOptions,
  ChannelOptions,
} from './data/channel.ts';
export type { Codec } from './data/codec.ts';
export type { DataErrorCode } from './data/data-error.ts';
export type { HostControls } from './door/host-controls.ts';
export type { FileErrorCode } from './files/file-error.ts';
export type {
  FileOffer,
  FileProgress,
  FileResult,
  Files,
  FilesEvents,
  ReceiveBlobOptions,
  ReceiveFileOptions,
  SendFileOptions,
} from './files/file-transfer.ts';
export type { Listener } from './emitter.ts';
export type { LevelSnapshot } from './insight/silence.ts';
export type {
  DirectionStats,
  PathStats,
  PeerStats,
  StatsOptions,
  TrackStats,
} from './insight/peer-stats.ts';
export type { LogFields, Logger } from './logger.ts';
export type { Devices, DevicesSnapshot } from './media/devices.ts';
export type { LocalMedia, WantedDevices } from './media/local-media.ts';
export { MediaError } from './media/media-error.ts';
export type { MediaErrorCode } from './media/media-error.ts';
export type { ScreenOptions } from './media/screen-capture.ts';
export type { ScreenSlot, ScreenSnapshot } from './media/screen-slot.ts';
export type {
  OpenOptions,
  Slot,
  SlotSnapshot,
  TrackTransform,
  TransformedTrack,
} from './media/slot.ts';
export type { DeviceSource, Source, VideoSource } from './media/source.ts';
export type { Observable } from './observable.ts';
export type { ViewSize } from './peer/control-message.ts';
export type { LinkLimit, LinkPath } from './peer/link-description.ts';
export type { LinkSnapshot } from './peer/link-status.ts';
export type { RemotePeer, RemotePeerSnapshot, RemoteSlotSnapshot } from './peer/remote-peer.ts';
export { createLinkKey, formatLinkKey, parseLinkKey } from './privacy/link-key.ts';
export type { LinkKey, LinkKeyVerdict } from './privacy/link-key.ts';
export type { PrivacyErrorCode } from './privacy/privacy-error.ts';
export type { RequestErrorCode } from './requests/request-error.ts';
export type { RequestContext, RequestHandler, RequestOptions } from './requests/room-requests.ts';
export type {
  LeaveReason,
  LocalPeer,
  Room,
  RoomEvents,
  RoomSnapshot,
  SpeakerSnapshot,
} from './room.ts';
export type {
  Bye,
  OutgoingSignal,
  RelayedSignal,
  ServerSignal,
  Signaling,
  SignalingEvents,
  Welcome,
} from './signaling/signaling.ts';
