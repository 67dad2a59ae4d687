/**
 * Turns what browsers throw into a MediaError. Pure mapping; what they throw was collected from current
 * Chrome, Firefox and Safari and their older names.
 * @see https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia
 * @module
 */
import { asMediaError, MediaError } from './media-error.ts';
import type { MediaErrorCode } from './media-error.ts';
import type { Source } from './source.ts';

/** `DOMException.name` to code; the second line of each pair is what browsers said before 2018. */
const CODES: ReadonlyMap<string, MediaErrorCode> = new Map([
  ['NotAllowedError', 'ERR_MEDIA_DENIED_BY_BROWSER'],
  ['PermissionDeniedError', 'ERR_MEDIA_DENIED_BY_BROWSER'],
  ['SecurityError', 'ERR_MEDIA_DENIED_BY_BROWSER'],
  ['NotReadableError', 'ERR_MEDIA_IN_USE'],
  ['TrackStartError', 'ERR_MEDIA_IN_USE'],
  // Firefox: "Starting videoinput failed", when the device is there and does not give pictures.
  ['AbortError', 'ERR_MEDIA_IN_USE'],
  ['NotFoundError', 'ERR_MEDIA_NOT_FOUND'],
  ['DevicesNotFoundError', 'ERR_MEDIA_NOT_FOUND'],
  ['NotSupportedError', 'ERR_MEDIA_UNSUPPORTED'],
  ['InsecureError', 'ERR_MEDIA_INSECURE_ORIGIN'],
  ['OverconstrainedError', 'ERR_MEDIA_OVERCONSTRAINED'],
  ['ConstraintNotSatisfiedError', 'ERR_MEDIA_OVERCONSTRAINED'],
]);

const SENTENCES: { readonly [C in MediaErrorCode]?: (source: Source) => string } = {
  ERR_MEDIA_DENIED_BY_BROWSER: (source) =>
    `This page may not use the ${source}. Allow it in the address bar, then try again.`,
  ERR_MEDIA_DENIED_BY_SYSTEM: (source) =>
    `The operating system keeps the browser from the ${source}. Allow it in the privacy settings of this device, then try again.`,
  ERR_MEDIA_IN_USE: (source) =>
    `The ${source} is used by another application or did not start. Close what uses it, then try again.`,
  ERR_MEDIA_NOT_FOUND: (source) => `There is no ${source}. Connect one, then try again.`,
  ERR_MEDIA_OVERCONSTRAINED: (source) =>
    `The chosen ${source} is not connected any more. Choose another one.`,
  ERR_MEDIA_INSECURE_ORIGIN: (source) =>
    `Browsers give the ${source} to secure pages only. Open this page by https:// or on localhost.`,
  ERR_MEDIA_UNSUPPORTED: (source) => `This browser has no ${source}.`,
};

/** An error with the sentence that belongs to its code. */
export function mediaError(code: MediaErrorCode, source: Source, cause?: unknown): MediaError {
  const sentence = SENTENCES[code]?.(source);
  if (sentence === undefined) return asMediaError(cause, source);
  return new MediaError(code, source, sentence, cause);
}

/** Turns what `getUserMedia` rejected with into an error that says what to do. */
export function mediaErrorFrom(cause: unknown, source: Source): MediaError {
  if (cause instanceof MediaError) return cause;
  const { name, message } = readError(cause);
  const code = CODES.get(name) ?? 'ERR_MEDIA_UNKNOWN';
  // Chromium: "Permission denied by system" for a refusal of macOS, Windows or Android.
  const isSystem = code === 'ERR_MEDIA_DENIED_BY_BROWSER' && /\bsystem\b/iu.test(message);
  return mediaError(isSystem ? 'ERR_MEDIA_DENIED_BY_SYSTEM' : code, source, cause);
}

/** DOMException is not an Error everywhere, and OverconstrainedError was none for years. */
function readError(cause: unknown): { readonly name: string; readonly message: string } {
  if (typeof cause !== 'object' || cause === null) return { name: '', message: '' };
  const name = 'name' in cause ? String(cause.name) : '';
  const message = 'message' in cause ? String(cause.message) : '';
  return { name, message };
}
