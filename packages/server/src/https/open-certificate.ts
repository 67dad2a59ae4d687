/**
 * Takes the rung of the ladder to https that the options name.
 * @module
 */
import { hostname, networkInterfaces } from 'node:os';
import { ParleyError } from '@parley/protocol';
import { SYSTEM_CLOCK } from '../clock.ts';
import type { ResolvedServerOptions } from '../options.ts';
import { AcmeCertificate } from './acme/acme-certificate.ts';
import type { ChallengeKind } from './acme/acme-order.ts';
import type { CertificateSource } from './certificate-source.ts';
import { CertificateStore } from './certificate-store.ts';
import { FileCertificate } from './file-certificate.ts';
import { HTTPS_PORT } from './https-options.ts';
import { LanCertificate } from './lan-certificate.ts';
import { lanAddresses, localNames, publicAddress } from './local-names.ts';
import type { MachineNames } from './local-names.ts';
import type { ChallengeAnswers } from './plain-port.ts';

/** Why the machine's own address cannot be used. */
export type AddressErrorCode = 'ERR_PUBLIC_ADDRESS';

/** The name or address that strangers are to use, where an authority vouches for one. */
export function publicNameOf(options: ResolvedServerOptions): string | undefined {
  if (options.publicAddress !== 'auto') return options.domain ?? options.publicAddress;
  const own = publicAddress(machine());
  if (own !== undefined) return own;
  throw new ParleyError(
    'ERR_PUBLIC_ADDRESS',
    'This machine has no public address of its own. If it is behind a NAT that forwards the ports, ' +
      'name the address: --public ADDRESS.',
  );
}

/** The address that other devices in this network can use. */
export function lanAddressOf({ lan, host }: ResolvedServerOptions): string | undefined {
  return lan ? (host ?? lanAddresses(machine())[0]) : undefined;
}

/**
 * `undefined`: plain http.
 * @throws {ParleyError} when there is a certificate that cannot be used
 */
export async function openCertificate(
  options: ResolvedServerOptions,
  answers: ChallengeAnswers,
): Promise<CertificateSource | undefined> {
  const { tlsCert, tlsKey, lan, dataDir, logger } = options;
  if (tlsCert !== undefined && tlsKey !== undefined) {
    return new FileCertificate({ certFile: tlsCert, keyFile: tlsKey }, logger);
  }
  const common = { clock: SYSTEM_CLOCK, logger };
  if (lan) {
    return LanCertificate.open({
      ...common,
      store: new CertificateStore(dataDir, 'lan-certificate'),
      names: () => localNames(machine()),
    });
  }
  const name = publicNameOf(options);
  if (name === undefined) return undefined;
  const { acmeDirectory: directoryUrl, acmeEmail: email } = options;
  const challenge = challengeOf(options);
  return AcmeCertificate.open({
    ...common,
    directoryUrl,
    email,
    name,
    challenge,
    dataDir,
    answers,
  });
}

function challengeOf({ acmeChallenge, port }: ResolvedServerOptions): ChallengeKind {
  if (acmeChallenge !== 'auto') return acmeChallenge;
  return port === HTTPS_PORT ? 'tls-alpn-01' : 'http-01';
}

function machine(): MachineNames {
  return { interfaces: networkInterfaces(), hostName: hostname() };
}
