import { createHash } from 'node:crypto';
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
    // The same ones in every run: by chance one in some hundred thousand looks made up.
    for (let round = 0; round < 500; round += 1) {
      const bytes = createHash('sha256').update(`seed ${round}`).digest();
      expect(isGuessable(bytes.subarray(0, 16).toString('hex'))).toBe(false);
      expect(isGuessable(bytes.toString('base64url'))).toBe(false);
    }
  });
});
