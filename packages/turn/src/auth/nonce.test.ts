import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../wire/address-text.ts';
import { emptyAddress } from '../wire/transport-address.ts';
import type { TransportAddress } from '../wire/transport-address.ts';
import {
  DEFAULT_NONCE_LIFE_MS,
  NONCE_BYTES,
  NonceMint,
  offersPasswordAlgorithms,
} from './nonce.ts';

const FEATURES = { passwordAlgorithms: true, usernameAnonymity: false };
const FROM = at('203.0.113.7', 50_000);
const NOW_MS = 5_000_123;

function at(ip: string, port: number): TransportAddress {
  return parseAddress(ip, port) ?? emptyAddress();
}

/** Keys that differ from each other and are the same in every run. */
function countingBytes(): (size: number) => Buffer {
  let count = 0;
  return (size) => Buffer.alloc(size, (count += 1));
}

function mint(lifeMs = DEFAULT_NONCE_LIFE_MS): NonceMint {
  return new NonceMint({ features: FEATURES, lifeMs, randomBytes: countingBytes() });
}

function cookieOf(passwordAlgorithms: boolean, usernameAnonymity: boolean): string {
  const features = { passwordAlgorithms, usernameAnonymity };
  return new NonceMint({ features }).mint(NOW_MS, FROM).slice(0, 13);
}

function bytes(nonce: string): Buffer {
  return Buffer.from(nonce, 'latin1');
}

describe('NonceMint', () => {
  it('AUTH-10 a nonce is valid where and when it was made', () => {
    const nonces = mint();
    const nonce = nonces.mint(NOW_MS, FROM);
    expect(nonce).toHaveLength(NONCE_BYTES);
    expect(nonces.check(NOW_MS, FROM, bytes(nonce))).toBe('valid');
    expect(nonces.check(NOW_MS + DEFAULT_NONCE_LIFE_MS, FROM, bytes(nonce))).toBe('valid');
  });

  it('AUTH-10 a nonce ends with its life, and is not good before its time', () => {
    const nonces = mint();
    const nonce = bytes(nonces.mint(NOW_MS, FROM));
    expect(nonces.check(NOW_MS + DEFAULT_NONCE_LIFE_MS + 1000, FROM, nonce)).toBe('stale');
    expect(mint().check(NOW_MS - 2000, FROM, nonce)).toBe('stale');
  });

  it('AUTH-10 a nonce lives its whole life, whenever the key changes', () => {
    const nonces = mint(10_000);
    for (let nowMs = 0; nowMs < 45_000; nowMs += 500) {
      const nonce = bytes(nonces.mint(nowMs, FROM));
      const shadow = mint(10_000);
      // The same calls on a second mint leave the keys of the first one alone.
      for (let earlierMs = 0; earlierMs <= nowMs; earlierMs += 500) shadow.mint(earlierMs, FROM);
      for (const laterMs of [0, 500, 5000, 9500, 10_000]) {
        expect(shadow.check(nowMs + laterMs, FROM, nonce)).toBe('valid');
      }
    }
  });

  it('AUTH-10 a nonce under a key from two lives ago is stale', () => {
    const nonces = mint(10_000);
    const nonce = bytes(nonces.mint(0, FROM));
    nonces.mint(10_000, FROM);
    nonces.mint(20_000, FROM);
    expect(nonces.check(20_000, FROM, nonce)).toBe('stale');
  });

  it('AUTH-11 no two clients get the same nonce', () => {
    const nonces = mint();
    const froms = [FROM, at('203.0.113.7', 50_001), at('203.0.113.8', 50_000), at('::1', 50_000)];
    froms.push(at('0.0.0.1', 50_000), at('::203.0.113.7', 50_000));
    expect(new Set(froms.map((from) => nonces.mint(NOW_MS, from))).size).toBe(froms.length);
  });

  it('AUTH-11 a nonce is worth nothing at another host, and "moved" at another port', () => {
    const nonces = mint();
    const nonce = bytes(nonces.mint(NOW_MS, FROM));
    expect(nonces.check(NOW_MS, at('203.0.113.7', 50_001), nonce)).toBe('moved');
    expect(nonces.check(NOW_MS, at('203.0.113.8', 50_000), nonce)).toBe('stale');
    expect(nonces.check(NOW_MS, at('::203.0.113.7', 50_000), nonce)).toBe('stale');
  });

  it('AUTH-12 the features stand in the cookie, least significant bit first', () => {
    expect(cookieOf(false, false)).toBe('obMatJos2AAAA');
    expect(cookieOf(true, false)).toBe('obMatJos2AAAB');
    // The nonce of RFC 8489 appendix B.1, whose request has a USERHASH.
    expect(cookieOf(false, true)).toBe('obMatJos2AAAC');
    expect(cookieOf(true, true)).toBe('obMatJos2AAAD');
  });

  it('AUTH-12 reads the password algorithms bit of any nonce', () => {
    expect(offersPasswordAlgorithms(bytes('obMatJos2AAABx'))).toBe(true);
    expect(offersPasswordAlgorithms(bytes('obMatJos2AAAD'))).toBe(true);
    expect(offersPasswordAlgorithms(bytes('obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA'))).toBe(
      false,
    );
    for (const nonce of ['', 'obMatJos2', 'obMatJos2AAA', 'obMatJos3AAAB', 'obMatJos2\0\0\0\0']) {
      expect(offersPasswordAlgorithms(bytes(nonce))).toBe(false);
    }
  });

  it('AUTH-12 a nonce whose feature bits were taken away is stale', () => {
    const nonces = mint();
    const nonce = nonces.mint(NOW_MS, FROM).replace('AAAB', 'AAAA');
    expect(nonces.check(NOW_MS, FROM, bytes(nonce))).toBe('stale');
  });

  it('AUTH-13 a changed bit, a missing or an added byte make a nonce stale', () => {
    const nonces = mint();
    const nonce = bytes(nonces.mint(NOW_MS, FROM));
    for (let bit = 0; bit < nonce.length * 8; bit += 1) {
      const forged = Buffer.from(nonce);
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(nonces.check(NOW_MS, FROM, forged)).toBe('stale');
    }
    for (let length = 0; length < nonce.length; length += 1) {
      expect(nonces.check(NOW_MS, FROM, nonce.subarray(0, length))).toBe('stale');
    }
    expect(nonces.check(NOW_MS, FROM, Buffer.concat([nonce, nonce]))).toBe('stale');
  });

  it('AUTH-13 takes any bytes', () => {
    const nonces = mint();
    const cookie = nonces.mint(NOW_MS, FROM).slice(0, 13);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (any) => {
        expect(nonces.check(NOW_MS, FROM, Buffer.from(any))).toBe('stale');
        expect(typeof offersPasswordAlgorithms(Buffer.from(any))).toBe('boolean');
        const padded = Buffer.alloc(NONCE_BYTES);
        padded.set(any.subarray(0, NONCE_BYTES));
        padded.write(cookie, 'latin1');
        expect(nonces.check(NOW_MS, FROM, padded)).toBe('stale');
      }),
    );
  });

  it('refuses a life too short to be used', () => {
    expect(() => mint(999)).toThrow(RangeError);
    expect(() => mint(Number.NaN)).toThrow(RangeError);
  });
});
