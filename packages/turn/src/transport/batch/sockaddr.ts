/**
 * `sockaddr_in` and `sockaddr_in6` straight to and from address words, without text or objects.
 * Pure; little-endian machines only (see linux-abi.ts).
 * @module
 */
import type { TransportAddress } from '../../wire/transport-address.ts';
import { AF_INET, AF_INET6, SOCKADDR } from './linux-abi.ts';
import { swapBytes } from './native-memory.ts';

/** Reads the socket address at word `index`. */
export function readSockaddr(words: Uint32Array, index: number, target: TransportAddress): void {
  const head = words[index] ?? 0;
  target.port = (head >>> 24) | ((head >>> 8) & 0xff00);
  if ((head & 0xffff) === AF_INET6) {
    target.family = 6;
    target.word0 = swapBytes(words[index + 2] ?? 0);
    target.word1 = swapBytes(words[index + 3] ?? 0);
    target.word2 = swapBytes(words[index + 4] ?? 0);
    target.word3 = swapBytes(words[index + 5] ?? 0);
    return;
  }
  target.family = 4;
  target.word0 = 0;
  target.word1 = 0;
  target.word2 = 0;
  target.word3 = swapBytes(words[index + 1] ?? 0);
}

/** Writes `address` at word `index` and returns the length in bytes the system wants with it. */
export function writeSockaddr(
  words: Uint32Array,
  index: number,
  address: TransportAddress,
): number {
  words[index] = sockaddrHead(address);
  if (address.family === 4) {
    words[index + 1] = swapBytes(address.word3);
    return SOCKADDR.ipv4Bytes;
  }
  words[index + 1] = 0; // flow label
  words[index + 2] = swapBytes(address.word0);
  words[index + 3] = swapBytes(address.word1);
  words[index + 4] = swapBytes(address.word2);
  words[index + 5] = swapBytes(address.word3);
  words[index + 6] = 0; // scope
  return SOCKADDR.ipv6Bytes;
}

/** True when the socket address at word `index` is `address`. */
export function isSockaddrOf(
  words: Uint32Array,
  index: number,
  address: TransportAddress,
): boolean {
  if (words[index] !== sockaddrHead(address)) return false;
  if (address.family === 4) return words[index + 1] === swapBytes(address.word3);
  return (
    words[index + 5] === swapBytes(address.word3) &&
    words[index + 4] === swapBytes(address.word2) &&
    words[index + 3] === swapBytes(address.word1) &&
    words[index + 2] === swapBytes(address.word0)
  );
}

/** Family in the machine's order, port in the network's. */
function sockaddrHead({ family, port }: TransportAddress): number {
  const swapped = ((port & 0xff) << 8) | (port >>> 8);
  return ((swapped << 16) | (family === 4 ? AF_INET : AF_INET6)) >>> 0;
}
