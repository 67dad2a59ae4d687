/**
 * Tells secrets that a person made up from random ones. A guess: it errs on the side of accepting.
 * Pure.
 * @module
 */
import { deflateRawSync } from 'node:zlib';

const WORDS = /secret|password|passwort|changeme|change-me|example|parley|qwerty|123456|letmein/i;
/** 128 random bits as hexadecimal text have 12 digits of 16 at the very least. */
const LEAST_CHARACTERS = 9;
/** Repetition compresses; random text does not. */
const LEAST_COMPRESSED_BYTES = 20;

/** Whether somebody could find `secret` by trying. */
export function isGuessable(secret: string): boolean {
  return (
    WORDS.test(secret) ||
    new Set(secret).size < LEAST_CHARACTERS ||
    deflateRawSync(secret, { level: 9 }).length < LEAST_COMPRESSED_BYTES
  );
}
