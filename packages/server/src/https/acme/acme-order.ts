/**
 * One order of a certificate, from the account to the certificate in hand.
 * @see https://www.rfc-editor.org/rfc/rfc8555#section-7.1
 * @see https://www.rfc-editor.org/rfc/rfc8738 for IP addresses
 * @module
 */
import { isIP } from 'node:net';
import type { Authorization, Client, Order } from 'acme-client';
import { ParleyError } from '@parley/protocol';
import type { TlsIdentity } from '@parley/turn';
import { acmeProblem, readProblem } from './acme-problem.ts';
import type { ProblemReport } from './acme-problem.ts';

/** How we prove to the authority that the name is ours. */
export type ChallengeKind = 'tls-alpn-01' | 'http-01';

/** Where proofs are shown. */
export interface ProofPlace {
  /** Shows this certificate to the authority, until it is taken back. */
  prove(identity: TlsIdentity | undefined): void;
  /** The answer to be found under this token, until it is taken back. */
  answer(token: string, text: string | undefined): void;
}

/** What is ordered. */
export interface AcmeOrder {
  readonly directoryUrl: string;
  /** PEM. */
  readonly accountKey: Buffer;
  /** Told to the authority, which writes there when something is wrong. */
  readonly email: string | undefined;
  /** A host name, or an IP address. */
  readonly name: string;
  readonly challenge: ChallengeKind;
  readonly place: ProofPlace;
}

/** Let's Encrypt gives out certificates for addresses under this profile only. */
const ADDRESS_PROFILE = 'shortlived';
const POLL = { backoffAttempts: 60, backoffMin: 250, backoffMax: 5000 };

/** @throws {ParleyError} `ERR_ACME`, whose message names the one thing to do */
export async function orderCertificate(order: AcmeOrder): Promise<TlsIdentity> {
  // Loaded when it is needed: most servers never talk to an authority.
  const { Client: AcmeClient, crypto } = await import('acme-client');
  const { directoryUrl, accountKey, email, name } = order;
  const client = new AcmeClient({ directoryUrl, accountKey, ...POLL });
  const isAddress = isIP(name) !== 0;
  try {
    await client.createAccount({
      termsOfServiceAgreed: true,
      ...(email !== undefined && { contact: [`mailto:${email}`] }),
    });
    const request = {
      identifiers: [{ type: isAddress ? 'ip' : 'dns', value: name }],
      ...(isAddress && { profile: ADDRESS_PROFILE }),
    };
    const pending = await client.createOrder(request);
    for (const authorization of await client.getAuthorizations(pending)) {
      await authorize(client, order, { pending, authorization });
    }
    const ownKey = await crypto.createPrivateEcdsaKey();
    const [key, csr] = await crypto.createCsr({ altNames: [name] }, ownKey);
    const finished = await client.finalizeOrder(pending, csr);
    return { key, cert: Buffer.from(await client.getCertificate(finished)) };
  } catch (cause) {
    if (cause instanceof ParleyError) throw cause;
    throw acmeProblem(order, { detail: messageOf(cause) }, cause);
  }
}

/** What is to be proved, and the order it belongs to. */
interface Proof {
  readonly pending: Order;
  readonly authorization: Authorization;
}

async function authorize(client: Client, order: AcmeOrder, proof: Proof): Promise<void> {
  const { authorization } = proof;
  if (authorization.status === 'valid') return;
  const { challenge: kind, place } = order;
  const challenge = authorization.challenges.find(({ type }) => type === kind);
  if (challenge === undefined) {
    throw acmeProblem(order, { detail: `it does not offer the challenge ${kind}` }, undefined);
  }
  const answer = await client.getChallengeKeyAuthorization(challenge);
  try {
    if (kind === 'http-01') place.answer(challenge.token, answer);
    else place.prove(await proofOf(authorization, answer));
    await client.completeChallenge(challenge);
    await client.waitForValidStatus(challenge);
  } catch (cause) {
    throw acmeProblem(order, await reportOf(client, proof, cause), cause);
  } finally {
    place.prove(undefined);
    place.answer(challenge.token, undefined);
  }
}

/** The certificate that proves that we hold the port. */
async function proofOf(authorization: Authorization, answer: string): Promise<TlsIdentity> {
  const { crypto } = await import('acme-client');
  const ownKey = await crypto.createPrivateEcdsaKey();
  const [key, cert] = await crypto.createAlpnCertificate(authorization, answer, ownKey);
  return { key: Buffer.from(key), cert: Buffer.from(cert) };
}

/** What the authority says about the challenge that failed. */
async function reportOf(
  client: Client,
  { pending }: Proof,
  cause: unknown,
): Promise<ProblemReport> {
  const detail = messageOf(cause);
  const authorizations = await client.getAuthorizations(pending).catch(() => []);
  const failed = authorizations
    .flatMap(({ challenges }) => challenges)
    .find(({ error }) => error !== undefined);
  return readProblem(failed?.error, detail);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
