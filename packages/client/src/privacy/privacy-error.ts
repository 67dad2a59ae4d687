/**
 * Errors of link keys, sealed signals and safety codes.
 * @module
 */
import { ParleyError } from '@parley/protocol';

/** Why a link, a signal or a connection cannot be trusted. Explained in docs/ERRORS.md. */
export type PrivacyErrorCode =
  | 'ERR_CRYPTO_UNAVAILABLE'
  | 'ERR_FINGERPRINT'
  | 'ERR_LINK_KEY'
  | 'ERR_SEAL_BROKEN'
  | 'ERR_SEAL_FORMAT'
  | 'ERR_SEAL_REPLAYED'
  | 'ERR_SIGNAL_SEALED'
  | 'ERR_SIGNAL_UNSEALED';

/** Builds an error of this folder. */
export function privacyError(
  code: PrivacyErrorCode,
  message: string,
  cause?: unknown,
): ParleyError<PrivacyErrorCode> {
  return new ParleyError(code, message, cause === undefined ? undefined : { cause });
}

/**
 * The cryptography of the browser, or of Node.
 * @throws {ParleyError} `ERR_CRYPTO_UNAVAILABLE`: browsers give it to secure pages only
 */
export function requireCrypto(): SubtleCrypto {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (subtle !== undefined) return subtle;
  throw privacyError('ERR_CRYPTO_UNAVAILABLE', 'Open this page by https:// or on localhost.');
}
