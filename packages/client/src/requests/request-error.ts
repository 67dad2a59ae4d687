/**
 * Errors of requests to other people.
 * @module
 */
import { ParleyError } from '@parley/protocol';

const MESSAGES = {
  ERR_REQUEST_BACKLOG: 'This peer has too many of our requests to answer. Await them.',
  ERR_REQUEST_CANCELLED: 'The other side does not wait for the answer any more.',
  ERR_REQUEST_FAILED: 'The page of the peer failed on this request.',
  ERR_REQUEST_TIMEOUT: 'The peer has not answered in time.',
  ERR_REQUEST_UNHANDLED: 'The page of the peer answers no requests of this name.',
} as const;

/** Why a request was not answered. Explained in docs/ERRORS.md. */
export type RequestErrorCode = keyof typeof MESSAGES;

/** Builds the error for a code. */
export function requestError(code: RequestErrorCode): ParleyError<RequestErrorCode> {
  return new ParleyError(code, MESSAGES[code]);
}

/** The error for a code that the other side gave, which may be one of the application. */
export function remoteError(code: string): ParleyError {
  const message = isRequestErrorCode(code) ? MESSAGES[code] : 'The peer refused this request.';
  return new ParleyError(code, message);
}

function isRequestErrorCode(code: string): code is RequestErrorCode {
  return Object.hasOwn(MESSAGES, code);
}
