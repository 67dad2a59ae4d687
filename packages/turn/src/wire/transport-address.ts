/**
 * A transport address without objects or text per packet: the one shape wire, engine and sockets share.
 * Pure values: no sockets, no clock.
 * @module
 */

/** IP version: 4 or 6. */
export type AddressFamily = 4 | 6;

/**
 * An IP address and a port. The address is four unsigned 32-bit words, most significant first;
 * IPv4 sits in `word3` and leaves the others 0. Mutable and reused: copy what you keep.
 */
export interface TransportAddress {
  family: AddressFamily;
  word0: number;
  word1: number;
  word2: number;
  word3: number;
  port: number;
}

/** A fresh `0.0.0.0:0` to be filled in. */
export function emptyAddress(): TransportAddress {
  return { family: 4, word0: 0, word1: 0, word2: 0, word3: 0, port: 0 };
}

/** Copies `source` over `target`. */
export function copyAddress(target: TransportAddress, source: TransportAddress): void {
  target.family = source.family;
  target.word0 = source.word0;
  target.word1 = source.word1;
  target.word2 = source.word2;
  target.word3 = source.word3;
  target.port = source.port;
}

/** True when both have the same family and IP address; ports may differ. */
export function isSameIp(a: TransportAddress, b: TransportAddress): boolean {
  return (
    a.word3 === b.word3 &&
    a.word2 === b.word2 &&
    a.word1 === b.word1 &&
    a.word0 === b.word0 &&
    a.family === b.family
  );
}

/** True when both have the same family, IP address and port. */
export function isSameAddress(a: TransportAddress, b: TransportAddress): boolean {
  return a.port === b.port && isSameIp(a, b);
}
