/**
 * Settings of who may come in: access tokens and limits.
 * @module
 */
import { ParleyError } from '@parley/protocol';
import type { ServerOptions } from '../options.ts';

/** One setting of who may come in. */
export interface AccessSetting {
  readonly flag?: string;
  readonly variable: string;
  readonly value: string;
  readonly help: string;
  readonly read: (texts: readonly string[]) => ServerOptions;
}

/** In the order in which help lists them. */
export const ACCESS_SETTINGS: readonly AccessSetting[] = [
  {
    flag: 'max-rooms',
    variable: 'PARLEY_MAX_ROOMS',
    value: 'NUMBER',
    help: 'rooms at the same time (10000)',
    read: (texts) => ({ maxRooms: count(last(texts)) }),
  },
  {
    flag: 'max-connections',
    variable: 'PARLEY_MAX_CONNECTIONS',
    value: 'NUMBER',
    help: 'connections of one address (256)',
    read: (texts) => ({ maxConnectionsPerAddress: count(last(texts)) }),
  },
  {
    flag: 'auth-jwks',
    variable: 'PARLEY_AUTH_JWKS',
    value: 'URL',
    help: 'keys that access tokens are signed with (none)',
    read: (texts) => ({ auth: { jwksUrl: last(texts) } }),
  },
  {
    flag: 'auth-issuer',
    variable: 'PARLEY_AUTH_ISSUER',
    value: 'TEXT',
    help: 'who must have made access tokens, "iss" (anybody)',
    read: (texts) => ({ auth: { issuer: last(texts) } }),
  },
  {
    flag: 'auth-audience',
    variable: 'PARLEY_AUTH_AUDIENCE',
    value: 'TEXT',
    help: 'whom access tokens must be for, "aud" (anybody)',
    read: (texts) => ({ auth: { audience: last(texts) } }),
  },
  {
    flag: 'auth-required',
    variable: 'PARLEY_AUTH_REQUIRED',
    value: 'yes|no',
    help: 'no: who has no access token may come in, too (yes)',
    read: (texts) => ({ auth: { required: yesOrNo(last(texts)) } }),
  },
  {
    variable: 'PARLEY_AUTH_SECRET',
    value: 'TEXT',
    help: 'key (HS256) that an application signs access tokens with',
    read: (texts) => ({ auth: { secret: last(texts) } }),
  },
  {
    variable: 'PARLEY_API_KEY',
    value: 'TEXT',
    help: 'key for POST /api/tokens, where applications get tokens',
    read: (texts) => ({ auth: { apiKey: last(texts) } }),
  },
];

/** Options whose `auth` was set piece by piece, in one. */
export function mergeAuth(parts: readonly (ServerOptions | undefined)[]): ServerOptions {
  const pieces = parts.flatMap((part) => part?.auth ?? []);
  return pieces.length === 0 ? {} : { auth: Object.assign({}, ...pieces) };
}

function last(texts: readonly string[]): string {
  return texts.at(-1) ?? '';
}

function count(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new ParleyError('ERR_OPTIONS', `a whole number is needed, got "${text}"`);
}

function yesOrNo(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes';
  throw new ParleyError('ERR_OPTIONS', `yes or no is needed, got "${text}"`);
}
