/**
 * Access tokens of applications: JSON Web Tokens, signed with a key that the application shares with
 * this server, or by an identity provider whose public keys are fetched.
 * Which algorithms count is decided here, never by the token.
 * Rules: docs/SPEC-signaling.md, TOKEN-1 and the following.
 * @see https://www.rfc-editor.org/rfc/rfc8725#section-3
 * @module
 */
import { createHash } from 'node:crypto';
import { cleanDisplayName, isRole, parseRoomName, refuse } from '@parley/protocol';
import type { Refused, Role, RoomName } from '@parley/protocol';
import { createRemoteJWKSet, errors, jwtVerify, SignJWT } from 'jose';
import type { JWTPayload, JWTVerifyOptions, JWTVerifyResult } from 'jose';
import type { AuthOptions } from './auth-options.ts';
import type { Grant } from './grant.ts';

/** What access tokens are read with. */
export interface AccessTokensOptions {
  readonly auth: AuthOptions;
  readonly unixSeconds: () => number;
  /** A token is good for nothing any more. @default nobody wants to know */
  readonly onSpent?: (spent: SpentToken) => void;
}

/** A token that is not accepted any more, and when it ends anyhow. */
export type SpentToken = Pick<Grant, 'tokenKey' | 'endsAtSeconds'>;

/** A token that lets its bearer into the room they asked for. */
export interface Granted extends Grant {
  readonly ok: true;
  /** Replaces the name that the client says. */
  readonly name: string | undefined;
  /** The token is good for one join. */
  readonly isOnce: boolean;
}

/** What a token is to say. */
export interface TokenRequest {
  readonly room: RoomName;
  /** Empty: the person says it. */
  readonly name: string;
  readonly role: Role | undefined;
  readonly ttlSeconds: number;
  readonly once: boolean;
  readonly id: string;
}

/** Clocks of two machines differ a little. */
const CLOCK_TOLERANCE_SECONDS = 5;
const SHARED_KEY_ALGORITHMS = ['HS256'];
/** No `none`, and no HMAC: a public key must never be taken for a shared one. */
const PUBLIC_KEY_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'];
/** Spent and revoked tokens are remembered until they end; beyond so many no other one is taken. */
const MAX_REMEMBERED = 100_000;
const KEY_CHARACTERS = 22;

const WANTED: Refused = refuse(
  'ERR_TOKEN_WANTED',
  'This server asks for an access token. Join with {room, token}.',
);
const INVALID: Refused = refuse(
  'ERR_TOKEN_INVALID',
  'The access token is not one that this server accepts. Ask the application for another one.',
);
const EXPIRED: Refused = refuse(
  'ERR_TOKEN_EXPIRED',
  'The access token has ended. Ask the application for another one.',
);
const OTHER_ROOM: Refused = refuse('ERR_TOKEN_ROOM', 'The access token is for another room.');
const USED: Refused = refuse(
  'ERR_TOKEN_USED',
  'The access token was good for one join, or its bearer was sent away. Ask for another one.',
);

/** Reads and makes the access tokens of one server. */
export class AccessTokens {
  readonly isRequired: boolean;
  readonly #options: AccessTokensOptions;
  readonly #secret: Uint8Array | undefined;
  readonly #keySet: ReturnType<typeof createRemoteJWKSet> | undefined;
  /** Keys of tokens that are not accepted any more, and when they end anyhow. */
  readonly #spent = new Map<string, number>();

  constructor(options: AccessTokensOptions) {
    const { secret, jwksUrl, required = true } = options.auth;
    this.#options = options;
    this.isRequired = required;
    this.#secret = secret === undefined ? undefined : new TextEncoder().encode(secret);
    this.#keySet = jwksUrl === undefined ? undefined : createRemoteJWKSet(new URL(jwksUrl));
  }

  /** What the token allows in this room; nothing is spent yet. Never rejects. */
  async check(token: string | undefined, room: RoomName): Promise<Granted | Refused> {
    if (token === undefined) return WANTED;
    try {
      const { payload } = await this.#verify(token);
      return this.#judge(token, payload, room);
    } catch (error) {
      return error instanceof errors.JWTExpired ? EXPIRED : INVALID;
    }
  }

  /** Their bearer comes in. Refused when somebody was faster with the same token. */
  spend(granted: Granted): Refused | undefined {
    if (this.#spent.has(granted.tokenKey)) return USED;
    if (!granted.isOnce) return undefined;
    if (!this.#remember(granted)) return USED;
    this.#options.onSpent?.(granted);
    return undefined;
  }

  /** The token is good for nothing from now on. */
  revoke(grant: Grant): void {
    this.#remember(grant);
    this.#options.onSpent?.(grant);
  }

  /** The same, said by another node. */
  noteSpent(spent: SpentToken): void {
    this.#remember(spent);
  }

  /** Tokens that are not accepted any more, for a node that has just come. */
  *spent(): Iterable<SpentToken> {
    const now = this.#options.unixSeconds() - CLOCK_TOLERANCE_SECONDS;
    for (const [tokenKey, endsAtSeconds] of this.#spent) {
      if (endsAtSeconds >= now) yield { tokenKey, endsAtSeconds };
    }
  }

  /** A token signed with the shared key. @throws {TypeError} when there is none */
  async issue({ room, name, role, ttlSeconds, once, id }: TokenRequest): Promise<string> {
    if (this.#secret === undefined) throw new TypeError('There is no key to sign with.');
    const { issuer, audience } = this.#options.auth;
    const now = this.#options.unixSeconds();
    const jwt = new SignJWT({
      room,
      ...(name !== '' && { name }),
      ...(role && { role }),
      ...(once && { once }),
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuedAt(now)
      .setExpirationTime(now + ttlSeconds)
      .setJti(id);
    if (issuer !== undefined) jwt.setIssuer(issuer);
    if (audience !== undefined) jwt.setAudience(audience);
    return jwt.sign(this.#secret);
  }

  /** Each kind of key is tried with its own algorithms only. */
  async #verify(token: string): Promise<JWTVerifyResult> {
    const { issuer, audience } = this.#options.auth;
    const options: JWTVerifyOptions = {
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(this.#options.unixSeconds() * 1000),
      requiredClaims: ['exp'],
      ...(issuer !== undefined && { issuer }),
      ...(audience !== undefined && { audience }),
    };
    if (this.#secret !== undefined && !(this.#keySet !== undefined && isPublicKeyToken(token))) {
      return jwtVerify(token, this.#secret, { ...options, algorithms: SHARED_KEY_ALGORITHMS });
    }
    if (this.#keySet === undefined) throw new TypeError('There is no key to verify with.');
    return jwtVerify(token, this.#keySet, { ...options, algorithms: PUBLIC_KEY_ALGORITHMS });
  }

  #judge(token: string, payload: JWTPayload, room: RoomName): Granted | Refused {
    const { exp = 0, sub, jti } = payload;
    const { room: named, name, role, once } = payload;
    if (named !== undefined && parseRoomName(named) !== room) return OTHER_ROOM;
    const isOnce = once === true;
    if (isOnce && jti === undefined) return INVALID;
    const tokenKey = keyOf(isOnce ? `jti ${payload.iss} ${jti}` : `token ${token}`);
    if (this.#spent.has(tokenKey)) return USED;
    return {
      ok: true,
      standing: isRole(role) ? role : undefined,
      endsAtSeconds: exp,
      tokenKey,
      subjectKey: sub === undefined ? '' : keyOf(`subject ${payload.iss} ${sub}`),
      name: typeof name === 'string' ? cleanDisplayName(name) : undefined,
      isOnce,
    };
  }

  #remember({ tokenKey, endsAtSeconds }: SpentToken): boolean {
    const now = this.#options.unixSeconds() - CLOCK_TOLERANCE_SECONDS;
    if (this.#spent.size >= MAX_REMEMBERED) {
      for (const [key, end] of this.#spent) if (end < now) this.#spent.delete(key);
    }
    if (this.#spent.size >= MAX_REMEMBERED) return false;
    this.#spent.set(tokenKey, endsAtSeconds);
    return true;
  }
}

/** Only chooses between two kinds of keys, each of which insists on its own algorithms. */
function isPublicKeyToken(token: string): boolean {
  const header = Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString('latin1');
  return PUBLIC_KEY_ALGORITHMS.some((algorithm) => header.includes(`"${algorithm}"`));
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, KEY_CHARACTERS);
}
