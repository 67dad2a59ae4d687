/**
 * Checks who holds a name, as an authority does: over real connections.
 * @see https://www.rfc-editor.org/rfc/rfc8555#section-8.3 for http-01
 * @see https://www.rfc-editor.org/rfc/rfc8737 for tls-alpn-01, and rfc8738 for addresses
 * @module
 */
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { Extension, SubjectAlternativeNameExtension, X509Certificate } from '@peculiar/x509';

/** What is to be checked. */
export interface ChallengeCheck {
  readonly kind: string;
  readonly name: string;
  readonly token: string;
  readonly keyAuthorization: string;
  /** Where the real ones take 80 and 443. */
  readonly httpPort: number;
  readonly tlsPort: number;
}

/** What went wrong, in the words of RFC 8555. */
export interface ValidationProblem {
  readonly type: string;
  readonly detail: string;
}

const TIMEOUT_MS = 5000;
const ACME_IDENTIFIER = '1.3.6.1.5.5.7.1.31';
const OCTET_STRING_OF_32 = '0420';

/** Resolves to what is wrong; `undefined` when the name is theirs. */
export async function validateChallenge(
  check: ChallengeCheck,
): Promise<ValidationProblem | undefined> {
  try {
    return check.kind === 'http-01' ? await validateHttp(check) : await validateTls(check);
  } catch (error) {
    return problem('connection', error instanceof Error ? error.message : String(error));
  }
}

async function validateHttp(check: ChallengeCheck): Promise<ValidationProblem | undefined> {
  const { name, httpPort, token, keyAuthorization } = check;
  const url = `http://${name}:${httpPort}/.well-known/acme-challenge/${token}`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'manual' });
  const text = await answer.text();
  if (answer.status === 200 && text.trimEnd() === keyAuthorization) return undefined;
  return problem('unauthorized', `The answer at ${url} is wrong (status ${answer.status})`);
}

async function validateTls(check: ChallengeCheck): Promise<ValidationProblem | undefined> {
  const { name, tlsPort, keyAuthorization } = check;
  const socket = connect({
    host: name,
    port: tlsPort,
    servername: isIP(name) === 4 ? `${name.split('.').toReversed().join('.')}.in-addr.arpa` : name,
    ALPNProtocols: ['acme-tls/1'],
    rejectUnauthorized: false,
    timeout: TIMEOUT_MS,
  });
  try {
    await new Promise((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
      socket.once('timeout', () => reject(new Error('Timeout during connect')));
    });
    if (socket.alpnProtocol !== 'acme-tls/1') {
      return problem('tls', 'Cannot negotiate ALPN protocol "acme-tls/1"');
    }
    const { raw } = socket.getPeerCertificate();
    return faultOf(new X509Certificate(new Uint8Array(raw)), name, keyAuthorization);
  } finally {
    socket.destroy();
  }
}

function faultOf(
  certificate: X509Certificate,
  name: string,
  keyAuthorization: string,
): ValidationProblem | undefined {
  const names = certificate.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
  if (names.length !== 1 || names[0]?.value !== name) {
    return problem('unauthorized', `The certificate is not for ${name} alone`);
  }
  const extension = certificate.extensions.find(({ type }) => type === ACME_IDENTIFIER);
  const digest = createHash('sha256').update(keyAuthorization).digest('hex');
  const isRight =
    extension instanceof Extension &&
    extension.critical &&
    Buffer.from(extension.value).toString('hex') === `${OCTET_STRING_OF_32}${digest}`;
  return isRight ? undefined : problem('unauthorized', 'The acmeIdentifier is wrong');
}

function problem(type: string, detail: string): ValidationProblem {
  return { type: `urn:ietf:params:acme:error:${type}`, detail };
}
