/**
 * A small authority on loopback that speaks ACME: accounts, orders, challenges that are really checked,
 * certificates that are really signed. Only what clients need to get one.
 * @see https://www.rfc-editor.org/rfc/rfc8555
 * @module
 */
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CertificateAuthority } from './certificate-authority.ts';
import { validateChallenge } from './challenge-validation.ts';
import type { ValidationProblem } from './challenge-validation.ts';

/** How it behaves. May be changed while it runs. */
export interface AcmeSettings {
  /** Where it looks for answers to http-01 in place of port 80. @default 80 */
  httpPort: number;
  /** Where it looks for answers to tls-alpn-01 in place of port 443. @default 443 */
  tlsPort: number;
  /** How long its certificates are good for. @default 3600 */
  lifetimeSeconds: number;
}

/** A running authority. Its owner must `close` it. */
export interface AcmeServer {
  readonly directoryUrl: string;
  /** What browsers are to trust, as PEM. */
  readonly authorityPem: string;
  /** The profile of each certificate it has given, oldest first. */
  readonly issued: readonly (string | undefined)[];
  readonly settings: AcmeSettings;
  close(): Promise<void>;
}

interface Order {
  readonly id: string;
  readonly identifier: { readonly type: string; readonly value: string };
  readonly profile: string | undefined;
  readonly tokens: { readonly [kind: string]: string };
  status: 'pending' | 'ready' | 'valid' | 'invalid';
  problem?: ValidationProblem;
  failedKind?: string;
  certificate?: string;
}

/** The parts of a path that concerns one order. */
interface OrderPath {
  readonly place: string;
  readonly id: string;
  readonly kind: string;
}

interface SignedRequest {
  readonly account: string;
  readonly jwk: JsonWebKey;
  readonly payload: Record<string, unknown>;
}

const KINDS = ['http-01', 'tls-alpn-01'];
const DEFAULTS = { httpPort: 80, tlsPort: 443, lifetimeSeconds: 3600 };

/** Starts one on a free port of loopback. */
export async function startAcmeServer(settings: Partial<AcmeSettings> = {}): Promise<AcmeServer> {
  const authority = await CertificateAuthority.create();
  const service = new AcmeService(authority, { ...DEFAULTS, ...settings });
  const server = createServer((request, response) => void service.handle(request, response));
  await new Promise<void>((resolve) => {
    server.listen({ port: 0, host: '127.0.0.1' }, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  service.base = `http://127.0.0.1:${port}`;
  return {
    directoryUrl: `${service.base}/directory`,
    authorityPem: authority.pem,
    issued: service.issued,
    settings: service.settings,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

class AcmeService {
  base = '';
  readonly issued: (string | undefined)[] = [];
  readonly settings: AcmeSettings;
  readonly #authority: CertificateAuthority;
  readonly #nonces = new Set<string>();
  readonly #accounts = new Map<string, JsonWebKey>();
  readonly #orders = new Map<string, Order>();

  constructor(authority: CertificateAuthority, settings: AcmeSettings) {
    this.#authority = authority;
    this.settings = settings;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Replay-Nonce', this.#nonce());
    try {
      await this.#route(request, response);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      send(response, 400, { type: 'urn:ietf:params:acme:error:malformed', detail });
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, place = '', id = '', kind = ''] = (request.url ?? '/').split('/');
    if (place === 'directory') return send(response, 200, this.#directory());
    if (place === 'nonce') {
      response.writeHead(request.method === 'HEAD' ? 200 : 204).end();
      return;
    }
    const signed = await this.#verify(request);
    if (place === 'account') {
      response.setHeader('Location', signed.account);
      return send(response, 201, { status: 'valid' });
    }
    if (place === 'new-order') return this.#open(response, signed.payload);
    await this.#serveOrder(response, signed, { place, id, kind });
  }

  async #serveOrder(
    response: ServerResponse,
    signed: SignedRequest,
    { place, id, kind }: OrderPath,
  ): Promise<void> {
    const order = this.#orders.get(id);
    if (order === undefined) throw new Error(`There is no order "${id}"`);
    response.setHeader('Location', `${this.base}/order/${id}`);
    switch (place) {
      case 'order':
        return send(response, 200, this.#describe(order));
      case 'authz':
        return send(response, 200, this.#authorization(order));
      case 'challenge':
        if ('payload' in signed.payload) await this.#validate(order, kind, signed.jwk);
        return send(response, 200, this.#challenge(order, kind));
      case 'finalize':
        await this.#finalize(order, signed.payload);
        return send(response, 200, this.#describe(order));
      case 'certificate':
        response.writeHead(200, { 'Content-Type': 'application/pem-certificate-chain' });
        response.end(order.certificate);
        return;
      default:
        return send(response, 404, {});
    }
  }

  #directory(): object {
    return {
      newNonce: `${this.base}/nonce`,
      newAccount: `${this.base}/account`,
      newOrder: `${this.base}/new-order`,
      meta: { profiles: { classic: 'ordinary', shortlived: 'six days' } },
    };
  }

  #open(response: ServerResponse, payload: Record<string, unknown>): void {
    const { identifiers, profile } = payload;
    const [identifier]: Order['identifier'][] = Array.isArray(identifiers) ? identifiers : [];
    if (identifier === undefined) throw new Error('An order needs an identifier');
    if (identifier.type === 'ip' && profile !== 'shortlived') {
      throw new Error('Addresses need the profile shortlived');
    }
    const order: Order = {
      id: randomText(),
      identifier,
      profile: typeof profile === 'string' ? profile : undefined,
      tokens: Object.fromEntries(KINDS.map((kind) => [kind, randomText()])),
      status: 'pending',
    };
    this.#orders.set(order.id, order);
    response.setHeader('Location', `${this.base}/order/${order.id}`);
    send(response, 201, this.#describe(order));
  }

  #describe({ id, status, identifier, certificate }: Order): object {
    return {
      status,
      identifiers: [identifier],
      authorizations: [`${this.base}/authz/${id}`],
      finalize: `${this.base}/finalize/${id}`,
      ...(certificate !== undefined && { certificate: `${this.base}/certificate/${id}` }),
    };
  }

  #authorization(order: Order): object {
    const { identifier, status } = order;
    return {
      identifier,
      status: status === 'ready' ? 'valid' : status,
      challenges: KINDS.map((kind) => this.#challenge(order, kind)),
    };
  }

  #challenge({ id, status, tokens, problem, failedKind }: Order, kind: string): object {
    return {
      type: kind,
      url: `${this.base}/challenge/${id}/${kind}`,
      token: tokens[kind],
      status: status === 'ready' ? 'valid' : status,
      ...(kind === failedKind && { error: problem }),
    };
  }

  async #validate(order: Order, kind: string, jwk: JsonWebKey): Promise<void> {
    const token = order.tokens[kind];
    if (order.status !== 'pending' || token === undefined) return;
    const { httpPort, tlsPort } = this.settings;
    const name = order.identifier.value;
    const keyAuthorization = `${token}.${thumbprint(jwk)}`;
    const check = { kind, name, token, keyAuthorization, httpPort, tlsPort };
    const problem = await validateChallenge(check);
    order.status = problem === undefined ? 'ready' : 'invalid';
    if (problem !== undefined) Object.assign(order, { problem, failedKind: kind });
  }

  async #finalize(order: Order, { csr }: Record<string, unknown>): Promise<void> {
    if (order.status !== 'ready') throw new Error('The order is not ready');
    const request = new Uint8Array(Buffer.from(String(csr), 'base64url'));
    const names = CertificateAuthority.namesOf(request);
    if (names.length !== 1 || names[0] !== order.identifier.value) {
      throw new Error('The request names something else than the order');
    }
    order.certificate = await this.#authority.sign(request, this.settings.lifetimeSeconds);
    order.status = 'valid';
    this.issued.push(order.profile);
  }

  /** Checks nonce, address and signature. */
  async #verify(request: IncomingMessage): Promise<SignedRequest> {
    const body = parseObject(await readText(request));
    const header = parseObject(decode(body['protected']));
    if (!this.#nonces.delete(String(header['nonce']))) throw new Error('The nonce is not ours');
    if (header['url'] !== `${this.base}${request.url}`) throw new Error('Signed for another URL');
    const jwk = this.#keyOf(header);
    const isTrue = verify(
      'sha256',
      Buffer.from(`${String(body['protected'])}.${String(body['payload'])}`),
      { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
      Buffer.from(String(body['signature']), 'base64url'),
    );
    if (!isTrue) throw new Error('The signature is wrong');
    const account = `${this.base}/account/${thumbprint(jwk)}`;
    this.#accounts.set(account, jwk);
    const text = decode(body['payload']);
    // A body that is empty only asks, one with an object in it acts.
    return { account, jwk, payload: text === '' ? {} : { payload: true, ...parseObject(text) } };
  }

  #keyOf(header: Record<string, unknown>): JsonWebKey {
    const known = this.#accounts.get(String(header['kid']));
    if (known !== undefined) return known;
    if (!isObject(header['jwk'])) throw new Error('The account is not known');
    return header['jwk'];
  }

  #nonce(): string {
    const nonce = randomText();
    this.#nonces.add(nonce);
    return nonce;
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc7638 */
function thumbprint({ crv, kty, x, y }: JsonWebKey): string {
  const text = JSON.stringify({ crv, kty, x, y });
  return createHash('sha256').update(text).digest('base64url');
}

function randomText(): string {
  return randomBytes(16).toString('base64url');
}

function decode(part: unknown): string {
  return typeof part === 'string' ? Buffer.from(part, 'base64url').toString('utf8') : '';
}

function parseObject(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new Error('An object was expected');
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function send(response: ServerResponse, status: number, body: object): void {
  const isProblem = status >= 400;
  response.writeHead(status, {
    'Content-Type': isProblem ? 'application/problem+json' : 'application/json',
  });
  response.end(JSON.stringify(body));
}
