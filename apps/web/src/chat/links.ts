/**
 * The links in a text. Only http and https: no other scheme can be opened from a chat. Pure.
 * @module
 */

/** A piece of a text; `href` makes it a link. */
export interface TextPiece {
  readonly text: string;
  readonly href?: string;
}

const LINK = /\bhttps?:\/\/[^\s<>"'`]+/giu;
/** Ends a sentence rather than an address. */
const TRAILING = /[.,:;!?…]+$/u;

/** `text` cut into pieces; put together again they are the text. */
export function splitLinks(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const address = trimAddress(match[0]);
    if (!URL.canParse(address)) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: address, href: new URL(address).href });
    end = match.index + address.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** Without the full stop behind it, and without a bracket that was opened before it. */
function trimAddress(match: string): string {
  const address = match.replace(TRAILING, '');
  const isOpened = address.includes('(');
  return address.endsWith(')') && !isOpened ? address.slice(0, -1).replace(TRAILING, '') : address;
}
