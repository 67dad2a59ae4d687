/**
 * What an access token means to a look at a server: where it leads, and why it does not. Pure.
 * @module
 */
import type { SignalingErrorCode } from '@parley/protocol';
import { decodeJwt } from 'jose';
import { failed, warned } from './check.ts';
import type { Check } from './check.ts';

/** The only room that the token opens; `undefined`: any. Whether the token is good, the server says. */
export function roomOfToken(token: string): string | undefined {
  try {
    const { room } = decodeJwt(token);
    return typeof room === 'string' ? room : undefined;
  } catch {
    return undefined;
  }
}

const NAME = 'access token';

/** A row for each way in which a server can be unhappy with a token. */
const ROWS: ReadonlyMap<SignalingErrorCode, Check> = new Map([
  [
    'ERR_TOKEN_WANTED',
    warned(
      NAME,
      'asked for; without one the relay is not tested',
      'Show one: "PARLEY_ACCESS_TOKEN=TOKEN parley doctor URL". POST /api/tokens makes them (docs/ACCESS.md).',
    ),
  ],
  [
    'ERR_TOKEN_EXPIRED',
    failed(
      NAME,
      'ended',
      'Take a fresh one. If it is fresh, set the clock where it was made: "sudo timedatectl set-ntp true".',
    ),
  ],
  [
    'ERR_TOKEN_USED',
    failed(
      NAME,
      'used',
      'Take another one: it was good for one join, or its bearer was sent away.',
    ),
  ],
  [
    'ERR_TOKEN_INVALID',
    failed(
      NAME,
      'not accepted',
      'Sign it with the key in PARLEY_AUTH_SECRET or with one of --auth-jwks, say in "exp" when it ends, and in "iss" and "aud" what --auth-issuer and --auth-audience ask for.',
    ),
  ],
]);

/** The row for a server that lets nobody in because of their token; `undefined` when it is for another reason. */
export function checkAccess(code: SignalingErrorCode | undefined): Check | undefined {
  return code && ROWS.get(code);
}
