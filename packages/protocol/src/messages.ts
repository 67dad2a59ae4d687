/**
 * Decoders of what clients send. Total functions: they return a value or a refusal, never throw.
 * @module
 */
import { parsePasscode } from './door.ts';
import { FEATURES } from './events.ts';
import type { Feature } from './events.ts';
import { refuse } from './errors.ts';
import type { Refused } from './errors.ts';
import { checkPayload } from './payload.ts';
import type { Payload, PayloadFault } from './payload.ts';
import { isPeerId } from './peer-id.ts';
import type { PeerId } from './peer-id.ts';
import {
  MAX_PAYLOAD_BYTES,
  MAX_PAYLOAD_DEPTH,
  MAX_ROOM_NAME_LENGTH,
  MAX_SESSION_LENGTH,
  MAX_TOKEN_LENGTH,
} from './limits.ts';
import { cleanDisplayName, parseRoomName } from './text.ts';
import type { RoomName } from './text.ts';

/** A `join` that has the right form. */
export interface JoinMessage {
  readonly ok: true;
  readonly room: RoomName;
  readonly name: string;
  readonly features: ReadonlySet<Feature>;
  readonly offer: Payload;
  /** Size of the offer as JSON text, never underestimated. */
  readonly bytes: number;
  /** Absent: none was given. */
  readonly passcode: string | undefined;
  /** Untrusted: nobody has looked at the signature yet. */
  readonly token: string | undefined;
  /** Of an earlier stay, untrusted as well. */
  readonly session: string | undefined;
}

/** A `prepare` that has the right form. */
export interface PrepareMessage {
  readonly ok: true;
  readonly room: RoomName | undefined;
  /** Who is inside is asked for. */
  readonly look: boolean;
  /** Untrusted: nobody has looked at the signature yet. */
  readonly token: string | undefined;
}

/** An `authenticate` that has the right form. */
export interface TokenMessage {
  readonly ok: true;
  readonly token: string;
}

/** A `resume` that has the right form. */
export interface ResumeMessage {
  readonly ok: true;
  /** Untrusted: nobody has looked at the signature yet. */
  readonly session: string;
  readonly lastSeen: number;
  readonly sent: number;
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

/** Decodes the argument of `prepare`: nothing, a room name, or an object that may have a `room`. */
export function decodePrepare(value: unknown): PrepareMessage | Refused {
  const request = requestOf(value ?? {});
  if (request === undefined) {
    return refuse('ERR_MESSAGE_SCHEMA', 'prepare takes a room name, {room} or nothing.');
  }
  const { token } = request;
  if (!isTextOrAbsent(token, MAX_TOKEN_LENGTH)) {
    return refuse('ERR_MESSAGE_SCHEMA', 'token in prepare must be a text of limited length.');
  }
  const look = request.look === true;
  if (request.room === undefined || request.room === null) {
    return { ok: true, room: undefined, look, token };
  }
  const room = parseRoomName(request.room);
  return room === undefined ? BAD_ROOM_NAME : { ok: true, room, look, token };
}

/** Decodes the argument of `join`: a room name, or an object with a `room` and what may go with it. */
export function decodeJoin(value: unknown): JoinMessage | Refused {
  const request = requestOf(value);
  if (request === undefined || !('room' in request)) {
    return refuse('ERR_MESSAGE_SCHEMA', 'join needs a room name or {room, name}.');
  }
  const { name = '', features = [] } = request;
  if (typeof name !== 'string') {
    return refuse('ERR_MESSAGE_SCHEMA', 'The name in join must be text.');
  }
  if (!Array.isArray(features)) {
    return refuse('ERR_MESSAGE_SCHEMA', 'The features in join must be a list.');
  }
  const room = parseRoomName(request.room);
  if (room === undefined) return BAD_ROOM_NAME;
  const offer = checkPayload(request.offer);
  if (!offer.ok) return PAYLOAD_FAULTS[offer.reason];
  const keys = decodeKeys(request);
  if (!keys.ok) return keys;
  return {
    ...keys,
    ok: true,
    room,
    name: cleanDisplayName(name),
    features: knownFeatures(features),
    offer: offer.payload,
    bytes: offer.bytes,
  };
}

type Keys = Pick<JoinMessage, 'ok' | 'passcode' | 'token' | 'session'>;

/** What opens doors. */
function decodeKeys(request: { readonly [field: string]: unknown }): Keys | Refused {
  const { passcode, token, session } = request;
  const code = passcode === undefined ? undefined : parsePasscode(passcode);
  if (code === undefined && passcode !== undefined) {
    return refuse('ERR_MESSAGE_SCHEMA', 'The passcode in join must be a short text.');
  }
  if (!isTextOrAbsent(token, MAX_TOKEN_LENGTH) || !isTextOrAbsent(session, MAX_SESSION_LENGTH)) {
    return refuse(
      'ERR_MESSAGE_SCHEMA',
      'token and session in join must be texts of limited length.',
    );
  }
  return { ok: true, passcode: code, token, session };
}

/** Decodes the argument of `authenticate`. */
export function decodeToken(value: unknown): TokenMessage | Refused {
  if (isTextOrAbsent(value, MAX_TOKEN_LENGTH) && value !== undefined) {
    return { ok: true, token: value };
  }
  return refuse('ERR_MESSAGE_SCHEMA', 'authenticate needs an access token.');
}

function isTextOrAbsent(value: unknown, maxLength: number): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value.length <= maxLength);
}

/** Decodes the argument of `resume`. */
export function decodeResume(value: unknown): ResumeMessage | Refused {
  const { session, lastSeen, sent = 0 } = requestOf(value) ?? {};
  const isText = typeof session === 'string' && session.length <= MAX_SESSION_LENGTH;
  if (isText && isCount(lastSeen) && isCount(sent)) return { ok: true, session, lastSeen, sent };
  return refuse('ERR_MESSAGE_SCHEMA', 'resume needs {session, lastSeen, sent?}.');
}

/** Those features in a list of anything that the server knows. */
export function knownFeatures(names: readonly unknown[]): ReadonlySet<Feature> {
  return new Set(FEATURES.filter((feature) => names.includes(feature)));
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

/** What a request asks for; a bare text is short for the name of a room. */
function requestOf(value: unknown): { readonly [field: string]: unknown } | undefined {
  if (typeof value === 'string') return { room: value };
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
