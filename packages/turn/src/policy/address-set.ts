/**
 * Sets of IP addresses, written as CIDR blocks. Addresses are compared as numbers, IPv4 before
 * IPv6, word by word; a lookup is a binary search and allocates nothing.
 * Pure.
 * @see https://www.rfc-editor.org/rfc/rfc4632#section-3.1
 * @module
 */
import { isIP } from 'node:net';
import { parseAddress } from '../wire/address-text.ts';
import type { TransportAddress } from '../wire/transport-address.ts';

/** Family, then the four words of the address: compared from left to right. */
const WORDS = 5;
const BITS_PER_WORD = 32;
/** An IPv4 address is the last word. */
const IPV4_UNUSED_BITS = 96;
const BLOCK = /^(?<ip>[^/]+)(?:\/(?<prefix>0|[1-9]\d{0,2}))?$/;

/** The first and the last address of a CIDR block, {@link WORDS} words each. */
interface Range {
  readonly first: Uint32Array;
  readonly last: Uint32Array;
}

/** An immutable set of addresses. */
export class AddressSet {
  /** Bounds of ranges that neither touch nor overlap, in order, {@link WORDS} words each. */
  readonly #firsts: Uint32Array;
  readonly #lasts: Uint32Array;
  /** Ranges left after those that overlap were joined. */
  readonly size: number;

  /**
   * @param blocks such as `10.0.0.0/8`, `2001:db8::/32`, or a single address.
   * @throws {RangeError} that names the block and what is wrong with it.
   */
  constructor(blocks: readonly string[]) {
    const ranges = joinRanges(blocks.map(parseBlock));
    this.size = ranges.length;
    this.#firsts = flatten(ranges.map((range) => range.first));
    this.#lasts = flatten(ranges.map((range) => range.last));
  }

  /** True when the IP address of `address` is in the set; its port does not matter. */
  has(address: TransportAddress): boolean {
    const index = this.#lastBeginningAt(address);
    return index >= 0 && compare(address, this.#lasts, index) <= 0;
  }

  /**
   * True when every address of the block is in the set.
   * @throws {RangeError} when the block cannot be read.
   */
  holds(block: string): boolean {
    const { first, last } = parseBlock(block);
    const index = this.#lastBeginningAt(addressOf(first));
    return index >= 0 && compare(addressOf(last), this.#lasts, index) <= 0;
  }

  /** Index of the last range that begins at or before the address; -1 when there is none. */
  #lastBeginningAt(address: TransportAddress): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(address, this.#firsts, middle) < 0) high = middle;
      else low = middle + 1;
    }
    return low - 1;
  }
}

/** True when the block is one address: written without a prefix, or with the full one. */
export function isSingleAddress(block: string): boolean {
  const { first, last } = parseBlock(block);
  return compareBounds(first, last) === 0;
}

/** Negative, zero or positive as `address` is below, equal to or above the bound at `index`. */
function compare(address: TransportAddress, bounds: Uint32Array, index: number): number {
  const at = index * WORDS;
  return (
    address.family - (bounds[at] ?? 0) ||
    (address.word0 >>> 0) - (bounds[at + 1] ?? 0) ||
    (address.word1 >>> 0) - (bounds[at + 2] ?? 0) ||
    (address.word2 >>> 0) - (bounds[at + 3] ?? 0) ||
    (address.word3 >>> 0) - (bounds[at + 4] ?? 0)
  );
}

function compareBounds(a: Uint32Array, b: Uint32Array): number {
  for (const [index, word] of a.entries()) {
    const difference = word - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function addressOf(bound: Uint32Array): TransportAddress {
  const [family, word0 = 0, word1 = 0, word2 = 0, word3 = 0] = bound;
  return { family: family === 4 ? 4 : 6, word0, word1, word2, word3, port: 0 };
}

function parseBlock(block: string): Range {
  const { ip = '', prefix } = BLOCK.exec(block)?.groups ?? {};
  const address = ip.includes('%') ? undefined : parseAddress(ip, 0);
  if (address === undefined) {
    const example = isIP(ip) === 0 ? '10.0.0.0/8 or 2001:db8::/32' : 'it without its zone';
    throw new RangeError(`"${block}" is not an address block; write ${example}.`);
  }
  const maxPrefix = address.family === 4 ? 32 : 128;
  const length = prefix === undefined ? maxPrefix : Number(prefix);
  if (length > maxPrefix) {
    throw new RangeError(
      `"${block}": the prefix of an IPv${address.family} block is 0 to ${maxPrefix}.`,
    );
  }
  return rangeOf(address, length, block);
}

function rangeOf(address: TransportAddress, prefix: number, block: string): Range {
  const first = Uint32Array.of(
    address.family,
    address.word0,
    address.word1,
    address.word2,
    address.word3,
  );
  const last = Uint32Array.from(first);
  const fixedBits = address.family === 4 ? IPV4_UNUSED_BITS + prefix : prefix;
  for (let word = 0; word < WORDS - 1; word += 1) {
    const mask = hostMask(fixedBits - word * BITS_PER_WORD);
    const value = first[word + 1] ?? 0;
    if ((value & mask) !== 0) {
      throw new RangeError(`"${block}" has bits behind its prefix: is the prefix right?`);
    }
    last[word + 1] = value | mask;
  }
  return { first, last };
}

/** The bits of one word that are free when `fixed` of them, counted from the left, are not. */
function hostMask(fixed: number): number {
  if (fixed <= 0) return 0xffff_ffff;
  return fixed >= BITS_PER_WORD ? 0 : 0xffff_ffff >>> fixed;
}

/** Sorts, and joins what overlaps: CIDR blocks are apart, or one holds the other. */
function joinRanges(ranges: readonly Range[]): Range[] {
  const joined: Range[] = [];
  for (const range of ranges.toSorted(compareRanges)) {
    const previous = joined.at(-1);
    if (previous === undefined || compareBounds(range.first, previous.last) > 0) joined.push(range);
  }
  return joined;
}

/** In order of the first address; of two that begin alike, the larger one first. */
function compareRanges(a: Range, b: Range): number {
  return compareBounds(a.first, b.first) || compareBounds(b.last, a.last);
}

function flatten(bounds: readonly Uint32Array[]): Uint32Array {
  const flat = new Uint32Array(bounds.length * WORDS);
  for (const [index, bound] of bounds.entries()) flat.set(bound, index * WORDS);
  return flat;
}
