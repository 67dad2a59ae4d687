import { expect, it } from 'vitest';
import { longTermKey, userHash } from './integrity-key.ts';

const CREDENTIAL = { username: 'user', realm: 'realm', password: 'pass' };

it('AUTH-1 the MD5 key is that of RFC 8489 section 9.2.2', () => {
  expect(longTermKey(CREDENTIAL, 'md5').bytes.toString('hex')).toBe(
    '8493fbc53ba582fb4c044c456bdc40eb',
  );
});

it('AUTH-1 the SHA-256 key hashes the same text', () => {
  // printf 'user:realm:pass' | sha256sum
  expect(longTermKey(CREDENTIAL, 'sha256').bytes.toString('hex')).toBe(
    '07e934117abd40836e7c6329b54731b2b2d2a5f9a71f544922d75e0730d8251b',
  );
});

it('AUTH-1 names and passwords are compared in their OpaqueString form', () => {
  const composed = { ...CREDENTIAL, username: 'caf\u00e9', password: 'a b' };
  const decomposed = { ...CREDENTIAL, username: 'cafe\u0301', password: 'a\u3000b' };
  expect(longTermKey(decomposed, 'md5').bytes).toEqual(longTermKey(composed, 'md5').bytes);
});

it('AUTH-2 USERHASH is the SHA-256 of name and realm', () => {
  // printf 'user:realm' | sha256sum
  expect(userHash('user', 'realm').toString('hex')).toBe(
    '6a3029116b47aa98bcaa325399733dc1a23cd57e26b81bef3ff6531ce624e2da',
  );
});
