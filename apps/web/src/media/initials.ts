/**
 * The avatar of somebody without a picture: letters and a colour taken from the name. Pure.
 * @module
 */

/** How many avatar colours the style sheet has. */
export const AVATAR_COLORS = 6;

/** One or two letters for `name`; empty when it has none. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = words[0] ?? '';
  // Family name and given name are not told apart by a space in these scripts.
  if (/^[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(first)) {
    return firstLetter(first);
  }
  const last = words.slice(1).findLast((word) => /^[\p{L}\p{N}]/u.test(word)) ?? '';
  return `${firstLetter(first)}${firstLetter(last)}`.toLocaleUpperCase();
}

/** A number below {@link AVATAR_COLORS}, the same for the same name every time. */
export function avatarColor(name: string): number {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return hash % AVATAR_COLORS;
}

/** The first thing a reader would call a letter: an emoji or an accented letter counts as one. */
function firstLetter(word: string): string {
  const [first] = new Intl.Segmenter().segment(word);
  return first?.segment ?? '';
}
