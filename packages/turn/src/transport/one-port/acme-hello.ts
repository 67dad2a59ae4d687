/**
 * Tells the TLS hello of a certificate authority that checks who holds the port (TLS-ALPN-01) by the
 * protocol it asks for. Pure.
 * @see https://www.rfc-editor.org/rfc/rfc8737#section-3
 * @module
 */

/** Whether it is one, as far as the bytes that have come can tell. */
export type AcmeHello = 'yes' | 'no' | 'incomplete';

/** The one protocol such a hello may ask for. */
export const ACME_PROTOCOL = 'acme-tls/1';

const RECORD_HEADER_BYTES = 5;
const LENGTH_OFFSET = 3;
/** As it stands in a list of protocols: behind its length. */
const LISTED = Buffer.concat([Buffer.of(ACME_PROTOCOL.length), Buffer.from(ACME_PROTOCOL)]);

/** Looks through the first record of a TLS connection. */
export function readAcmeHello(bytes: Buffer): AcmeHello {
  if (bytes.length < RECORD_HEADER_BYTES) return 'incomplete';
  const end = RECORD_HEADER_BYTES + bytes.readUInt16BE(LENGTH_OFFSET);
  if (bytes.subarray(RECORD_HEADER_BYTES, end).includes(LISTED)) return 'yes';
  return bytes.length < end ? 'incomplete' : 'no';
}
