/**
 * Errors that arise in the client itself; those of the server carry the server's code.
 * @module
 */
import { ParleyError } from '@parley/protocol';
import type { Refusal, SignalingErrorCode } from '@parley/protocol';
import type { PrivacyErrorCode } from './privacy/privacy-error.ts';

/** Why the client could not do what it was asked for. Explained in docs/ERRORS.md. */
export type ClientErrorCode =
  | 'ERR_OPTIONS'
  | 'ERR_AUTH'
  | 'ERR_CLIENT_CLOSED'
  | 'ERR_SDK_LOAD'
  | 'ERR_SERVER_UNREACHABLE'
  | 'ERR_SERVER_TIMEOUT'
  | 'ERR_WEBRTC_UNSUPPORTED';

/** What `prepare()` and `join()` reject with, besides the reason of an `AbortSignal`. */
export type JoinError = ParleyError<ClientErrorCode | PrivacyErrorCode | SignalingErrorCode>;

/** Builds an error of the client. */
export function clientError(
  code: ClientErrorCode,
  message: string,
  cause?: unknown,
): ParleyError<ClientErrorCode> {
  return new ParleyError(code, message, cause === undefined ? undefined : { cause });
}

/** Whether somebody inside has to decide first. */
export function isKnockWaiting(error: unknown): boolean {
  return error instanceof ParleyError && error.code === 'ERR_KNOCK_WAITING';
}

/** The error for what the server refused. */
export function refusalError(refusal: Refusal): ParleyError<SignalingErrorCode> {
  return new ParleyError(refusal.code, refusal.message);
}
