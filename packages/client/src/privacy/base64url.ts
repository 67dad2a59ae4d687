/**
 * Bytes as text that fits into links and JSON: base64url without padding.
 * Pure codec; decoding is total and takes only what encoding writes.
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-5
 * @module
 */

/** Writes bytes as text. */
export function encodeBase64url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Reads text; `undefined` when no bytes are written this way. */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  // The last character may have bits that belong to no byte: one value would have many spellings.
  return encodeBase64url(bytes) === text ? bytes : undefined;
}
