/**
 * HMAC-SHA1 for short messages. `node:crypto` sets up a new native object for every message, which
 * costs several times what the hashing does; here a key is prepared once and a message costs its
 * blocks. Reads and writes in place, allocates nothing.
 * Pure. Used for MESSAGE-INTEGRITY and for nonces; compared with `node:crypto` in its test.
 * @see https://www.rfc-editor.org/rfc/rfc2104
 * @see https://www.rfc-editor.org/rfc/rfc3174
 * @module
 */
import { createHash } from 'node:crypto';

/** Bytes of a digest. */
export const SHA1_BYTES = 20;

const BLOCK_BYTES = 64;
const STATE_WORDS = 5;
const INITIAL_STATE = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

/** Scratch memory: one message is hashed at a time, start to end. */
const schedule = new Int32Array(80);
const state = new Int32Array(STATE_WORDS);
const tail: Buffer = Buffer.alloc(2 * BLOCK_BYTES);

/** One key, ready for any number of messages. */
export class HmacSha1 {
  /** The hash states after the inner and after the outer pad. */
  readonly #inner = new Int32Array(STATE_WORDS);
  readonly #outer = new Int32Array(STATE_WORDS);

  constructor(key: Uint8Array) {
    const short = key.length > BLOCK_BYTES ? createHash('sha1').update(key).digest() : key;
    absorbPad(short, INNER_PAD, this.#inner);
    absorbPad(short, OUTER_PAD, this.#outer);
  }

  /** Writes the digest of `bytes[start..end)` to the first {@link SHA1_BYTES} of `out`. */
  digest(bytes: Buffer, start: number, end: number, out: Buffer): void {
    state.set(this.#inner);
    let at = start;
    for (; end - at >= BLOCK_BYTES; at += BLOCK_BYTES) compress(bytes, at);
    bytes.copy(tail, 0, at, end);
    absorbTail(end - at, BLOCK_BYTES + end - start);

    writeState(tail);
    state.set(this.#outer);
    absorbTail(SHA1_BYTES, BLOCK_BYTES + SHA1_BYTES);
    writeState(out);
  }
}

function absorbPad(key: Uint8Array, pad: number, target: Int32Array): void {
  tail.fill(0);
  tail.set(key);
  for (let at = 0; at < BLOCK_BYTES; at += 1) tail.writeUInt8(tail.readUInt8(at) ^ pad, at);
  state.set(INITIAL_STATE);
  compress(tail, 0);
  target.set(state);
}

/** Ends a message of `totalBytes` whose last `count` bytes, less than a block, lie in `tail`. */
function absorbTail(count: number, totalBytes: number): void {
  const length = count < BLOCK_BYTES - 8 ? BLOCK_BYTES : 2 * BLOCK_BYTES;
  tail.fill(0, count, length);
  tail.writeUInt8(0x80, count);
  // Messages are far below 2^32 bits: the upper half of the length stays 0.
  tail.writeUInt32BE(totalBytes * 8, length - 4);
  for (let at = 0; at < length; at += BLOCK_BYTES) compress(tail, at);
}

function writeState(out: Buffer): void {
  for (let word = 0; word < STATE_WORDS; word += 1) out.writeInt32BE(wordOf(state, word), word * 4);
}

/** Every index used here exists; the compiler cannot know. */
function wordOf(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function loadSchedule(bytes: Buffer, at: number): void {
  for (let t = 0; t < 16; t += 1) schedule[t] = bytes.readInt32BE(at + t * 4);
  for (let t = 16; t < 80; t += 1) {
    const mixed =
      wordOf(schedule, t - 3) ^
      wordOf(schedule, t - 8) ^
      wordOf(schedule, t - 14) ^
      wordOf(schedule, t - 16);
    schedule[t] = rotateLeft(mixed, 1);
  }
}

/** Adds the 64 bytes at `bytes[at]` to `state`. Four rounds in four loops: branches cost more. */
function compress(bytes: Buffer, at: number): void {
  loadSchedule(bytes, at);
  let a = wordOf(state, 0);
  let b = wordOf(state, 1);
  let c = wordOf(state, 2);
  let d = wordOf(state, 3);
  let e = wordOf(state, 4);
  let next = 0;
  for (let t = 0; t < 20; t += 1) {
    next = (rotateLeft(a, 5) + ((b & c) | (~b & d)) + e + 0x5a827999 + wordOf(schedule, t)) | 0;
    e = d;
    d = c;
    c = rotateLeft(b, 30);
    b = a;
    a = next;
  }
  for (let t = 20; t < 40; t += 1) {
    next = (rotateLeft(a, 5) + (b ^ c ^ d) + e + 0x6ed9eba1 + wordOf(schedule, t)) | 0;
    e = d;
    d = c;
    c = rotateLeft(b, 30);
    b = a;
    a = next;
  }
  for (let t = 40; t < 60; t += 1) {
    next =
      (rotateLeft(a, 5) + ((b & c) | (d & (b | c))) + e + 0x8f1bbcdc + wordOf(schedule, t)) | 0;
    e = d;
    d = c;
    c = rotateLeft(b, 30);
    b = a;
    a = next;
  }
  for (let t = 60; t < 80; t += 1) {
    next = (rotateLeft(a, 5) + (b ^ c ^ d) + e + 0xca62c1d6 + wordOf(schedule, t)) | 0;
    e = d;
    d = c;
    c = rotateLeft(b, 30);
    b = a;
    a = next;
  }
  addToState(0, a);
  addToState(1, b);
  addToState(2, c);
  addToState(3, d);
  addToState(4, e);
}

function addToState(word: number, value: number): void {
  state[word] = wordOf(state, word) + value;
}
