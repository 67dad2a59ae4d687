/**
 * SHA-256 of a stream. `crypto.subtle` wants all bytes at once, and is missing on pages without https,
 * where data channels work all the same.
 * @see https://csrc.nist.gov/pubs/fips/180-4/upd1/final
 * @module
 */

const BLOCK_BYTES = 64;
const WORD_BYTES = 4;
const ROUNDS = 64;
/** Words of a block; the rest of the schedule is made of them. */
const FIRST_WORDS = 16;
const LENGTH_BYTES = 8;
const BITS_PER_BYTE = 8;
const HIGH_WORD = 2 ** 32;
const STATE_WORDS = 8;

const PRIMES = firstPrimes(ROUNDS);
/** First 32 bits of the fractions of the cube roots of the first primes. */
const ROUND_CONSTANTS: Int32Array = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));
/** The same of the square roots. */
const INITIAL_STATE: Int32Array = Int32Array.from(PRIMES.slice(0, STATE_WORDS), (prime) =>
  fraction(Math.sqrt(prime)),
);

/** Takes bytes in portions of any size; `digest` ends it. */
export class Sha256 {
  readonly #state = INITIAL_STATE.slice();
  readonly #schedule = new Int32Array(ROUNDS);
  readonly #block = new Uint8Array(BLOCK_BYTES);
  readonly #view = new DataView(this.#block.buffer);
  #totalBytes = 0;

  update(bytes: Uint8Array): void {
    let taken = 0;
    let filled = this.#totalBytes % BLOCK_BYTES;
    this.#totalBytes += bytes.length;
    if (filled > 0) {
      taken = Math.min(BLOCK_BYTES - filled, bytes.length);
      this.#block.set(bytes.subarray(0, taken), filled);
      filled += taken;
      if (filled < BLOCK_BYTES) return;
      this.#compress(this.#view, 0);
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (; taken + BLOCK_BYTES <= bytes.length; taken += BLOCK_BYTES) this.#compress(view, taken);
    this.#block.set(bytes.subarray(taken));
  }

  /** The 32 bytes; nothing can be added afterwards. */
  digest(): Uint8Array<ArrayBuffer> {
    const totalBits = this.#totalBytes * BITS_PER_BYTE;
    const filled = this.#totalBytes % BLOCK_BYTES;
    const lastBytes = filled < BLOCK_BYTES - LENGTH_BYTES ? BLOCK_BYTES : 2 * BLOCK_BYTES;
    const padding = new Uint8Array(lastBytes - filled);
    padding[0] = 0x80;
    const view = new DataView(padding.buffer);
    view.setUint32(padding.length - LENGTH_BYTES, Math.floor(totalBits / HIGH_WORD));
    view.setUint32(padding.length - WORD_BYTES, totalBits % HIGH_WORD);
    this.update(padding);
    const digest = new DataView(new ArrayBuffer(STATE_WORDS * WORD_BYTES));
    for (const [index, word] of this.#state.entries()) digest.setInt32(index * WORD_BYTES, word);
    return new Uint8Array(digest.buffer);
  }

  #compress(view: DataView, offset: number): void {
    const schedule = this.#schedule;
    for (let index = 0; index < FIRST_WORDS; index += 1) {
      schedule[index] = view.getInt32(offset + index * WORD_BYTES);
    }
    for (let index = FIRST_WORDS; index < ROUNDS; index += 1) {
      const old = at(schedule, index - 15);
      const recent = at(schedule, index - 2);
      const sigma0 = rotate(old, 7) ^ rotate(old, 18) ^ (old >>> 3);
      const sigma1 = rotate(recent, 17) ^ rotate(recent, 19) ^ (recent >>> 10);
      const before = (at(schedule, index - 16) + at(schedule, index - 7)) | 0;
      schedule[index] = (((before + sigma0) | 0) + sigma1) | 0;
    }
    mix(this.#state, schedule);
  }
}

/**
 * The 64 rounds. They run 16,000 times for a megabyte: no iterators, no arrays made here, and every
 * sum is cut to 32 bits at once, so that engines calculate with integers throughout.
 */
function mix(state: Int32Array, schedule: Int32Array): void {
  let a = at(state, 0);
  let b = at(state, 1);
  let c = at(state, 2);
  let d = at(state, 3);
  let e = at(state, 4);
  let f = at(state, 5);
  let g = at(state, 6);
  let h = at(state, 7);
  for (let index = 0; index < ROUNDS; index += 1) {
    const sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const choice = g ^ (e & (f ^ g));
    const constant = (at(ROUND_CONSTANTS, index) + at(schedule, index)) | 0;
    const first = (((h + sum1) | 0) + ((choice + constant) | 0)) | 0;
    const sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const majority = (a & b) | (c & (a | b));
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + ((sum0 + majority) | 0)) | 0;
  }
  state[0] = at(state, 0) + a;
  state[1] = at(state, 1) + b;
  state[2] = at(state, 2) + c;
  state[3] = at(state, 3) + d;
  state[4] = at(state, 4) + e;
  state[5] = at(state, 5) + f;
  state[6] = at(state, 6) + g;
  state[7] = at(state, 7) + h;
}

/** The index is always inside. */
function at(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}

/** Lower-case hexadecimal text. */
export function formatHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function fraction(root: number): number {
  return Math.floor((root % 1) * HIGH_WORD);
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate += 1) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}
