/**
 * Certificates of ours in the data folder, each with its key in one file for the owner alone.
 * @module
 */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { ParleyError } from '@parley/protocol';
import type { TlsIdentity } from '@parley/turn';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const KEY_BLOCK = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----\n?/;

/** A certificate that was kept. */
export interface KeptCertificate extends TlsIdentity {
  readonly validFrom: Date;
  readonly validTo: Date;
  /** Whether it is good for this host name or address. */
  covers(name: string): boolean;
}

/** One file. */
export class CertificateStore {
  readonly #folder: string;
  readonly #file: string;

  /** `name` is part of the file's name. */
  constructor(dataDir: string, name: string) {
    this.#folder = resolve(dataDir);
    this.#file = join(this.#folder, `${name.replaceAll(/[^\w.-]/g, '_')}.pem`);
  }

  /** What is kept; `undefined` when there is nothing, or nothing that can be used. */
  read(): KeptCertificate | undefined {
    try {
      const text = readFileSync(this.#file, 'utf8');
      const key = KEY_BLOCK.exec(text)?.[0] ?? '';
      return describeCertificate({
        cert: Buffer.from(text.replace(KEY_BLOCK, '')),
        key: Buffer.from(key),
      });
    } catch {
      return undefined;
    }
  }

  /** The key alone; `undefined` when there is none. */
  readKey(): Buffer | undefined {
    try {
      const key = KEY_BLOCK.exec(readFileSync(this.#file, 'utf8'))?.[0];
      return key === undefined ? undefined : Buffer.from(key);
    } catch {
      return undefined;
    }
  }

  /** @throws {ParleyError} `ERR_DATA_DIR` */
  write({ cert, key }: TlsIdentity): void {
    try {
      mkdirSync(this.#folder, { recursive: true, mode: FOLDER_MODE });
      const text = Buffer.concat([key, Buffer.from('\n'), cert]);
      writeFileSync(`${this.#file}.new`, text, { mode: FILE_MODE, flush: true });
      renameSync(`${this.#file}.new`, this.#file);
    } catch (cause) {
      throw new ParleyError(
        'ERR_DATA_DIR',
        `Cannot write ${this.#file}. Choose another data folder, or give this user access to it.`,
        { cause },
      );
    }
  }
}

/** @throws when certificate and key are malformed or do not belong together */
export function describeCertificate(identity: TlsIdentity): KeptCertificate {
  const certificate = new X509Certificate(identity.cert);
  if (!certificate.checkPrivateKey(createPrivateKey(identity.key))) {
    throw new TypeError('The key does not belong to the certificate');
  }
  return {
    ...identity,
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
    covers: (name) =>
      (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined,
  };
}
