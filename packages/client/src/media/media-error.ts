/**
 * Why a camera, a microphone or a shared screen did not start, in a form an application can act on.
 * @module
 */
import { ParleyError } from '@parley/protocol';
import type { Source } from './source.ts';

/** Every way in which a device can fail. Explained in docs/ERRORS.md. */
export type MediaErrorCode =
  | 'ERR_MEDIA_DENIED_BY_BROWSER'
  | 'ERR_MEDIA_DENIED_BY_SYSTEM'
  | 'ERR_MEDIA_IN_USE'
  | 'ERR_MEDIA_NOT_FOUND'
  | 'ERR_MEDIA_OVERCONSTRAINED'
  | 'ERR_MEDIA_INSECURE_ORIGIN'
  | 'ERR_MEDIA_UNSUPPORTED'
  | 'ERR_MEDIA_UNKNOWN';

/** A device or the screen failed: `code` says how, `source` which one, `message` what to do. */
export class MediaError extends ParleyError<MediaErrorCode> {
  override readonly name: string = 'MediaError';
  readonly source: Source;

  constructor(code: MediaErrorCode, source: Source, message: string, cause?: unknown) {
    super(code, message, cause === undefined ? undefined : { cause });
    this.source = source;
  }
}

/** Whatever else went wrong on the way to a device. */
export function asMediaError(cause: unknown, source: Source): MediaError {
  if (cause instanceof MediaError) return cause;
  const message = `The ${source} did not start. Reload the page and try again.`;
  return new MediaError('ERR_MEDIA_UNKNOWN', source, message, cause);
}
