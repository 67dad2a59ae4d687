/**
 * Names for new rooms. Who has the link may enter, so a name must be too long to guess:
 * three words of 6 bits and six characters of 5 bits make 48 bits.
 * @module
 */
import { ROOM_WORDS } from './room-words.ts';

const WORD_COUNT = 3;
const CODE_LENGTH = 6;
/** Crockford's base 32: no i, l, o or u, which are misread or misheard. */
const CODE_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Fills an array with random bytes: `crypto.getRandomValues`. */
export type FillRandom = (bytes: Uint8Array<ArrayBuffer>) => void;

/** A new room name such as `amber-river-lark-7kq2m9`. */
export function createRoomName(fillRandom: FillRandom): string {
  const bytes = new Uint8Array(WORD_COUNT + CODE_LENGTH);
  fillRandom(bytes);
  const words = Array.from(bytes.subarray(0, WORD_COUNT), (byte) => pick(ROOM_WORDS, byte));
  const code = Array.from(bytes.subarray(WORD_COUNT), (byte) => pick(CODE_ALPHABET, byte));
  return [...words, code.join('')].join('-');
}

/** Both lists have a power of two of entries, so the remainder of a random byte is even. */
function pick(list: ArrayLike<string>, byte: number): string {
  return list[byte % list.length] ?? '';
}
