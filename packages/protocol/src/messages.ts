/**
 * Decoders of what clients send. Total functions: they return a value or a refusal, never throw.
 * @module
 */
import { refuse } from './errors.ts';
import type { Refused } from './errors.ts';
import { checkPayload } from './payload.ts';
import type { Payload, PayloadFault } from './payload.ts';
import { isPeerId } from './peer-id.ts';
import type { PeerId } from './peer-id.ts';
import { MAX_PAYLOAD_BYTES, MAX_PAYLOAD_DEPTH, MAX_ROOM_NAME_LENGTH } from './limits.ts';
import { cleanDisplayName, parseRoomName } from './text.ts';
import type { RoomName } from './text.ts';

/** A `join` that has the right form. */
export interface JoinMessage {
  readonly ok: true;
  readonly room: RoomName;
  readonly name: string;
}

/** An `offer`, `answer` or `icecandidate` that has the right form. */
export interface RelayMessage {
  readonly ok: true;
  readonly payload: Payload;
  /** Size of the payload as JSON text, never underestimated. */
  readonly bytes: number;
  readonly room: RoomName;
  /** Absent: everyone else in the room. */
  readonly to: PeerId | undefined;
}

const PAYLOAD_FAULTS: { readonly [F in PayloadFault]: Refused } = {
  'not-json': refuse('ERR_MESSAGE_SCHEMA', 'The payload must be a plain JSON object or null.'),
  'too-deep': refuse(
    'ERR_MESSAGE_SCHEMA',
    `The payload is nested deeper than ${MAX_PAYLOAD_DEPTH} levels.`,
  ),
  'too-large': refuse(
    'ERR_MESSAGE_SIZE',
    `The payload is larger than ${MAX_PAYLOAD_BYTES} bytes. Send less, or send it peer to peer.`,
  ),
};

const BAD_ROOM_NAME: Refused = refuse(
  'ERR_ROOM_NAME',
  `A room name is 1 to ${MAX_ROOM_NAME_LENGTH} visible characters. Choose another name.`,
);

/** Decodes the argument of `join`: a room name, or an object with `room` and an optional `name`. */
export function decodeJoin(value: unknown): JoinMessage | Refused {
  const request: unknown = typeof value === 'string' ? { room: value } : value;
  if (typeof request !== 'object' || request === null || !('room' in request)) {
    return refuse('ERR_MESSAGE_SCHEMA', 'join needs a room name or {room, name}.');
  }
  const name: unknown = 'name' in request ? request.name : '';
  if (typeof name !== 'string') {
    return refuse('ERR_MESSAGE_SCHEMA', 'The name in join must be text.');
  }
  const room = parseRoomName(request.room);
  if (room === undefined) return BAD_ROOM_NAME;
  return { ok: true, room, name: cleanDisplayName(name) };
}

/** Decodes the arguments of `offer`, `answer` and `icecandidate`: `payload, room, to?`. */
export function decodeRelay(
  payload: unknown,
  roomName: unknown,
  to: unknown,
): RelayMessage | Refused {
  const room = parseRoomName(roomName);
  if (room === undefined) return BAD_ROOM_NAME;
  if (to !== undefined && to !== null && !isPeerId(to)) {
    return refuse('ERR_MESSAGE_SCHEMA', 'The third argument must be the id of a peer, or absent.');
  }
  const verdict = checkPayload(payload);
  if (!verdict.ok) return PAYLOAD_FAULTS[verdict.reason];
  return { ok: true, payload: verdict.payload, bytes: verdict.bytes, room, to: to ?? undefined };
}
