/**
 * A certificate that an authority gives and that is renewed in time. It is kept in the data folder, so
 * that a restart asks nobody.
 * @see https://letsencrypt.org/docs/integration-guide/
 * @module
 */
import { generateKeyPairSync } from 'node:crypto';
import type { TlsIdentity } from '@parley/turn';
import type { Clock, Timer } from '../../clock.ts';
import type { Logger } from '../../logger.ts';
import type { CertificatePort, CertificateSource } from '../certificate-source.ts';
import { CertificateStore, describeCertificate } from '../certificate-store.ts';
import type { KeptCertificate } from '../certificate-store.ts';
import type { ChallengeAnswers } from '../plain-port.ts';
import { createSelfSigned } from '../self-signed.ts';
import { orderCertificate } from './acme-order.ts';
import type { AcmeOrder, ChallengeKind } from './acme-order.ts';
import { orderInTime } from './order-deadline.ts';

/** What it works with. */
export interface AcmeCertificateOptions {
  readonly directoryUrl: string;
  readonly email: string | undefined;
  /** A host name, or an IP address. */
  readonly name: string;
  readonly challenge: ChallengeKind;
  readonly dataDir: string;
  readonly answers: ChallengeAnswers;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Renewed when this part of its time is over; the rest is for attempts that fail. */
const RENEWAL_POINT: number = 2 / 3;
const HOUR_MS = 3_600_000;
/** Waits before another attempt: authorities count failures, so each wait is twice as long. */
const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS: number = 12 * HOUR_MS;
/** Timers cannot wait for longer than 24 days; looking once a day is enough. */
const LONGEST_TIMER_MS: number = 24 * HOUR_MS;
const ACCOUNT_FILE = 'acme-account';

/** The certificate of a public name or address. */
export class AcmeCertificate implements CertificateSource {
  readonly #options: AcmeCertificateOptions;
  readonly #store: CertificateStore;
  #current: KeptCertificate | undefined;
  /** Shown while there is no other, so that the authority can connect. */
  readonly #stopgap: TlsIdentity;
  #timer: Timer | undefined;
  #failures = 0;
  #closed = false;

  private constructor(options: AcmeCertificateOptions, stopgap: TlsIdentity) {
    const { dataDir, name, directoryUrl } = options;
    this.#options = options;
    this.#stopgap = stopgap;
    this.#store = new CertificateStore(dataDir, `${name}-${new URL(directoryUrl).host}`);
    const kept = this.#store.read();
    if (kept?.covers(name) === true && kept.validTo.getTime() > this.#nowMs) this.#current = kept;
  }

  /** Takes the one that was kept, if any. */
  static async open(options: AcmeCertificateOptions): Promise<AcmeCertificate> {
    const now = options.clock.unixSeconds() * 1000;
    const span = { notBefore: new Date(now - HOUR_MS), notAfter: new Date(now + 24 * HOUR_MS) };
    return new AcmeCertificate(options, await createSelfSigned({ names: [options.name], ...span }));
  }

  get identity(): TlsIdentity {
    return this.#current ?? this.#stopgap;
  }

  async start(port: CertificatePort): Promise<void> {
    if (this.#current === undefined) await this.#order(port);
    this.#lookLater(port, this.#untilRenewal());
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
  }

  get #nowMs(): number {
    return this.#options.clock.unixSeconds() * 1000;
  }

  #untilRenewal(): number {
    if (this.#current === undefined) return 0;
    const { validFrom, validTo } = this.#current;
    const lifetime = validTo.getTime() - validFrom.getTime();
    return validFrom.getTime() + lifetime * RENEWAL_POINT - this.#nowMs;
  }

  #lookLater(port: CertificatePort, delayMs: number): void {
    if (this.#closed) return;
    const { clock } = this.#options;
    const wait = Math.min(Math.max(delayMs, 0), LONGEST_TIMER_MS);
    this.#timer = clock.setTimeout(() => void this.#look(port), wait);
  }

  async #look(port: CertificatePort): Promise<void> {
    const left = this.#untilRenewal();
    if (left > 0) return this.#lookLater(port, left);
    const { logger, name } = this.#options;
    try {
      await this.#order(port);
      this.#failures = 0;
      logger.info('certificate renewed', { name });
      this.#lookLater(port, this.#untilRenewal());
    } catch (error) {
      const wait = Math.min(FIRST_WAIT_MS * 2 ** this.#failures, LONGEST_WAIT_MS);
      this.#failures += 1;
      const reason = error instanceof Error ? error.message : String(error);
      logger.warn(`the certificate could not be renewed; the old one stays. ${reason}`);
      this.#lookLater(port, wait);
    }
  }

  async #order(port: CertificatePort): Promise<void> {
    const { directoryUrl, email, name, challenge, answers, clock } = this.#options;
    const order: AcmeOrder = {
      directoryUrl,
      email,
      name,
      challenge,
      accountKey: this.#accountKey(),
      place: {
        prove: (proof) => port.prove(proof),
        answer: (token, text) =>
          text === undefined ? answers.delete(token) : answers.set(token, text),
      },
    };
    const identity = await orderInTime(order, clock, orderCertificate);
    this.#store.write(identity);
    this.#current = describeCertificate(identity);
    if (!this.#closed) port.show(this.#current);
  }

  /** The key under which the authority knows us, from the first order on. */
  #accountKey(): Buffer {
    const { dataDir, directoryUrl } = this.#options;
    const name = `${ACCOUNT_FILE}-${new URL(directoryUrl).host}`;
    const store = new CertificateStore(dataDir, name);
    const kept = store.readKey();
    if (kept !== undefined) return kept;
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    store.write({ key, cert: Buffer.alloc(0) });
    return key;
  }
}
