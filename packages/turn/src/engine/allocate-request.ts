/**
 * What an Allocate asks for, checked in the order of the RFC.
 * Pure.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-7.2
 * @module
 */
import { decodeFamily } from '../wire/address-family.ts';
import type { MessageReader } from '../wire/message-reader.ts';
import { decodeLifetime } from '../wire/lifetime.ts';
import { decodeEvenPort, decodeReservationToken } from '../wire/port-reservation.ts';
import { decodeRequestedTransport, PROTOCOL_UDP } from '../wire/requested-transport.ts';
import type { AddressFamily } from '../wire/transport-address.ts';

/** A well-formed wish. */
export interface AllocateRequest {
  /** Families wanted; the first one must be had, the second one may fail alone. */
  readonly families: readonly [AddressFamily] | readonly [4, 6];
  /** True when the client named the family, so that another one will not do. */
  readonly isFamilyNamed: boolean;
  readonly evenPort: { readonly reserveNext: boolean } | undefined;
  readonly reservationToken: string | undefined;
  readonly lifetimeSeconds: number | undefined;
}

/** Why a wish is refused. */
export type AllocateRefusal = 400 | 440 | 442;

/**
 * Reads an Allocate.
 * @throws {StunDecodeError} when a value has a wrong size; the answer is 400 then, too.
 */
export function readAllocateRequest(message: MessageReader): AllocateRequest | AllocateRefusal {
  const transport = decodeRequestedTransport(message);
  if (transport === undefined) return 400;
  if (transport !== PROTOCOL_UDP) return 442;

  const evenPort = decodeEvenPort(message);
  const reservationToken = decodeReservationToken(message);
  const families = readFamilies(message, evenPort?.reserveNext === true);
  if (typeof families === 'number') return families;
  // A token names a port that exists, parity, family and all.
  const isPortChosen = evenPort !== undefined || families.length > 0;
  if (reservationToken !== undefined && isPortChosen) return 400;
  return {
    families: families.length === 0 ? [4] : families,
    isFamilyNamed: families.length > 0,
    evenPort,
    reservationToken,
    lifetimeSeconds: decodeLifetime(message),
  };
}

/** The families named: none, one, or both. */
function readFamilies(
  message: MessageReader,
  isPair: boolean,
): readonly [] | readonly [AddressFamily] | readonly [4, 6] | AllocateRefusal {
  const requested = decodeFamily(message, 'requestedAddressFamily');
  const additional = decodeFamily(message, 'additionalAddressFamily');
  if (additional !== undefined) {
    // It only means "and IPv6 as well", and a reserved pair has room for one family.
    return requested === undefined && !isPair && additional === 6 ? [4, 6] : 400;
  }
  if (requested === 'unknown') return 440;
  if (requested !== undefined) return [requested];
  // The number of the drafts has never meant anything that could be refused.
  const isBothWanted = !isPair && decodeFamily(message, 'draftAdditionalAddressFamily') === 6;
  return isBothWanted ? [4, 6] : [];
}
