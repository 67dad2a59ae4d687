/**
 * Settings of https. Pure.
 * @module
 */
import type { ServerOptions } from '../options.ts';
import { ACME_CHALLENGES } from '../https/https-options.ts';
import { last, listed, oneOf, wholeNumber, yesOrNo } from './setting-values.ts';

/** One of them. */
interface HttpsSetting {
  readonly flag: string;
  readonly bare?: string;
  readonly variable: string;
  readonly value: string;
  readonly help: string;
  readonly read: (texts: readonly string[]) => ServerOptions;
}

/** Proxies on this machine. */
const LOOPBACK = ['127.0.0.0/8', '::1'];

/** In the order in which help lists them. */
export const HTTPS_SETTINGS: readonly HttpsSetting[] = [
  {
    flag: 'lan',
    bare: 'yes',
    variable: 'PARLEY_LAN',
    value: '[yes|no]',
    help: 'https with a certificate of our own, for this network (no)',
    read: (texts) => ({ lan: yesOrNo(last(texts)) }),
  },
  {
    flag: 'domain',
    variable: 'PARLEY_DOMAIN',
    value: 'NAME',
    help: 'https with a certificate got and renewed for this name',
    read: (texts) => ({ domain: last(texts) }),
  },
  {
    flag: 'public',
    bare: 'auto',
    variable: 'PARLEY_PUBLIC',
    value: '[ADDRESS]',
    help: 'the same for the IP address of this machine',
    read: (texts) => ({ publicAddress: last(texts) }),
  },
  {
    flag: 'tls-cert',
    variable: 'PARLEY_TLS_CERT',
    value: 'FILE',
    help: 'certificate chain (PEM) to serve https with; watched for changes',
    read: (texts) => ({ tlsCert: last(texts) }),
  },
  {
    flag: 'tls-key',
    variable: 'PARLEY_TLS_KEY',
    value: 'FILE',
    help: 'key (PEM) of the certificate',
    read: (texts) => ({ tlsKey: last(texts) }),
  },
  {
    flag: 'behind-proxy',
    bare: 'loopback',
    variable: 'PARLEY_BEHIND_PROXY',
    value: '[CIDR,...]',
    help: 'a proxy there speaks https for us, and is believed',
    read: (texts) => ({
      behindProxy: listed(texts).flatMap((one) => (one === 'loopback' ? LOOPBACK : one)),
    }),
  },
  {
    flag: 'acme-email',
    variable: 'PARLEY_ACME_EMAIL',
    value: 'ADDRESS',
    help: 'given to the authority, for when something is wrong',
    read: (texts) => ({ acmeEmail: last(texts) }),
  },
  {
    flag: 'acme-directory',
    variable: 'PARLEY_ACME_DIRECTORY',
    value: 'URL',
    help: "the authority that gives certificates (Let's Encrypt)",
    read: (texts) => ({ acmeDirectory: last(texts) }),
  },
  {
    flag: 'acme-challenge',
    variable: 'PARLEY_ACME_CHALLENGE',
    value: 'KIND',
    help: 'how it checks us: tls-alpn-01 (port 443), http-01 (80), or auto',
    read: (texts) => ({ acmeChallenge: oneOf(ACME_CHALLENGES, last(texts)) }),
  },
  {
    flag: 'http-port',
    variable: 'PARLEY_HTTP_PORT',
    value: 'NUMBER',
    help: 'sends people to https, answers the authority; 0: none (80)',
    read: (texts) => ({ httpPort: wholeNumber(last(texts)) }),
  },
];
