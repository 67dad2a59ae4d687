/**
 * A sealed signal as it travels: `{sealed: {v, s, n, d}}`, a payload like any other to the server.
 * Pure codec.
 * @module
 */
import type { ParleyError, Payload } from '@parley/protocol';
import { isFields } from '../peer/media-state.ts';
import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { isSealed } from './envelope.ts';
import { privacyError } from './privacy-error.ts';
import type { PrivacyErrorCode } from './privacy-error.ts';

/** What a sealed signal consists of. */
export interface SealedSignal {
  /** Names the run of the sender, as base64url: 16 random bytes. */
  readonly salt: string;
  /** Number of the message in this run. */
  readonly counter: number;
  /** Ciphertext and tag. */
  readonly box: Uint8Array<ArrayBuffer>;
}

const VERSION = 1;

/** Writes a signal; three quarters of the largest payload fit in. */
export function encodeSealed({ salt, counter, box }: SealedSignal): Payload {
  return { sealed: { v: VERSION, s: salt, n: counter, d: encodeBase64url(box) } };
}

/** @throws {ParleyError} `ERR_SIGNAL_UNSEALED`, `ERR_SEAL_FORMAT` */
export function decodeSealed(payload: Payload): SealedSignal {
  if (!isSealed(payload)) {
    throw privacyError('ERR_SIGNAL_UNSEALED', 'The other side must open the link with its key.');
  }
  const fields = payload?.['sealed'];
  if (isFields(fields) && fields['v'] === VERSION) {
    const { s: salt, n: counter, d } = fields;
    const box = typeof d === 'string' ? decodeBase64url(d) : undefined;
    if (typeof salt === 'string' && isCounter(counter) && box !== undefined) {
      return { salt, counter, box };
    }
  }
  throw malformed();
}

/** The error for a seal that is none, outside or inside. */
export function malformed(cause?: unknown): ParleyError<PrivacyErrorCode> {
  return privacyError('ERR_SEAL_FORMAT', 'The seal is malformed, or of a newer version.', cause);
}

function isCounter(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
