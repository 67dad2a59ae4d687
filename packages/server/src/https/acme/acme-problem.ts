/**
 * Why an authority gave no certificate, and the one thing to do about it. Pure.
 * @see https://www.rfc-editor.org/rfc/rfc8555#section-6.7
 * @module
 */
import { ParleyError } from '@parley/protocol';

/** Why there is no certificate. */
export type AcmeErrorCode = 'ERR_ACME';

/** What the authority said. */
export interface ProblemReport {
  /** The last part of its URN, such as `connection`; `timeout` is ours. */
  readonly type?: string | undefined;
  readonly detail: string;
}

/** What was asked of it. */
export interface AcmeQuestion {
  readonly directoryUrl: string;
  readonly name: string;
  readonly challenge: 'tls-alpn-01' | 'http-01';
}

const URN = 'urn:ietf:params:acme:error:';

/** Reads a problem document as far as there is one. */
export function readProblem(error: unknown, detail: string): ProblemReport {
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : '';
  const isUrn = typeof type === 'string' && type.startsWith(URN);
  return { type: isUrn ? type.slice(URN.length) : undefined, detail };
}

/** One sentence of what happened, one of what to do. */
export function acmeProblem(
  question: AcmeQuestion,
  report: ProblemReport,
  cause: unknown,
): ParleyError<AcmeErrorCode> {
  const { name, directoryUrl } = question;
  const said = report.detail.replace(/[.\s]+$/, '');
  return new ParleyError(
    'ERR_ACME',
    `${new URL(directoryUrl).host} gave no certificate for ${name}: ${said}. ${adviceFor(question, report)}`,
    { cause },
  );
}

function adviceFor(question: AcmeQuestion, report: ProblemReport): string {
  const advise = ADVICE[report.type ?? guessType(report.detail) ?? ''];
  if (advise === undefined) return 'See what it says, correct it, then start again.';
  return advise({ name: question.name, port: question.challenge === 'http-01' ? 80 : 443 });
}

type Advise = (about: { readonly name: string; readonly port: number }) => string;

const OPEN_PORT: Advise = ({ port }) =>
  `Let the internet reach TCP port ${port} of this machine, for instance with ` +
  `"sudo ufw allow ${port}/tcp" and in the firewall of the provider.`;
const OTHER_MACHINE: Advise = ({ name, port }) =>
  `Another machine or program answers for ${name} on port ${port}: correct the address of the ` +
  'name, or stop that program.';
const BAD_NAME: Advise = ({ name }) =>
  `It does not give certificates for ${name}: use a name that you own in public DNS.`;

/** By the type of the problem; `offline` and `timeout` are ours. */
const ADVICE: { readonly [type: string]: Advise } = {
  dns: ({ name }) =>
    `Make the name ${name} point to the address of this machine, wait some minutes, then start again.`,
  connection: OPEN_PORT,
  tls: OPEN_PORT,
  unauthorized: OTHER_MACHINE,
  incorrectResponse: OTHER_MACHINE,
  rateLimited: () => 'Too many were asked for: wait until the time it names.',
  rejectedIdentifier: BAD_NAME,
  malformed: BAD_NAME,
  timeout: ({ port }) =>
    `Let the internet reach TCP port ${port} of this machine, see whether the authority reports trouble, ` +
    'then start again in some minutes; a running server tries again by itself.',
  offline: () =>
    'Check that this machine can reach the authority, and the option --acme-directory.',
};

/** For what comes as text alone. */
function guessType(detail: string): string | undefined {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|directory/.test(detail)) {
    return 'offline';
  }
  if (/rate limit|too many/i.test(detail)) return 'rateLimited';
  return /DNS/.test(detail) ? 'dns' : undefined;
}
