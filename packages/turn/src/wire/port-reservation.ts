/**
 * EVEN-PORT and RESERVATION-TOKEN: a pair of adjoining ports, the second kept for a later Allocate.
 * Pure codec.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-18.5
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-18.9
 * @module
 */
import { ATTRIBUTE } from './attribute-type.ts';
import { ABSENT } from './message-reader.ts';
import type { MessageReader } from './message-reader.ts';
import type { MessageWriter } from './message-writer.ts';

const RESERVE_BIT = 0x80;
/** Bytes of a reservation token. */
export const TOKEN_BYTES = 8;

/**
 * An even port is wanted, and whether the next one shall be kept; `undefined` when any port will do.
 * @throws {StunDecodeError} when the value is not one byte.
 */
export function decodeEvenPort(message: MessageReader): { reserveNext: boolean } | undefined {
  const at = message.fixedValueOffset(ATTRIBUTE.evenPort, 1);
  if (at === ABSENT) return undefined;
  return { reserveNext: (message.bytes.readUInt8(at) & RESERVE_BIT) !== 0 };
}

/** Appends EVEN-PORT. */
export function appendEvenPort(writer: MessageWriter, reserveNext: boolean): void {
  const at = writer.append(ATTRIBUTE.evenPort, 1);
  writer.bytes.writeUInt8(reserveNext ? RESERVE_BIT : 0, at);
}

/**
 * The token as text, fit to be a key, or `undefined`.
 * @throws {StunDecodeError} when the value is not 8 bytes.
 */
export function decodeReservationToken(message: MessageReader): string | undefined {
  const at = message.fixedValueOffset(ATTRIBUTE.reservationToken, TOKEN_BYTES);
  return at === ABSENT ? undefined : message.bytes.toString('hex', at, at + TOKEN_BYTES);
}

/** Appends RESERVATION-TOKEN. */
export function appendReservationToken(writer: MessageWriter, token: string): void {
  writer.appendBytes(ATTRIBUTE.reservationToken, Buffer.from(token, 'hex'));
}
