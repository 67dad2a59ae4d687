/**
 * Hash table keyed by a number and a transport address, for one look-up per packet: no text, no
 * objects, no allocation. Open addressing with linear probing in one typed array.
 * @module
 */
import { randomInt } from 'node:crypto';
import type { TransportAddress } from '../wire/transport-address.ts';

/** Words of a key: scope, four of address, port and family. */
const KEY_WORDS = 6;
const INITIAL_SLOTS = 64;

/** Values found by (scope, address). A scope is a socket's or a room's number. */
export class AddressTable<Value> {
  #slots = INITIAL_SLOTS;
  #keys = new Uint32Array(INITIAL_SLOTS * KEY_WORDS);
  #values: (Value | undefined)[] = emptySlots(INITIAL_SLOTS);
  #size = 0;
  /** Makes it impossible to choose addresses that collide. */
  readonly #seed: number;

  constructor(seed: number = randomInt(2 ** 32)) {
    this.#seed = seed;
  }

  /** How many values it holds. */
  get size(): number {
    return this.#size;
  }

  /** The value stored for this key. */
  find(scope: number, address: TransportAddress): Value | undefined {
    let slot = this.#home(scope, address);
    for (;;) {
      const value = this.#values[slot];
      if (value === undefined || this.#isKeyAt(slot, scope, address)) return value;
      slot = this.#next(slot);
    }
  }

  /** Stores a value, in place of the one stored for this key before. */
  set(scope: number, address: TransportAddress, value: Value): void {
    if ((this.#size + 1) * 2 > this.#slots) this.#grow();
    let slot = this.#home(scope, address);
    while (this.#values[slot] !== undefined && !this.#isKeyAt(slot, scope, address)) {
      slot = this.#next(slot);
    }
    if (this.#values[slot] === undefined) this.#size += 1;
    this.#values[slot] = value;
    const at = slot * KEY_WORDS;
    this.#keys[at] = scope;
    this.#keys[at + 1] = address.word0;
    this.#keys[at + 2] = address.word1;
    this.#keys[at + 3] = address.word2;
    this.#keys[at + 4] = address.word3;
    this.#keys[at + 5] = portAndFamily(address);
  }

  /** Forgets the value of this key; false when there was none. */
  delete(scope: number, address: TransportAddress): boolean {
    let slot = this.#home(scope, address);
    while (this.#values[slot] !== undefined) {
      if (this.#isKeyAt(slot, scope, address)) {
        this.#empty(slot);
        this.#size -= 1;
        return true;
      }
      slot = this.#next(slot);
    }
    return false;
  }

  /** Moves up whoever was pushed behind the emptied slot, so that no search ends too early. */
  #empty(emptied: number): void {
    let hole = emptied;
    let slot = this.#next(hole);
    for (; this.#values[slot] !== undefined; slot = this.#next(slot)) {
      const home = this.#homeOfSlot(slot);
      // True when the hole lies, going round, between the value's home and its slot.
      const canMove = this.#distance(home, slot) >= this.#distance(hole, slot);
      if (!canMove) continue;
      this.#values[hole] = this.#values[slot];
      this.#keys.copyWithin(hole * KEY_WORDS, slot * KEY_WORDS, (slot + 1) * KEY_WORDS);
      hole = slot;
    }
    this.#values[hole] = undefined;
  }

  #grow(): void {
    const { keys, values } = { keys: this.#keys, values: this.#values };
    this.#slots *= 2;
    this.#keys = new Uint32Array(this.#slots * KEY_WORDS);
    this.#values = emptySlots(this.#slots);
    for (const [old, value] of values.entries()) {
      if (value === undefined) continue;
      const key = keys.subarray(old * KEY_WORDS, (old + 1) * KEY_WORDS);
      let slot = this.#homeOfKey(key, 0);
      while (this.#values[slot] !== undefined) slot = this.#next(slot);
      this.#values[slot] = value;
      this.#keys.set(key, slot * KEY_WORDS);
    }
  }

  #next(slot: number): number {
    return (slot + 1) & (this.#slots - 1);
  }

  #distance(from: number, to: number): number {
    return (to - from) & (this.#slots - 1);
  }

  #isKeyAt(slot: number, scope: number, address: TransportAddress): boolean {
    const keys = this.#keys;
    const at = slot * KEY_WORDS;
    return (
      keys[at + 5] === portAndFamily(address) &&
      keys[at + 4] === address.word3 &&
      keys[at] === scope &&
      keys[at + 1] === address.word0 &&
      keys[at + 2] === address.word1 &&
      keys[at + 3] === address.word2
    );
  }

  #home(scope: number, address: TransportAddress): number {
    let hash = mix(this.#seed, scope);
    if (address.family === 6) {
      hash = mix(hash, address.word0);
      hash = mix(hash, address.word1);
      hash = mix(hash, address.word2);
    }
    hash = mix(hash, address.word3);
    return finish(mix(hash, portAndFamily(address))) & (this.#slots - 1);
  }

  #homeOfSlot(slot: number): number {
    return this.#homeOfKey(this.#keys, slot * KEY_WORDS);
  }

  #homeOfKey(keys: Uint32Array, at: number): number {
    const last = keys[at + 5] ?? 0;
    let hash = mix(this.#seed, keys[at] ?? 0);
    if ((last & 1) === 1) {
      hash = mix(hash, keys[at + 1] ?? 0);
      hash = mix(hash, keys[at + 2] ?? 0);
      hash = mix(hash, keys[at + 3] ?? 0);
    }
    hash = mix(hash, keys[at + 4] ?? 0);
    return finish(mix(hash, last)) & (this.#slots - 1);
  }
}

function emptySlots<Value>(count: number): (Value | undefined)[] {
  return Array.from({ length: count }, () => undefined);
}

function portAndFamily(address: TransportAddress): number {
  return address.port * 2 + (address.family === 6 ? 1 : 0);
}

/** One step of a multiplying hash; the constants are those of MurmurHash3. */
function mix(hash: number, word: number): number {
  const scrambled = Math.imul(word, 0xcc9e2d51);
  const rotated = (scrambled << 15) | (scrambled >>> 17);
  const mixed = hash ^ Math.imul(rotated, 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  const folded = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (folded ^ (folded >>> 13)) >>> 0;
}
