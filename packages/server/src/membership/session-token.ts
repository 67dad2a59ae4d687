/**
 * Tokens with which people come back into their rooms, also at a server that has just been started:
 * `base64url(json).base64url(hmac)`. The json names room, peer and the time of issue; it can be read
 * by anybody and made by nobody who does not have the secret.
 * Decoding is total: an untrusted token becomes claims or a refusal.
 * @module
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  cleanDisplayName,
  isPeerId,
  knownFeatures,
  MAX_SESSION_LENGTH,
  parseRoomName,
  refuse,
} from '@parley/protocol';
import type { Feature, PeerDescription, Refused, RoomName } from '@parley/protocol';
import { packGrant, unpackGrant } from '../access/grant.ts';
import type { Grant } from '../access/grant.ts';
import type { DoorClaims } from '../door/doors.ts';
import { packDoor, unpackDoor } from '../door/room-door.ts';

/** Who may come back where. */
export interface SessionClaims {
  readonly room: RoomName;
  readonly peer: PeerDescription;
  /** What the client said at the join that it knows how to do. */
  readonly features: ReadonlySet<Feature>;
  /** How the door was, and whether they held it. */
  readonly door?: DoorClaims | undefined;
  /** What their access token allowed. */
  readonly grant?: Grant | undefined;
  /** The process that has numbered what they were sent, where there are several. */
  readonly node?: string | undefined;
}

/** Claims whose signature is ours. */
export interface AcceptedClaims extends SessionClaims {
  readonly ok: true;
}

/** What tokens are made of. */
export interface SessionTokensOptions {
  /** The first one signs, all are accepted. */
  readonly secrets: readonly string[];
  readonly unixSeconds: () => number;
}

/** A day: longer than any call; every `resume` brings a fresh one. */
const LIFETIME_SECONDS = 86_400;
const TOKEN = /^(?<claims>[\w-]+)\.(?<signature>[\w-]+)$/;
/** Keeps these signatures apart from all others that may ever be made with the same secret. */
const PURPOSE = 'parley session\n';

const INVALID: Refused = refuse(
  'ERR_SESSION_INVALID',
  'This is no session of this server. Join the room again.',
);
/** Refusal of a session that is over. */
export const SESSION_EXPIRED: Refused = refuse(
  'ERR_SESSION_EXPIRED',
  'This session has ended. Join the room again.',
);

/** Makes and reads the tokens of one server. */
export class SessionTokens {
  readonly #options: SessionTokensOptions;

  constructor(options: SessionTokensOptions) {
    this.#options = options;
  }

  issue({ room, peer: { id, name }, features, door, grant, node }: SessionClaims): string {
    const { secrets, unixSeconds } = this.#options;
    const json = JSON.stringify({
      room,
      id,
      name,
      can: [...features],
      at: unixSeconds(),
      ...(door && { door: packDoor(door.record), holds: door.holds }),
      ...(grant && { grant: packGrant(grant) }),
      ...(node !== undefined && { node }),
    });
    const claims = Buffer.from(json).toString('base64url');
    return `${claims}.${sign(claims, secrets[0] ?? '').toString('base64url')}`;
  }

  read(token: string): AcceptedClaims | Refused {
    if (token.length > MAX_SESSION_LENGTH) return INVALID;
    const { claims = '', signature = '' } = TOKEN.exec(token)?.groups ?? {};
    if (!this.#isOurs(claims, Buffer.from(signature, 'base64url'))) return INVALID;
    return this.#judge(parseJson(Buffer.from(claims, 'base64url').toString('utf8')));
  }

  #isOurs(claims: string, signature: Buffer): boolean {
    return this.#options.secrets.some((secret) => {
      const expected = sign(claims, secret);
      return expected.length === signature.length && timingSafeEqual(expected, signature);
    });
  }

  #judge(claims: unknown): AcceptedClaims | Refused {
    if (!isRecord(claims)) return INVALID;
    const { id, name, can, at } = claims;
    const room = parseRoomName(claims['room']);
    if (room === undefined || !isPeerId(id) || typeof name !== 'string') return INVALID;
    if (typeof at !== 'number' || !Array.isArray(can)) return INVALID;
    if (this.#options.unixSeconds() >= at + LIFETIME_SECONDS) return SESSION_EXPIRED;
    const peer = { id, name: cleanDisplayName(name) };
    const record = unpackDoor(claims['door']);
    const door = record && { record, holds: claims['holds'] === true };
    const grant = unpackGrant(claims['grant']);
    const node = typeof claims['node'] === 'string' ? claims['node'] : undefined;
    return { ok: true, room, peer, features: knownFeatures(can), door, grant, node };
  }
}

function sign(claims: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(PURPOSE).update(claims).digest();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
