/**
 * Looks at the page of a server, its certificate, and its clock.
 * @module
 */
import { get as getPlainly } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { get as getSecurely } from 'node:https';
import { connect } from 'node:tls';
import type { PeerCertificate } from 'node:tls';
import { isOwnMachine } from '../host-name.ts';
import { failed, passed, reasonOf, skipped, warned } from './check.ts';
import type { Check } from './check.ts';

/** What the look is made with. */
export interface PageContext {
  readonly url: URL;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Authorities to trust in place of those of the system, as PEM. */
  readonly authorities: string | undefined;
}

/** What an answer told. */
export interface PageFindings {
  readonly checks: readonly Check[];
  /** False: nothing else is worth trying. */
  readonly answers: boolean;
}

const TIMEOUT_MS = 8000;
const MAX_BYTES = 65_536;
/** Credentials are good for an hour; less than that still breaks tokens and certificates. */
const MAX_CLOCK_ERROR_MS = 60_000;
const DAY_MS = 86_400_000;
/** Certificates of six days are renewed after four. */
const SOON_DAYS = 1;

/** Whether browsers give pages of this address camera and microphone. */
export function checkSecureContext(url: URL): Check {
  const name = 'secure context';
  if (url.protocol === 'https:') return passed(name, 'https');
  if (isOwnMachine(url.hostname)) return passed(name, 'this computer');
  return failed(
    name,
    'plain http',
    'Browsers give out no camera here. Start with --domain NAME, --public, or --lan, and open the https link.',
  );
}

/** Asks for the page. */
export async function checkPage(context: PageContext): Promise<PageFindings> {
  const startedAt = context.now();
  try {
    const { response, text } = await fetchPage(context.url);
    const page = judgePage(response, text, context.now() - startedAt);
    return { checks: [page, checkClock(response, context.now())], answers: page.status !== 'fail' };
  } catch (error) {
    return { checks: [unreachable(context.url, reasonOf(error))], answers: false };
  }
}

/** Whether the server says that it is about to stop: it holds places and answers about tokens until then. */
export async function isAboutToStop(url: URL): Promise<boolean> {
  try {
    const { response, text } = await fetchPage(new URL('/readyz', url));
    return response.statusCode === 503 && text.includes('"ready":false');
  } catch {
    return false;
  }
}

function judgePage(response: IncomingMessage, text: string, ms: number): Check {
  const name = 'page';
  const { statusCode = 0, headers } = response;
  if (statusCode === 503 && text.includes('npm run build')) {
    return warned(name, 'not built', 'Run "npm run build" where the server is, and restart it.');
  }
  const isOurs = String(headers['content-security-policy'] ?? '').includes('mediastream:');
  if (statusCode === 200 && isOurs) return passed(name, `${ms} ms`);
  if (statusCode >= 500) {
    return failed(
      name,
      `status ${statusCode}`,
      'The proxy in front does not reach Parley: correct its upstream address, and check that Parley runs.',
    );
  }
  return failed(
    name,
    `status ${statusCode}, not from Parley`,
    'Another program answers at this address: stop it, or give Parley another port.',
  );
}

function unreachable({ hostname, port, protocol }: URL, reason: string): Check {
  const number = port || (protocol === 'https:' ? 443 : 80);
  if (reason === 'ENOTFOUND' || reason === 'EAI_AGAIN') {
    return failed('page', reason, `Make the name ${hostname} point to the server, in public DNS.`);
  }
  if (reason === 'ECONNREFUSED') {
    return failed(
      'page',
      reason,
      `Nothing listens on TCP port ${number}: start Parley, or correct the port of the link.`,
    );
  }
  if (/EPROTO|WRONG_VERSION|SSL/.test(reason)) {
    return failed(
      'page',
      reason,
      'There is no https on this port: use the http link, or start with a certificate.',
    );
  }
  return failed(
    'page',
    reason,
    `A firewall is in the way: open TCP port ${number}, for instance with "sudo ufw allow ${number}/tcp" and at the provider.`,
  );
}

function checkClock({ headers }: IncomingMessage, now: number): Check {
  const theirs = Date.parse(headers.date ?? '');
  if (Number.isNaN(theirs)) return skipped('clock', 'the server does not tell its time');
  const difference = Math.round((theirs - now) / 1000);
  const detail = `${Math.abs(difference)} s ${difference < 0 ? 'behind' : 'ahead of'} this computer`;
  if (Math.abs(theirs - now) <= MAX_CLOCK_ERROR_MS) return passed('clock', detail);
  return failed(
    'clock',
    detail,
    'Set the clock of the server, or of this computer: "sudo timedatectl set-ntp true".',
  );
}

/** Looks at the certificate as a browser does. */
export async function checkCertificate(context: PageContext): Promise<Check> {
  const name = 'certificate';
  const { url, now, authorities } = context;
  if (url.protocol !== 'https:') return skipped(name, 'no https');
  try {
    const { certificate, fault } = await readCertificate(url, authorities);
    const days = Math.floor((Date.parse(certificate.valid_to) - now()) / DAY_MS);
    return judgeCertificate(days, fault);
  } catch (error) {
    return skipped(name, reasonOf(error));
  }
}

function judgeCertificate(days: number, fault: string): Check {
  const name = 'certificate';
  if (days < 0 || fault === 'CERT_HAS_EXPIRED') {
    return failed(
      name,
      'expired',
      'Renew the certificate; Parley takes new files within seconds. With --domain it renews by itself: see its log.',
    );
  }
  if (fault === 'CERT_NOT_YET_VALID') {
    return failed(name, 'not valid yet', 'Set the clock: "sudo timedatectl set-ntp true".');
  }
  if (/ALTNAME/.test(fault)) {
    return failed(
      name,
      'for another name',
      'Get a certificate for the name in the link, or use the name in the certificate.',
    );
  }
  if (fault === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE') {
    return failed(
      name,
      'incomplete',
      'Give --tls-cert the full chain, with the intermediate certificates.',
    );
  }
  if (fault !== '') {
    return warned(
      name,
      'nobody vouches for it',
      'People must accept a warning once. For strangers start with --domain NAME or --public.',
    );
  }
  if (days < SOON_DAYS) {
    return warned(
      name,
      'ends within a day',
      'Renew it now; with --domain see the log for why it was not renewed.',
    );
  }
  return passed(name, `good for ${days} days`);
}

function readCertificate(
  url: URL,
  authorities: string | undefined,
): Promise<{ readonly certificate: PeerCertificate; readonly fault: string }> {
  const host = url.hostname.replaceAll(/[[\]]/g, '');
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(url.port || 443),
      rejectUnauthorized: false,
      timeout: TIMEOUT_MS,
      ...(/[a-z]/i.test(host) && !host.includes(':') && { servername: host }),
      ...(authorities !== undefined && { ca: authorities }),
    });
    socket.once('error', reject);
    socket.once('timeout', () => socket.destroy(new Error('timeout')));
    socket.once('secureConnect', () => {
      const { authorizationError: fault } = socket;
      const certificate = socket.getPeerCertificate();
      socket.destroy();
      resolve({ certificate, fault: codeOf(fault) });
    });
  });
}

function codeOf(fault: unknown): string {
  if (fault instanceof Error) return 'code' in fault ? String(fault.code) : fault.message;
  return typeof fault === 'string' ? fault : '';
}

function fetchPage(
  url: URL,
): Promise<{ readonly response: IncomingMessage; readonly text: string }> {
  const get = url.protocol === 'https:' ? getSecurely : getPlainly;
  return new Promise((resolve, reject) => {
    // Whether the certificate is good is asked for itself.
    const options = { agent: false, timeout: TIMEOUT_MS, rejectUnauthorized: false };
    const request = get(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (text.length < MAX_BYTES) text += chunk;
      });
      response.once('error', reject);
      response.once('end', () => resolve({ response, text }));
    });
    request.once('timeout', () => request.destroy(new Error('timeout')));
    request.once('error', reject);
  });
}
