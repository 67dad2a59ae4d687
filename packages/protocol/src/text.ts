/**
 * Room names and display names: untrusted text brought into one canonical form.
 * @module
 */
import { MAX_DISPLAY_NAME_LENGTH, MAX_ROOM_NAME_LENGTH } from './limits.ts';

/** A room name in canonical form: trimmed, NFC, 1 to 64 code units, nothing invisible. */
export type RoomName = string & { readonly brand: 'RoomName' };

/** White space of any kind; controls and separators count as such in names of people. */
const SPACES = /\s+/gu;
const SPACES_AND_CONTROLS = /[\s\p{Cc}\p{Zl}\p{Zp}]+/gu;

/**
 * Formats (bidi overrides, zero width), lone surrogates, private use, Hangul fillers and their like.
 * Variation selectors are not meant: they choose between two looks of a visible character.
 */
const INVISIBLE = /(?!\ufe0e|\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/u;

/** The same in names of people, where joiners are looked at next and controls are white space. */
const INVISIBLE_IN_NAMES =
  /(?!\u200c|\u200d|\ufe0e|\ufe0f)[\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * A joiner, captured with the character before it where one is written: inside words of scripts such
 * as Persian or Sinhala, and in emoji families.
 */
const JOINER =
  /([\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\u{fe0f}](?:\u{200c}|\u{200d})(?=[\p{L}\p{M}\p{Extended_Pictographic}]))|\u{200c}|\u{200d}/gu;

/** At least one of these makes a name that can be seen; the blank Braille cell does not. */
const VISIBLE = /(?!\u2800)[\p{L}\p{N}\p{P}\p{S}]/u;
const LOOSE_END = /(?:\s|\u200c|\u200d)+$/u;

/** Text longer than this many times its limit is not worth looking at. */
const MAX_STRETCH = 4;

/** The canonical form of a room name, or `undefined` when `value` cannot be one. */
export function parseRoomName(value: unknown): RoomName | undefined {
  if (typeof value !== 'string' || value.length > MAX_ROOM_NAME_LENGTH * MAX_STRETCH) {
    return undefined;
  }
  const name = value.normalize('NFC').replace(SPACES, ' ').trim();
  return isRoomName(name) ? name : undefined;
}

function isRoomName(name: string): name is RoomName {
  return name.length <= MAX_ROOM_NAME_LENGTH && VISIBLE.test(name) && !INVISIBLE.test(name);
}

/**
 * A display name fit to be shown: invisible characters removed, white space folded, cut to
 * {@link MAX_DISPLAY_NAME_LENGTH}. Empty when nothing visible is left; markup is kept as the text it
 * is.
 */
export function cleanDisplayName(value: string): string {
  const name = value
    .slice(0, MAX_DISPLAY_NAME_LENGTH * MAX_STRETCH)
    .replace(INVISIBLE_IN_NAMES, '')
    .replace(JOINER, '$1')
    .replace(SPACES_AND_CONTROLS, ' ')
    .normalize('NFC')
    .trim();
  const cut = cutAtCodePoint(name, MAX_DISPLAY_NAME_LENGTH).replace(LOOSE_END, '');
  return VISIBLE.test(cut) ? cut : '';
}

/** Cuts without leaving half a surrogate pair. */
function cutAtCodePoint(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  const splitsPair = text.length > length && last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? length - 1 : length);
}
