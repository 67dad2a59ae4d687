/**
 * Certificate and key from files, used anew when they change: certificates are renewed while calls
 * go on. The files are read again and again and compared, because renewal tools replace files and
 * swap links in ways that change notifications miss.
 * @module
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';

/** What a TLS server shows and signs with, as PEM. */
export interface TlsIdentity {
  /** Certificate chain, the server's own first. */
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Where to read it. */
export interface TlsFilesOptions {
  readonly certFile: string;
  readonly keyFile: string;
  /** @default 5 seconds */
  readonly intervalMs?: number;
  /** Called with each new, usable identity. */
  readonly onChange: (identity: TlsIdentity) => void;
  /** Called once per change that cannot be used; the old identity stays. @default ignored */
  readonly onError?: (error: unknown) => void;
}

const DEFAULT_INTERVAL_MS = 5000;

/** A watched certificate and key. */
export class TlsFiles {
  readonly #options: TlsFilesOptions;
  readonly #timer: NodeJS.Timeout;
  #identity: TlsIdentity;
  /** What the files held last, usable or not; `undefined` when they could not be read. */
  #seen: TlsIdentity | undefined;

  /** @throws the system's error, or that of OpenSSL when certificate and key do not match. */
  constructor(options: TlsFilesOptions) {
    this.#options = options;
    const { certFile, keyFile, intervalMs = DEFAULT_INTERVAL_MS } = options;
    this.#identity = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
    createSecureContext(this.#identity);
    this.#seen = this.#identity;
    this.#timer = setInterval(() => void this.#look(), intervalMs).unref();
  }

  /** The latest identity that was usable. */
  get identity(): TlsIdentity {
    return this.#identity;
  }

  /** Stops watching. Idempotent. */
  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const { certFile, keyFile, onChange, onError } = this.#options;
    const before = this.#seen;
    try {
      const [cert, key] = await Promise.all([readFile(certFile), readFile(keyFile)]);
      if (this.#seen?.cert.equals(cert) === true && this.#seen.key.equals(key)) return;
      this.#seen = { cert, key };
      createSecureContext(this.#seen);
      this.#identity = this.#seen;
    } catch (error) {
      if (this.#seen === before) this.#seen = undefined; // Not even readable.
      if (this.#seen !== before) onError?.(error);
      return;
    }
    onChange(this.#identity);
  }
}
