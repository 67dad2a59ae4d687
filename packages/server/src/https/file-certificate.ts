/**
 * A certificate of the owner's, in files that are watched.
 * @module
 */
import { ParleyError } from '@parley/protocol';
import { TlsFiles } from '@parley/turn';
import type { TlsIdentity } from '@parley/turn';
import type { Logger } from '../logger.ts';
import type { CertificatePort, CertificateSource } from './certificate-source.ts';

/** Why a certificate cannot be used. */
export type TlsErrorCode = 'ERR_TLS_FILES';

/** Where a certificate and its key are. */
export interface TlsFileNames {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Shows what the files hold; a change that cannot be used is told and leaves the old one. */
export class FileCertificate implements CertificateSource {
  readonly #names: TlsFileNames;
  readonly #logger: Logger;
  readonly #files: TlsFiles;
  #port: CertificatePort | undefined;

  /** @throws {ParleyError} a {@link TlsErrorCode} when the certificate cannot be used */
  constructor(names: TlsFileNames, logger: Logger) {
    this.#names = names;
    this.#logger = logger;
    this.#files = this.#open();
  }

  get identity(): TlsIdentity {
    return this.#files.identity;
  }

  async start(port: CertificatePort): Promise<void> {
    this.#port = port;
    port.show(this.identity);
  }

  close(): void {
    this.#files.close();
  }

  #open(): TlsFiles {
    const { certFile, keyFile } = this.#names;
    try {
      return new TlsFiles({
        certFile,
        keyFile,
        onChange: (identity) => {
          this.#port?.show(identity);
          this.#logger.info('certificate renewed', { certFile });
        },
        onError: (error) => {
          this.#logger.warn('the changed certificate cannot be used; the old one stays', { error });
        },
      });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ParleyError(
        'ERR_TLS_FILES',
        `The certificate ${certFile} with the key ${keyFile} cannot be used: ${reason}. ` +
          'Both must be PEM files that belong together.',
        { cause },
      );
    }
  }
}
