/**
 * What a client that just connected speaks, told by its first byte. Clients of TURN begin with a
 * STUN message and send no ALPN and often no SNI, so this is the one sign there is. Pure.
 * @see https://www.rfc-editor.org/rfc/rfc7983#section-7
 * @module
 */

/** Protocols that share the port. */
export type FirstByteProtocol = 'tls' | 'http' | 'stun' | 'unknown';

const TLS_HANDSHAKE = 0x16;
const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;

/** Tells the protocol of a client by the first byte it sends. */
export function classifyFirstByte(byte: number): FirstByteProtocol {
  if (byte <= 0x03) return 'stun';
  if (byte === TLS_HANDSHAKE) return 'tls';
  // HTTP parsers let empty lines pass before a request.
  const isLineEnd = byte === CARRIAGE_RETURN || byte === LINE_FEED;
  return isLetter(byte) || isLineEnd ? 'http' : 'unknown';
}

function isLetter(byte: number): boolean {
  const upper = byte & ~0x20;
  return upper >= 0x41 && upper <= 0x5a;
}
