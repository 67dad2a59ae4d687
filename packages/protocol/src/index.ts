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
  ServerToClientEvents,
} from './events.ts';
export {
  DEFAULT_MAX_PEERS_PER_ROOM,
  MAX_DISPLAY_NAME_LENGTH,
  MAX_PAYLOAD_BYTES,
  MAX_PAYLOAD_DEPTH,
  MAX_ROOM_NAME_LENGTH,
} from './limits.ts';
export { decodeJoin, decodePrepare, decodeRelay } from './messages.ts';
export type { JoinMessage, PrepareMessage, RelayMessage } from './messages.ts';
export { checkPayload } from './payload.ts';
export type { Json, Payload, PayloadFault, PayloadVerdict } from './payload.ts';
export { isPeerId } from './peer-id.ts';
export type { PeerDescription, PeerId } from './peer-id.ts';
export { cleanDisplayName, parseRoomName } from './text.ts';
export type { RoomName } from './text.ts';
