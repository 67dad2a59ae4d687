/**
 * Certificates that nobody vouches for: for a LAN, where no authority can, and for the moments before
 * an authority has spoken. Pure apart from random numbers.
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1
 * @module
 */
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import type { TlsIdentity } from '@parley/turn';

/** What it is for. */
export interface SelfSignedRequest {
  /** Host names and IP addresses, at least one. */
  readonly names: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Makes a key and a certificate for it. */
export async function createSelfSigned(request: SelfSignedRequest): Promise<TlsIdentity> {
  const { names, notBefore, notAfter } = request;
  // Loaded here: it brings globals with it, and most servers make no certificate.
  const x509 = await import('@peculiar/x509');
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Parley',
    notBefore,
    notAfter,
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map(nameOf)),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    cert: Buffer.from(certificate.toString('pem')),
    key: Buffer.from(x509.PemConverter.encode(key, x509.PemConverter.PrivateKeyTag)),
  };
}

function nameOf(value: string): { type: 'dns' | 'ip'; value: string } {
  return { type: isIP(value) === 0 ? 'dns' : 'ip', value };
}
