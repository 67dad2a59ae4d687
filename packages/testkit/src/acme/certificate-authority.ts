/**
 * An authority that signs certificates for tests. It lives as long as its process.
 * @module
 */
import { webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { X509Certificate } from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

/** Names in a request or a certificate, addresses included. */
export type RequestedNames = readonly string[];

/** The authority and its key. */
export class CertificateAuthority {
  readonly #root: X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;

  private constructor(root: X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.#root = root;
    this.#keys = keys;
  }

  static async create(): Promise<CertificateAuthority> {
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const now = Date.now();
    const root = await X509CertificateGenerator.createSelfSigned({
      name: 'CN=Parley test authority of one run',
      notBefore: new Date(now - DAY_MS),
      notAfter: new Date(now + DAY_MS),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    });
    return new CertificateAuthority(root, keys);
  }

  /** What browsers are to trust, as PEM. */
  get pem(): string {
    return this.#root.toString('pem');
  }

  /** Signs a request (DER). @throws when it is malformed or its own signature is wrong */
  async sign(csr: Uint8Array<ArrayBuffer>, lifetimeSeconds: number): Promise<string> {
    const request = new Pkcs10CertificateRequest(csr);
    if (!(await request.verify())) throw new Error('The request is not signed by its key');
    const now = Math.floor(Date.now() / 1000) * 1000;
    const certificate = await X509CertificateGenerator.create({
      subject: '',
      issuer: this.#root.subject,
      notBefore: new Date(now),
      notAfter: new Date(now + lifetimeSeconds * 1000),
      signingAlgorithm: ALGORITHM,
      publicKey: request.publicKey,
      signingKey: this.#keys.privateKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        await AuthorityKeyIdentifierExtension.create(this.#root, false),
        new SubjectAlternativeNameExtension(namesIn(request), true),
      ],
    });
    return `${certificate.toString('pem')}\n${this.pem}\n`;
  }

  /** The names a request asks for. */
  static namesOf(csr: Uint8Array<ArrayBuffer>): RequestedNames {
    return namesIn(new Pkcs10CertificateRequest(csr)).map(({ value }) => value);
  }
}

function namesIn(request: Pkcs10CertificateRequest): { type: 'dns' | 'ip'; value: string }[] {
  return request.extensions
    .filter((extension) => extension instanceof SubjectAlternativeNameExtension)
    .flatMap(({ names }) => names.items)
    .flatMap(({ type, value }) => (type === 'dns' || type === 'ip' ? [{ type, value }] : []));
}
