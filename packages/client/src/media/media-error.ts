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

  constructor(
    code: MediaErrorCode,
    source: Source,
    cause?: unknown,
    sentence: string = SENTENCES[code](source),
  ) {
    super(code, sentence, cause === undefined ? undefined : { cause });
    this.source = source;
  }
}

const SENTENCES: { readonly [C in MediaErrorCode]: (source: Source) => string } = {
  ERR_MEDIA_DENIED_BY_BROWSER: (source) =>
    `This page may not use the ${source}. Allow it in the address bar, then try again.`,
  ERR_MEDIA_DENIED_BY_SYSTEM: (source) =>
    `The operating system keeps the browser from the ${source}. Allow it in the privacy settings of this device, then try again.`,
  ERR_MEDIA_IN_USE: (source) =>
    `The ${source} is used by another application or did not start. Close what uses it, then try again.`,
  ERR_MEDIA_NOT_FOUND: (source) =>
    `There is no ${source}, or it has been unplugged. Connect one, then try again.`,
  ERR_MEDIA_OVERCONSTRAINED: (source) =>
    `The chosen ${source} is not connected any more. Choose another one.`,
  ERR_MEDIA_INSECURE_ORIGIN: (source) =>
    `Browsers give the ${source} to secure pages only. Open this page by https:// or on localhost.`,
  ERR_MEDIA_UNSUPPORTED: (source) => `This browser has no ${source}.`,
  ERR_MEDIA_UNKNOWN: (source) => `The ${source} did not start. Reload the page and try again.`,
};

/** Whatever else went wrong on the way to a device. */
export function asMediaError(cause: unknown, source: Source): MediaError {
  return cause instanceof MediaError ? cause : new MediaError('ERR_MEDIA_UNKNOWN', source, cause);
}
