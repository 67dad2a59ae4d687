/**
 * The secret of a call: a random key in the fragment of its link, as in `/r/daily#k=...`. Browsers
 * never send the fragment to a server.
 * @module
 */
import type { ParleyError } from '@parley/protocol';
import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { privacyError } from './privacy-error.ts';
import type { PrivacyErrorCode } from './privacy-error.ts';

/** A secret shared by everybody who has the link: 16 to 64 bytes as base64url. */
export type LinkKey = string & { readonly brand: 'LinkKey' };

/** What a fragment says. A damaged key is not the same as none: the call must not go on without. */
export type LinkKeyVerdict =
  | { readonly ok: true; readonly key: LinkKey | undefined }
  | { readonly ok: false; readonly error: ParleyError<PrivacyErrorCode> };

const NEW_KEY_BYTES = 16;
const MAX_KEY_BYTES = 64;

/** A new key of 128 random bits. */
export function createLinkKey(): LinkKey {
  const key = encodeBase64url(crypto.getRandomValues(new Uint8Array(NEW_KEY_BYTES)));
  if (isLinkKey(key)) return key;
  throw new TypeError('This cannot be: a new key has the form of a key.');
}

/** Writes the fragment of a link. */
export function formatLinkKey(key: LinkKey): string {
  return `#k=${key}`;
}

/** Reads the fragment of a link, with or without its `#`. Total. */
export function parseLinkKey(fragment: string): LinkKeyVerdict {
  const key = new URLSearchParams(fragment.replace(/^#/, '')).get('k') ?? undefined;
  if (key === undefined || isLinkKey(key)) return { ok: true, key };
  return { ok: false, error: damagedKey() };
}

/** The error for what does not have the form of a key. */
export function damagedKey(): ParleyError<PrivacyErrorCode> {
  return privacyError('ERR_LINK_KEY', 'The key in the link is damaged. Copy the whole link.');
}

/** True when `value` has the form of a key. */
export function isLinkKey(value: unknown): value is LinkKey {
  if (typeof value !== 'string') return false;
  const bytes = decodeBase64url(value)?.byteLength ?? 0;
  return bytes >= NEW_KEY_BYTES && bytes <= MAX_KEY_BYTES;
}
