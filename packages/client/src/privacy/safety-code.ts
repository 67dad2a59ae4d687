/**
 * The safety code of a connection: digits that both sides derive from both certificates. Equal codes
 * mean that the two browsers talk to each other and nobody is between.
 *
 * Whoever is between chooses the certificates that each side sees, and may search for two that lead
 * to one code. For a code of 10^30 that takes some 10^15 attempts, each as slow as ours.
 * The estimate in full: docs/PRIVACY.md.
 * @module
 */
import type { ParleyError } from '@parley/protocol';
import { parseFingerprint } from './fingerprint.ts';
import { privacyError, requireCrypto } from './privacy-error.ts';
import type { PrivacyErrorCode } from './privacy-error.ts';

/** The session descriptions in force on one side. */
export interface Descriptions {
  readonly local: string;
  readonly remote: string;
}

const LABEL = 'parley safety code v1';
const ITERATIONS = 2 ** 18;
const GROUPS = 6;
const GROUP_DIGITS = 5;
/** 40 bits for 10^5 values: none is more likely than another by more than one in ten million. */
const GROUP_BYTES = 5;

/** The part of an RTCPeerConnection that a code comes from. */
export type VerifiedConnection = Pick<
  RTCPeerConnection,
  'connectionState' | 'currentLocalDescription' | 'currentRemoteDescription'
>;

/**
 * The code of a connection that has compared the certificate with the description, as browsers do
 * before they call it `connected`.
 * @throws {ParleyError} `ERR_FINGERPRINT`, `ERR_CRYPTO_UNAVAILABLE`
 */
export async function readSafetyCode(connection: VerifiedConnection): Promise<string> {
  const before = descriptionsInForce(connection);
  const code = await deriveSafetyCode(before);
  const after = descriptionsInForce(connection);
  if (before.local === after.local && before.remote === after.remote) return code;
  return readSafetyCode(connection); // negotiated meanwhile
}

/**
 * Six groups of five digits, the same on both sides. It proves something once the connection is
 * `connected`: only then the browser has compared the certificate with the description.
 * @throws {ParleyError} `ERR_FINGERPRINT`, `ERR_CRYPTO_UNAVAILABLE`
 */
export async function deriveSafetyCode({ local, remote }: Descriptions): Promise<string> {
  const pair = [local, remote].map((sdp) => {
    const fingerprint = parseFingerprint(sdp);
    if (fingerprint !== undefined) return fingerprint;
    throw uncertain();
  });
  const bytes = await stretch(pair.toSorted().join(' '));
  return Array.from({ length: GROUPS }, (_, group) => readGroup(bytes, group)).join(' ');
}

function descriptionsInForce(connection: VerifiedConnection): Descriptions {
  const { connectionState, currentLocalDescription, currentRemoteDescription } = connection;
  if (connectionState !== 'connected') throw uncertain();
  return {
    local: currentLocalDescription?.sdp ?? '',
    remote: currentRemoteDescription?.sdp ?? '',
  };
}

function uncertain(): ParleyError<PrivacyErrorCode> {
  return privacyError('ERR_FINGERPRINT', 'It is not certain whose certificate the call uses.');
}

async function stretch(text: string): Promise<Uint8Array> {
  const subtle = requireCrypto();
  const encoder = new TextEncoder();
  const key = await subtle.importKey('raw', encoder.encode(text), 'PBKDF2', false, ['deriveBits']);
  const salt = encoder.encode(LABEL);
  const bits = await subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ITERATIONS },
    key,
    GROUPS * GROUP_BYTES * 8,
  );
  return new Uint8Array(bits);
}

function readGroup(bytes: Uint8Array, group: number): string {
  const start = group * GROUP_BYTES;
  const value = bytes
    .subarray(start, start + GROUP_BYTES)
    .reduce((sum, byte) => sum * 256 + byte, 0);
  return String(value % 10 ** GROUP_DIGITS).padStart(GROUP_DIGITS, '0');
}
