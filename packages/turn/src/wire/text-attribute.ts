/**
 * USERNAME, REALM, NONCE and SOFTWARE: UTF-8 text of a limited size.
 * Pure codec.
 * @see https://www.rfc-editor.org/rfc/rfc8489#section-14.3
 * @module
 */
import { isUtf8 } from 'node:buffer';
import { ATTRIBUTE } from './attribute-type.ts';
import type { MessageReader } from './message-reader.ts';
import { StunDecodeError } from './stun-decode-error.ts';

/** Attributes that carry text. */
export type TextAttribute = 'username' | 'realm' | 'nonce' | 'software';

const MAX_BYTES: { readonly [A in TextAttribute]: number } = {
  username: 509,
  realm: 763,
  nonce: 763,
  software: 763,
};

/**
 * The text of the attribute, or `undefined` when it is absent. Untrusted: may hold any character.
 * @throws {StunDecodeError} when it is too long or not UTF-8.
 */
export function decodeText(message: MessageReader, attribute: TextAttribute): string | undefined {
  const value = message.value(ATTRIBUTE[attribute]);
  if (value === undefined) return undefined;
  if (value.length > MAX_BYTES[attribute]) {
    throw new StunDecodeError('ERR_STUN_ATTRIBUTE_SIZE', `${attribute}: ${value.length} bytes.`);
  }
  if (!isUtf8(value)) {
    throw new StunDecodeError('ERR_STUN_ATTRIBUTE_VALUE', `${attribute} is not UTF-8.`);
  }
  return value.toString('utf8');
}
