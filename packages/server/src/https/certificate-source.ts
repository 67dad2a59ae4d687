/**
 * Where the certificate of the port comes from: files, ourselves, or an authority.
 * @module
 */
import type { TlsIdentity } from '@parley/turn';

/** What a source does with the port. */
export interface CertificatePort {
  /** Shows this certificate on the connections to come; those that are open stay as they are. */
  show(identity: TlsIdentity): void;
  /** Shows this one to an authority that asks for a proof, until it is taken back. */
  prove(identity: TlsIdentity | undefined): void;
}

/** A certificate that may change while the server runs. Its owner must `close` it. */
export interface CertificateSource {
  /** The one to show at first. */
  readonly identity: TlsIdentity;
  /**
   * The port answers: from now on changes are told to it. Resolves when a good certificate is shown.
   * @throws {ParleyError} when none can be had
   */
  start(port: CertificatePort): Promise<void>;
  /** Idempotent. */
  close(): void;
}
