/**
 * Our own certificate for the addresses of this machine. It is kept, so that people accept it once,
 * and made anew when it runs out or an address comes that it does not name.
 * @module
 */
import type { TlsIdentity } from '@parley/turn';
import type { Clock, Timer } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { CertificatePort, CertificateSource } from './certificate-source.ts';
import { describeCertificate } from './certificate-store.ts';
import type { CertificateStore, KeptCertificate } from './certificate-store.ts';
import { createSelfSigned } from './self-signed.ts';

/** What it works with. */
export interface LanCertificateOptions {
  readonly store: CertificateStore;
  /** The names and addresses at hand, asked again and again. */
  readonly names: () => readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
}

const DAY_MS = 86_400_000;
/** Apple's limit for certificates is 825 days. */
const VALIDITY_MS: number = 365 * DAY_MS;
/** Made anew when less is left: nobody runs into its end. */
const LEAST_LEFT_MS: number = 30 * DAY_MS;
/** Clocks of phones may be behind ours. */
const BACKDATED_MS: number = DAY_MS;
const LOOK_INTERVAL_MS = 30_000;

/** The certificate of a LAN. */
export class LanCertificate implements CertificateSource {
  readonly #options: LanCertificateOptions;
  #current: KeptCertificate;
  #timer: Timer | undefined;
  #closed = false;

  private constructor(options: LanCertificateOptions, current: KeptCertificate) {
    this.#options = options;
    this.#current = current;
  }

  /** Takes the one that was kept, or makes one. */
  static async open(options: LanCertificateOptions): Promise<LanCertificate> {
    const kept = options.store.read();
    const isGood = kept !== undefined && isGoodFor(kept, options);
    return new LanCertificate(options, isGood ? kept : await make(options));
  }

  get identity(): TlsIdentity {
    return this.#current;
  }

  async start(port: CertificatePort): Promise<void> {
    port.show(this.#current);
    this.#lookLater(port);
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
  }

  #lookLater(port: CertificatePort): void {
    if (this.#closed) return;
    this.#timer = this.#options.clock.setTimeout(() => void this.#look(port), LOOK_INTERVAL_MS);
  }

  async #look(port: CertificatePort): Promise<void> {
    const { logger } = this.#options;
    try {
      if (!isGoodFor(this.#current, this.#options)) {
        this.#current = await make(this.#options);
        if (!this.#closed) port.show(this.#current);
        logger.info('certificate renewed');
      }
    } catch (error) {
      logger.warn('the certificate could not be renewed; the old one stays', { error });
    }
    this.#lookLater(port);
  }
}

function isGoodFor(kept: KeptCertificate, { names, clock }: LanCertificateOptions): boolean {
  const left = kept.validTo.getTime() - clock.unixSeconds() * 1000;
  return left > LEAST_LEFT_MS && names().every((name) => kept.covers(name));
}

async function make({ names, clock, store }: LanCertificateOptions): Promise<KeptCertificate> {
  const now = clock.unixSeconds() * 1000;
  const identity = await createSelfSigned({
    names: names(),
    notBefore: new Date(now - BACKDATED_MS),
    notAfter: new Date(now - BACKDATED_MS + VALIDITY_MS),
  });
  store.write(identity);
  return describeCertificate(identity);
}
