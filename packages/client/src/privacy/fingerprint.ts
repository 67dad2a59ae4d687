/**
 * The certificate a description promises. Where several fingerprints stand, RFC 8122 takes the
 * certificate that matches any of them, and Chromium goes by the last: one more line, or one of
 * another hash, could let a stranger in behind the right one. Only a description without any doubt
 * has a fingerprint here.
 * Total function on any text.
 * @see https://www.rfc-editor.org/rfc/rfc8122#section-5
 * @module
 */

/** The only form browsers write. */
const LINE = /^a=fingerprint:sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})\r?$/gim;
/** Wherever a parser might find one, however lenient. */
const MENTION = /fingerprint/gi;

/**
 * The one fingerprint of a description: SHA-256, as upper-case hexadecimal with colons. `undefined`
 * when there is none, or any doubt.
 */
export function parseFingerprint(sdp: string): string | undefined {
  const lines = [...sdp.matchAll(LINE)];
  const mentions = sdp.match(MENTION)?.length;
  const [first, ...others] = new Set(lines.map((line) => line[1]?.toUpperCase()));
  return lines.length === mentions && others.length === 0 ? first : undefined;
}
