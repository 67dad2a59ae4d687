/**
 * How the page is served to others: which certificate, and from where requests come.
 * @module
 */
import { isIP } from 'node:net';

/** Where proofs of who we are are shown to an authority. `auto`: on the port itself if it is 443, else on port 80. */
export type AcmeChallenge = 'auto' | 'tls-alpn-01' | 'http-01';

/** The part of the server's options that concerns https. At most one rung may be taken. */
export interface HttpsOptions {
  /** Certificate chain in a PEM file; read again when it changes. @default plain HTTP */
  readonly tlsCert?: string;
  /** Key of the certificate, in a PEM file. */
  readonly tlsKey?: string;
  /** Makes a certificate of its own for the addresses at hand. @default false */
  readonly lan?: boolean;
  /** Gets a certificate for this host name from an authority. */
  readonly domain?: string;
  /** Gets a certificate for this IP address from an authority; `auto`: for the machine's own. */
  readonly publicAddress?: string;
  /** Addresses and networks of proxies in front that speak https, and whose X-Forwarded headers are believed. @default none */
  readonly behindProxy?: readonly string[];
  /** Where the authority is found. @default that of Let's Encrypt */
  readonly acmeDirectory?: string;
  /** Given to the authority. @default none */
  readonly acmeEmail?: string;
  /** @default 'auto' */
  readonly acmeChallenge?: AcmeChallenge;
  /** Port of plain HTTP beside `domain` and `publicAddress`; 0: none. @default 80 */
  readonly httpPort?: number;
}

/** Options whose absence means something. */
export type HttpsOptionsWithoutDefault =
  | 'tlsCert'
  | 'tlsKey'
  | 'domain'
  | 'publicAddress'
  | 'acmeEmail';

/** All challenges, in the order in which help names them. */
export const ACME_CHALLENGES: readonly AcmeChallenge[] = ['auto', 'tls-alpn-01', 'http-01'];

/** Where links need no port. */
export const HTTPS_PORT = 443;

/** What holds when nothing is said. */
export const DEFAULT_HTTPS_OPTIONS: Required<Omit<HttpsOptions, HttpsOptionsWithoutDefault>> = {
  lan: false,
  behindProxy: [],
  acmeDirectory: 'https://acme-v02.api.letsencrypt.org/directory',
  acmeChallenge: 'auto',
  httpPort: 80,
};

const MAX_PORT = 65_535;
const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;
const NETWORK = /^(?<address>[0-9A-Fa-f:.]+)(?:\/(?<bits>\d{1,3}))?$/;

/** Calls `check` with what must hold and the sentence for when it does not. */
export function checkHttpsOptions(
  options: HttpsOptions,
  check: (holds: boolean, message: string) => void,
): void {
  const { domain, publicAddress, behindProxy, acmeDirectory, acmeChallenge, httpPort } = {
    ...DEFAULT_HTTPS_OPTIONS,
    ...options,
  };
  check(
    domain === undefined || (HOST_NAME.test(domain) && isIP(domain) === 0),
    `domain must be a host name like calls.example.org, got "${domain}"; for an address use publicAddress (--public)`,
  );
  check(
    publicAddress === undefined || publicAddress === 'auto' || isIP(publicAddress) !== 0,
    `publicAddress must be an IP address, got "${publicAddress}"; for a name use domain (--domain)`,
  );
  for (const network of behindProxy) {
    check(isNetwork(network), `behindProxy takes addresses like 10.0.0.0/8, got "${network}"`);
  }
  check(isUrl(acmeDirectory), `acmeDirectory must be a URL, got "${acmeDirectory}"`);
  check(
    ACME_CHALLENGES.includes(acmeChallenge),
    `acmeChallenge must be auto, tls-alpn-01 or http-01, got "${acmeChallenge}"`,
  );
  check(
    Number.isInteger(httpPort) && httpPort >= 0 && httpPort <= MAX_PORT,
    `httpPort must be 0 to ${MAX_PORT}, got ${httpPort}`,
  );
}

/** Calls `check` with what must hold of all of them together. */
export function checkHttpsTogether(
  options: HttpsOptions,
  check: (holds: boolean, message: string) => void,
): void {
  const { tlsCert, tlsKey, lan, domain, publicAddress, behindProxy = [] } = options;
  check(
    (tlsCert === undefined) === (tlsKey === undefined),
    'A certificate needs its key, and a key its certificate: give both tlsCert and tlsKey, or none',
  );
  const rungs = [
    tlsCert !== undefined && 'tlsCert',
    lan === true && 'lan',
    domain !== undefined && 'domain',
    publicAddress !== undefined && 'publicAddress',
    behindProxy.length > 0 && 'behindProxy',
  ].filter((name) => name !== false);
  check(
    rungs.length <= 1,
    `There is one way to https at a time, got ${rungs.join(' and ')}: leave out all but one`,
  );
}

function isNetwork(text: string): boolean {
  const { address = '', bits } = NETWORK.exec(text)?.groups ?? {};
  const family = isIP(address);
  return family !== 0 && (bits === undefined || Number(bits) <= (family === 6 ? 128 : 32));
}

function isUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
