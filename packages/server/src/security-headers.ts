/**
 * Headers every HTTP answer carries. The page runs only its own scripts, talks only to this server,
 * and nobody may frame it but pages of our own and of origins that the owner named.
 * @module
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import { TLSSocket } from 'node:tls';
import { isOwnMachine, parseHostHeader } from './host-name.ts';

const PERMISSIONS = [
  'camera=(self)',
  'microphone=(self)',
  'display-capture=(self)',
  'speaker-selection=(self)',
  'fullscreen=(self)',
  'autoplay=(self)',
  'geolocation=()',
  'payment=()',
  'usb=()',
].join(', ');

const STATIC_HEADERS: readonly (readonly [string, string])[] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['Permissions-Policy', PERMISSIONS],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
];

/** What the headers depend on. */
export interface HeaderOptions {
  /** The Host header as the client sent it. */
  readonly hostHeaderOf: (request: IncomingMessage) => string | undefined;
  /** The name has a certificate that is renewed by itself: it may promise to stay with https. */
  readonly keepsHttps: boolean;
  /** Origins of pages that may frame ours; `*`: all. */
  readonly embeds: readonly string[];
}

/** Half a year. */
const HSTS = 'max-age=15768000';

/** Makes a listener that sets the headers; the handler that answers may still override one. */
export function securityHeaders(options: HeaderOptions): RequestListener {
  const { hostHeaderOf, keepsHttps, embeds } = options;
  return (request, response) => {
    const hostHeader = hostHeaderOf(request);
    for (const [name, value] of STATIC_HEADERS) response.setHeader(name, value);
    if (isSecurePage(request, hostHeader)) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    }
    if (keepsHttps) response.setHeader('Strict-Transport-Security', HSTS);
    // It cannot name an origin; browsers that know frame-ancestors pass over it.
    if (embeds.length === 0) response.setHeader('X-Frame-Options', 'SAMEORIGIN');
    const policy = contentSecurityPolicy(hostHeader, embeds);
    response.setHeader('Content-Security-Policy', policy);
  };
}

/**
 * Whether a browser takes the answer for secure: elsewhere it complains about headers that it has to ignore.
 * What a proxy says is believed of anybody, because it changes nothing but the answer to the one who says it.
 * @internal Exported for its test.
 */
export function isSecurePage(
  { socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>,
  hostHeader: string | undefined,
): boolean {
  const { 'x-forwarded-proto': forwarded = '' } = headers;
  if (socket instanceof TLSSocket || /^https\b/iu.test(String(forwarded))) return true;
  return isOwnMachine(parseHostHeader(hostHeader) ?? '');
}

/** @internal Exported for its test. */
export function contentSecurityPolicy(
  hostHeader: string | undefined,
  embeds: readonly string[] = [],
): string {
  const host = parseHostHeader(hostHeader);
  // Older Safari does not count ws: as 'self', so the name the client used is spelled out. A policy
  // cannot name an IPv6 address: browsers complain about it and ignore it.
  const canName = host !== undefined && !host.startsWith('[');
  const sockets = canName ? ` ws://${hostHeader} wss://${hostHeader}` : '';
  return [
    "default-src 'self'",
    // WebAssembly of our own, such as the suppression of noise; not `eval`.
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob: mediastream:",
    `connect-src 'self'${sockets}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    ["frame-ancestors 'self'", ...embeds].join(' '),
  ].join('; ');
}
