/**
 * `POST /api/tokens`: makes access tokens for an application that shows the API key. The body is JSON:
 * `{room, name?, role?, ttlSeconds?, once?}`; the answer is `{token, expiresAt}`.
 * Rules: docs/SPEC-signaling.md, TOKEN-20 and the following.
 * @module
 */
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { cleanDisplayName, isRole, parseRoomName } from '@parley/protocol';
import type { Clock } from '../clock.ts';
import { addressKey } from '../door/address-key.ts';
import { Attempts } from '../door/attempts.ts';
import type { AccessTokens, TokenRequest } from './access-tokens.ts';

/** What the handler works with. */
export interface TokenHandlerOptions {
  readonly access: AccessTokens;
  readonly apiKey: string;
  /** Where a request comes from. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly clock: Pick<Clock, 'now' | 'unixSeconds'>;
}

const MAX_BODY_LENGTH = 4096;
const DEFAULT_TTL_SECONDS = 3600;
const MAX_TTL_SECONDS = 86_400;
/** Wrong keys of one address. */
const WRONG_KEYS = { burst: 10, perSecond: 0.1 };
const BEARER = /^Bearer (?<key>[\x21-\x7e]{1,512})$/i;

/** Makes the handler of this one address. */
export function createTokenHandler(options: TokenHandlerOptions): RequestListener {
  const { access, apiKey, addressOf, clock } = options;
  const wrongKeys = new Attempts(WRONG_KEYS, clock.now);
  const expected = digest(apiKey);
  return (request, response) => {
    const address = addressKey(addressOf(request));
    if (!wrongKeys.take(address)) return answer(response, 429, { error: 'Too many wrong keys.' });
    const { key = '' } = BEARER.exec(request.headers.authorization ?? '')?.groups ?? {};
    if (!timingSafeEqual(digest(key), expected)) {
      response.setHeader('WWW-Authenticate', 'Bearer');
      return answer(response, 401, { error: 'Send the API key: Authorization: Bearer <key>.' });
    }
    wrongKeys.giveBack(address);
    readBody(request, (text) => {
      if (text === undefined) return answer(response, 413, { error: 'The body is too long.' });
      const wanted = decodeTokenRequest(text);
      if (typeof wanted === 'string') return answer(response, 400, { error: wanted });
      const expiresAt = clock.unixSeconds() + wanted.ttlSeconds;
      void access.issue(wanted).then((token) => answer(response, 201, { token, expiresAt }));
    });
  };
}

/** What the application wants, or what is wrong with that. Total. */
export function decodeTokenRequest(text: string): TokenRequest | string {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return 'The body must be a JSON object.';
  const fields: { readonly [field: string]: unknown } = { ...value };
  const { name = '', role, ttlSeconds = DEFAULT_TTL_SECONDS, once = false } = fields;
  const room = parseRoomName(fields['room']);
  if (room === undefined) return 'room must be the name of a room.';
  if (typeof name !== 'string') return 'name must be text.';
  if (role !== undefined && !isRole(role)) return 'role must be "host" or "guest".';
  if (typeof once !== 'boolean') return 'once must be true or false.';
  if (!isLifetime(ttlSeconds)) return `ttlSeconds must be 1 to ${MAX_TTL_SECONDS}.`;
  return { room, name: cleanDisplayName(name), role, ttlSeconds, once, id: randomUUID() };
}

function isLifetime(value: unknown): value is number {
  return (
    typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_TTL_SECONDS
  );
}

/** Calls back once, with nothing when there is more than an honest application sends. */
function readBody(request: IncomingMessage, done: (text: string | undefined) => void): void {
  let text = '';
  let isDone = false;
  const finish = (result: string | undefined): void => {
    if (isDone) return;
    isDone = true;
    done(result);
  };
  request.setEncoding('utf8');
  request.on('data', (piece: string) => {
    if (text.length + piece.length > MAX_BODY_LENGTH) finish(undefined);
    else text += piece;
  });
  request.on('end', () => finish(text));
}

function answer(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) return;
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    // What was not read of the request is not waited for.
    ...(status >= 400 && { Connection: 'close' }),
  });
  response.end(text);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
