/**
 * Attribute type numbers of the IANA registry that this package knows.
 * @see https://www.iana.org/assignments/stun-parameters/stun-parameters.xhtml
 * @module
 */

/** Attribute types. Below 0x8000 a receiver must understand them, or refuse with 420. */
export const ATTRIBUTE = {
  mappedAddress: 0x0001,
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  unknownAttributes: 0x000a,
  channelNumber: 0x000c,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedAddressFamily: 0x0017,
  evenPort: 0x0018,
  requestedTransport: 0x0019,
  dontFragment: 0x001a,
  messageIntegritySha256: 0x001c,
  passwordAlgorithm: 0x001d,
  userhash: 0x001e,
  xorMappedAddress: 0x0020,
  reservationToken: 0x0022,
  additionalAddressFamily: 0x8000,
  addressErrorCode: 0x8001,
  passwordAlgorithms: 0x8002,
  software: 0x8022,
  alternateServer: 0x8023,
  fingerprint: 0x8028,
  /** Number of ADDITIONAL-ADDRESS-FAMILY in the drafts; coturn 4.6 still sends it. */
  draftAdditionalAddressFamily: 0x8032,
} as const;

const FIRST_OPTIONAL = 0x8000;

/** True when a receiver that does not know `type` has to refuse the message. */
export function isComprehensionRequired(type: number): boolean {
  return type < FIRST_OPTIONAL;
}
