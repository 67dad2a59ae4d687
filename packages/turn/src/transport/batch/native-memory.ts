/**
 * Memory that system calls read and write: allocated once, never moved, addressed by number.
 * @module
 */
import type { Libc } from './libc.ts';

const WORD_BYTES = 4;
const TWO_TO_32 = 0x1_0000_0000;

/** A block of 32-bit words the system can be pointed at. */
export interface NativeWords {
  readonly words: Uint32Array;
  /** Address of word 0. */
  readonly address: number;
}

/** Zeroed words outside the JavaScript heap; V8 does not move them. */
export function allocateWords(libc: Pick<Libc, 'addressOf'>, count: number): NativeWords {
  const memory = new ArrayBuffer(count * WORD_BYTES);
  return { words: new Uint32Array(memory), address: libc.addressOf(memory) };
}

/** Writes a 64-bit pointer or size, which JavaScript numbers hold exactly up to 2^53. */
export function writeU64(words: Uint32Array, index: number, value: number): void {
  words[index] = value;
  words[index + 1] = value / TWO_TO_32;
}

/** Reverses the bytes of a 32-bit word: the network's order to the machine's, and back. */
export function swapBytes(word: number): number {
  return ((word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24)) >>> 0;
}
