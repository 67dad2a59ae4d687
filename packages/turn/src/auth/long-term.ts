/**
 * The long-term credential mechanism, server side: who sent this request?
 *
 * The checks of RFC 8489 section 9.2.4, in its order, with three decisions of ours:
 * - An unknown name, a wrong password and an expired one get the same 401 after the same work.
 * - An Allocate may show a nonce that was given to another port of its host. Chromium tries a
 *   refused Allocate (437) again from a new socket with the nonce of the old one, and gives up on a
 *   438 there. Every other request has to come from where its nonce was given out.
 * - Credentials that expired are good for the allocation they made for as long as the caller of
 *   this module says so, and for nothing else: a call outlives them, a new one does not start.
 *
 * Stores nothing before an integrity value was verified.
 * @see https://www.rfc-editor.org/rfc/rfc8489#section-9.2.4
 * @module
 */
import { randomBytes } from 'node:crypto';
import { ATTRIBUTE } from '../wire/attribute-type.ts';
import { appendIntegrity, verifyIntegrity } from '../wire/integrity.ts';
import type { IntegrityHash } from '../wire/integrity.ts';
import { IntegrityKey } from '../wire/integrity-key.ts';
import type { PasswordAlgorithm } from '../wire/integrity-key.ts';
import { ABSENT } from '../wire/message-reader.ts';
import type { MessageReader } from '../wire/message-reader.ts';
import { METHOD } from '../wire/message-type.ts';
import type { MessageWriter } from '../wire/message-writer.ts';
import { appendPasswordAlgorithms, decodePasswordAlgorithm } from '../wire/password-algorithm.ts';
import { StunDecodeError } from '../wire/stun-decode-error.ts';
import { decodeText } from '../wire/text-attribute.ts';
import type { TransportAddress } from '../wire/transport-address.ts';
import type { Account, Credentials } from './credentials.ts';
import { NonceMint, offersPasswordAlgorithms } from './nonce.ts';

const USERHASH_BYTES = 32;

/** How requests are authenticated. */
export interface LongTermAuthOptions {
  readonly credentials: Credentials;
  /** How long nonces live. @default one hour */
  readonly nonceLifeMs?: number;
  /** Key of nonces, for several servers that accept each other's. @default random, and changing */
  readonly nonceKey?: Buffer;
  /** Source of keys. @default the one of `node:crypto` */
  readonly randomBytes?: (size: number) => Buffer;
}

/** What the request itself does not say. */
export interface AuthContext {
  /** Time that never goes back. */
  readonly nowMs: number;
  /** Seconds since 1970. */
  readonly unixSeconds: number;
  readonly from: TransportAddress;
  /**
   * User name of the allocation this request belongs to, if that one may outlive its credentials:
   * its peer is still in the room. `undefined` in any other case.
   */
  readonly holder: string | undefined;
}

/** A request somebody is responsible for. */
export interface Authenticated {
  readonly ok: true;
  readonly username: string;
  readonly room: string;
  readonly peer: string;
  readonly expiresAtSeconds: number;
  /** What the answer is to be protected with: see {@link appendProtection}. */
  readonly key: IntegrityKey;
  readonly hash: IntegrityHash;
}

/** Why a request was refused; for counters and limits, never for the answer. */
export type AuthFailure =
  | 'no-credentials'
  | 'malformed'
  | 'wrong-credentials'
  | 'expired'
  | 'stale-nonce';

/** A request to be answered with an error, without integrity. */
export interface Unauthenticated {
  readonly ok: false;
  readonly code: 400 | 401 | 438;
  /** True when the answer has to tell how to do better: see {@link LongTermAuth.appendChallenge}. */
  readonly challenge: boolean;
  readonly reason: AuthFailure;
}

/** The table of refusals: code and challenge follow from the reason. */
const REFUSALS: { readonly [R in AuthFailure]: Unauthenticated } = {
  'no-credentials': { ok: false, code: 401, challenge: true, reason: 'no-credentials' },
  malformed: { ok: false, code: 400, challenge: false, reason: 'malformed' },
  'wrong-credentials': { ok: false, code: 401, challenge: true, reason: 'wrong-credentials' },
  expired: { ok: false, code: 401, challenge: true, reason: 'expired' },
  'stale-nonce': { ok: false, code: 438, challenge: true, reason: 'stale-nonce' },
};

/** What a protected request claims. */
interface Claim {
  readonly account: Account | 'nobody';
  readonly nonce: Buffer;
  readonly algorithm: PasswordAlgorithm;
  /** Which integrity attribute decides. */
  readonly hash: IntegrityHash;
  /** Which one the answer carries. */
  readonly answerHash: IntegrityHash;
}

/** Authenticates requests; never throws, whatever they hold. */
export class LongTermAuth {
  readonly #credentials: Credentials;
  readonly #nonces: NonceMint;
  readonly #nobodysKey: IntegrityKey;

  /** @throws {RangeError} when `nonceLifeMs` is too short. */
  constructor(options: LongTermAuthOptions) {
    const { credentials, nonceLifeMs, nonceKey } = options;
    const random = options.randomBytes ?? randomBytes;
    this.#credentials = credentials;
    this.#nonces = new NonceMint({
      features: { passwordAlgorithms: true, usernameAnonymity: credentials.knowsUserhashes },
      ...(nonceLifeMs === undefined ? {} : { lifeMs: nonceLifeMs }),
      randomBytes: nonceKey === undefined ? random : () => nonceKey,
    });
    this.#nobodysKey = new IntegrityKey(random(32));
  }

  /** Who sent `request`, or what to answer instead. Not for indications: they carry no proof. */
  authenticate(request: MessageReader, context: AuthContext): Authenticated | Unauthenticated {
    if (request.integrityAt === ABSENT && request.integritySha256At === ABSENT) {
      return REFUSALS['no-credentials'];
    }
    const claim = this.#readClaim(request);
    if (claim === undefined) return REFUSALS.malformed;
    const { account } = claim;
    const key = this.#findKey(request, claim);
    if (account === 'nobody' || key === undefined) return REFUSALS['wrong-credentials'];
    if (!isInTime(account, request.method, context)) return REFUSALS.expired;
    if (!this.#isNonceGood(claim.nonce, request.method, context)) return REFUSALS['stale-nonce'];
    account.confirm(claim.algorithm, key);
    const { username, room, peer, expiresAtSeconds } = account;
    return { ok: true, username, room, peer, expiresAtSeconds, key, hash: claim.answerHash };
  }

  /** Appends REALM, NONCE and PASSWORD-ALGORITHMS for a client at `from`. Returns the nonce. */
  appendChallenge(writer: MessageWriter, nowMs: number, from: TransportAddress): string {
    const nonce = this.#nonces.mint(nowMs, from);
    writer.appendText(ATTRIBUTE.realm, this.#credentials.realm);
    writer.appendText(ATTRIBUTE.nonce, nonce);
    appendPasswordAlgorithms(writer);
    return nonce;
  }

  /** What the request claims, or `undefined` when it cannot be understood. */
  #readClaim(request: MessageReader): Claim | undefined {
    const nonce = request.value(ATTRIBUTE.nonce);
    if (nonce === undefined || !request.has(ATTRIBUTE.realm)) return undefined;
    const said = offersPasswordAlgorithms(nonce) ? decodePasswordAlgorithm(request) : 'unsaid';
    const account = this.#findAccount(request);
    if (said === 'invalid' || account === undefined) return undefined;
    return {
      account,
      nonce,
      algorithm: said === 'unsaid' ? 'md5' : said,
      hash: request.integritySha256At === ABSENT ? 'sha1' : 'sha256',
      answerHash: said === 'unsaid' ? 'sha1' : 'sha256',
    };
  }

  /** The account named; `nobody` when there is none; `undefined` when none is named properly. */
  #findAccount(request: MessageReader): Account | 'nobody' | undefined {
    try {
      const username = decodeText(request, 'username');
      if (username !== undefined) return this.#credentials.find(username) ?? 'nobody';
    } catch (error) {
      if (error instanceof StunDecodeError) return undefined;
      throw error;
    }
    const userhash = request.value(ATTRIBUTE.userhash);
    if (userhash?.length !== USERHASH_BYTES) return undefined;
    return this.#credentials.findByUserhash(userhash) ?? 'nobody';
  }

  /** The key that fits. Works as hard for an account that does not exist. */
  #findKey(request: MessageReader, claim: Claim): IntegrityKey | undefined {
    const { account, algorithm, hash } = claim;
    const keys = account === 'nobody' ? [this.#nobodysKey] : account.keys(algorithm);
    return keys.find((key) => verifyIntegrity(request, hash, key));
  }

  #isNonceGood(nonce: Buffer, method: number, { nowMs, from }: AuthContext): boolean {
    const verdict = this.#nonces.check(nowMs, from, nonce);
    return verdict === 'valid' || (verdict === 'moved' && method === METHOD.allocate);
  }
}

function isInTime(account: Account, method: number, context: AuthContext): boolean {
  if (context.unixSeconds < account.expiresAtSeconds) return true;
  return method !== METHOD.allocate && account.username === context.holder;
}

/** The nonce a request shows, whatever it is worth; empty when it has none. */
export function shownNonce(request: MessageReader): string {
  return request.value(ATTRIBUTE.nonce)?.toString('latin1') ?? '';
}

/** Appends the integrity attribute that an answer to `auth` has to carry, success or error alike. */
export function appendProtection(writer: MessageWriter, auth: Authenticated): void {
  appendIntegrity(writer, auth.hash, auth.key);
}
