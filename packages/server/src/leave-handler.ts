/**
 * `POST /leave`: the goodbye of a page that is being closed, sent by `navigator.sendBeacon`. The body
 * is the session token as plain text, so that pages of other origins may send it too.
 * @module
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { MAX_SESSION_LENGTH } from '@parley/protocol';
import type { Now } from './clock.ts';
import { TokenBucket } from './token-bucket.ts';
import type { RateLimit } from './token-bucket.ts';

/** What the handler works with. */
export interface LeaveHandlerOptions {
  /** Takes whoever the token names out of their room; false when the token says nothing. */
  readonly leave: (token: string) => boolean;
  readonly now: Now;
  /** Of all pages together. @default {@link RATE_LIMIT} */
  readonly rateLimit?: RateLimit;
}

/** A crowd that leaves at once gets through; a flood costs no more than this. */
const RATE_LIMIT: RateLimit = { burst: 500, perSecond: 200 };

/** Makes the handler. Nobody reads its answers but people who look for a mistake. */
export function createLeaveHandler(options: LeaveHandlerOptions): RequestListener {
  const { leave, now, rateLimit = RATE_LIMIT } = options;
  const budget = new TokenBucket(rateLimit, now);
  return (request, response) => {
    if (!budget.take()) return refuse(request, response, 429);
    let token = '';
    request.setEncoding('latin1');
    request.on('data', (text: string) => {
      token += text;
      if (token.length > MAX_SESSION_LENGTH) refuse(request, response, 413);
    });
    request.on('end', () => {
      if (!response.headersSent) response.writeHead(leave(token) ? 204 : 403).end();
    });
  };
}

/** Does not wait for the rest. */
function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
  if (response.headersSent) return;
  request.removeAllListeners('data');
  request.resume();
  response.writeHead(status, { Connection: 'close' }).end();
}
