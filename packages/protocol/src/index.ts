/**
 * Signaling protocol of Parley, shared by server and client. Imports nothing.
 * @module
 */
export { decodeHostRequest, isRole, parsePasscode, PERSON_ACTIONS } from './door.ts';
export type {
  DoorChange,
  DoorState,
  HostMessage,
  HostRequest,
  KnockVerdict,
  PersonAction,
  Role,
} from './door.ts';
export { ParleyError, refuse } from './errors.ts';
export type { Refusal, Refused, SignalingErrorCode } from './errors.ts';
export { FEATURES, RELAYED_EVENTS } from './events.ts';
export type {
  Accepted,
  Ack,
  Authenticated,
  ByeReason,
  ClientToServerEvents,
  Feature,
  IceServer,
  Inside,
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
  MAX_PASSCODE_LENGTH,
  MAX_PAYLOAD_BYTES,
  MAX_PAYLOAD_DEPTH,
  MAX_ROOM_NAME_LENGTH,
  MAX_SESSION_LENGTH,
  MAX_TOKEN_LENGTH,
  MIN_PASSCODE_LENGTH,
} from './limits.ts';
export {
  decodeJoin,
  decodePrepare,
  decodeRelay,
  decodeResume,
  decodeToken,
  knownFeatures,
} from './messages.ts';
export type {
  JoinMessage,
  PrepareMessage,
  RelayMessage,
  ResumeMessage,
  TokenMessage,
} from './messages.ts';
export { checkPayload } from './payload.ts';
export type { Json, Payload, PayloadFault, PayloadVerdict } from './payload.ts';
export { isPeerId } from './peer-id.ts';
export type { PeerDescription, PeerId } from './peer-id.ts';
export { cleanDisplayName, parseRoomName } from './text.ts';
export type { RoomName } from './text.ts';
