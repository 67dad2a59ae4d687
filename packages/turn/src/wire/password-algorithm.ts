/**
 * PASSWORD-ALGORITHMS (what the server offers) and PASSWORD-ALGORITHM (what the client took).
 * Each entry: 16 bits of number, 16 bits of parameter length, parameters. Ours have none.
 * Pure codec.
 * @see https://www.rfc-editor.org/rfc/rfc8489#section-14.11
 * @module
 */
import { ATTRIBUTE } from './attribute-type.ts';
import type { PasswordAlgorithm } from './integrity-key.ts';
import type { MessageReader } from './message-reader.ts';
import { ABSENT } from './message-reader.ts';
import type { MessageWriter } from './message-writer.ts';

const NUMBERS: { readonly [A in PasswordAlgorithm]: number } = { md5: 1, sha256: 2 };
/** The better one first: a client takes the first it knows. */
const OFFER = Buffer.from([0, NUMBERS.sha256, 0, 0, 0, NUMBERS.md5, 0, 0]);
const ENTRY_BYTES = 4;

/** Appends what this server offers. */
export function appendPasswordAlgorithms(writer: MessageWriter): void {
  writer.appendBytes(ATTRIBUTE.passwordAlgorithms, OFFER);
}

/** Appends the choice of a client. */
export function appendPasswordAlgorithm(writer: MessageWriter, algorithm: PasswordAlgorithm): void {
  writer.appendUint32(ATTRIBUTE.passwordAlgorithm, NUMBERS[algorithm] << 16);
}

/**
 * What a request says about its password algorithm: `unsaid` when it has neither attribute,
 * `invalid` unless it has both, repeats our offer to the byte, and chose from it.
 */
export function decodePasswordAlgorithm(
  message: MessageReader,
): PasswordAlgorithm | 'unsaid' | 'invalid' {
  const choice = message.find(ATTRIBUTE.passwordAlgorithm);
  const offer = message.find(ATTRIBUTE.passwordAlgorithms);
  if (choice === ABSENT && offer === ABSENT) return 'unsaid';
  if (choice === ABSENT || message.valueLength(choice) !== ENTRY_BYTES) return 'invalid';
  if (message.value(ATTRIBUTE.passwordAlgorithms)?.equals(OFFER) !== true) return 'invalid';
  switch (message.bytes.readUInt32BE(message.valueOffset(choice))) {
    case NUMBERS.md5 << 16:
      return 'md5';
    case NUMBERS.sha256 << 16:
      return 'sha256';
    default:
      return 'invalid';
  }
}
