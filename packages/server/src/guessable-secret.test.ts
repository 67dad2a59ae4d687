import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isGuessable } from './guessable-secret.ts';

describe('isGuessable', () => {
  it.each([
    'n'.repeat(32),
    'abcabcabcabcabcabcabcabcabcabcabcabc',
    '00000000000000000000000000000001',
    '12345678901234567890123456789012',
    'this is my secret for the server!!',
    'ChangeMe-ChangeMe-ChangeMe-ChangeMe',
    'abcdefghijabcdefghijabcdefghijabcdefghij',
  ])('refuses %j', (secret) => {
    expect(isGuessable(secret)).toBe(true);
  });

  it('takes random ones, however they are written', () => {
    for (let round = 0; round < 2000; round += 1) {
      const bytes = randomBytes(16);
      expect(isGuessable(bytes.toString('hex'))).toBe(false);
      expect(isGuessable(randomBytes(24).toString('base64url'))).toBe(false);
    }
  });
});
