/**
 * LIFETIME: seconds an allocation is wanted for, or is kept.
 * Pure codec.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-18.2
 * @module
 */
import { ATTRIBUTE } from './attribute-type.ts';
import { ABSENT } from './message-reader.ts';
import type { MessageReader } from './message-reader.ts';
import type { MessageWriter } from './message-writer.ts';

/**
 * The seconds asked for, or `undefined`.
 * @throws {StunDecodeError} when the value is not 4 bytes.
 */
export function decodeLifetime(message: MessageReader): number | undefined {
  const at = message.fixedValueOffset(ATTRIBUTE.lifetime, 4);
  return at === ABSENT ? undefined : message.bytes.readUInt32BE(at);
}

/** Appends LIFETIME in whole seconds. */
export function appendLifetime(writer: MessageWriter, seconds: number): void {
  writer.appendUint32(ATTRIBUTE.lifetime, seconds);
}
