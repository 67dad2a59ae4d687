/**
 * Translates between address words and the text Node's sockets want, remembering the latest ones.
 * A direct-mapped cache: its size never grows, however many sources send.
 * @module
 */
import { copyAddress, emptyAddress, isSameIp } from '../wire/transport-address.ts';
import type { TransportAddress } from '../wire/transport-address.ts';
import { formatIp, readAddressText } from '../wire/address-text.ts';

/** A power of two: the callers of a busy server, and their collisions, fit. */
const SLOTS = 1024;

interface Entry {
  readonly address: TransportAddress;
  text: string;
}

/** Cache of IP texts in both directions. */
export class AddressTexts {
  readonly #byAddress: Entry[] = Array.from({ length: SLOTS }, emptyEntry);
  readonly #byText: Entry[] = Array.from({ length: SLOTS }, emptyEntry);

  /** The text of the IP address; the port is ignored. */
  text(address: TransportAddress): string {
    const entry = this.#byAddress[hashAddress(address)];
    if (entry === undefined) return formatIp(address);
    if (!isSameIp(entry.address, address)) {
      copyAddress(entry.address, address);
      entry.text = formatIp(address);
    }
    return entry.text;
  }

  /** Reads `text` into `target` with `port`; a text that is no IP address becomes 0.0.0.0. */
  read(text: string, port: number, target: TransportAddress): void {
    const entry = this.#byText[hashText(text)] ?? emptyEntry();
    if (entry.text !== text) {
      entry.text = text;
      if (!readAddressText(text, 0, entry.address)) readAddressText('0.0.0.0', 0, entry.address);
    }
    copyAddress(target, entry.address);
    target.port = port;
  }
}

function emptyEntry(): Entry {
  return { address: emptyAddress(), text: '0.0.0.0' };
}

function hashAddress({ word0, word1, word2, word3 }: TransportAddress): number {
  const mixed = Math.imul(word0 ^ (word1 >>> 3) ^ (word2 << 5) ^ word3, 0x9e3779b1);
  return mixed >>> 22;
}

function hashText(text: string): number {
  let hash = text.length;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return Math.imul(hash, 0x9e3779b1) >>> 22;
}
