/**
 * Signaling protocol of Parley, shared by server and client. Imports nothing.
 * @module
 */
export { ParleyError, refuse } from './errors.ts';
export type { Refusal, Refused, SignalingErrorCode } from './errors.ts';
export { FEATURES, RELAYED_EVENTS } from './events.ts';
export type {
  Accepted,
  Ack,
  ByeReason,
  ClientToServerEvents,
  Feature,
  IceServer,
  Joined,
  JoinRequest,
  Prepared,
  PrepareRequest,
  Relay,
  RelayedEvent,
  Resumed,
  ResumeRequest,
  ServerToClientEvents,
} from './events.ts';
export {
  DEFAULT_MAX_PEERS_PER_ROOM,
  DEFAULT_RESUME_GRACE_MS,
  MAX_DISPLAY_NAME_LENGTH,
  MAX_PAYLOAD_BYTES,
  MAX_PAYLOAD_DEPTH,
  MAX_ROOM_NAME_LENGTH,
  MAX_SESSION_LENGTH,
} from './limits.ts';
export { decodeJoin, decodePrepare, decodeRelay, decodeResume, knownFeatures } from './messages.ts';
export type { JoinMessage, PrepareMessage, RelayMessage, ResumeMessage } from './messages.ts';
export { checkPayload } from './payload.ts';
export type { Json, Payload, PayloadFault, PayloadVerdict } from './payload.ts';
export { isPeerId } from './peer-id.ts';
export type { PeerDescription, PeerId } from './peer-id.ts';
export { cleanDisplayName, parseRoomName } from './text.ts';
export type { RoomName } from './text.ts';
