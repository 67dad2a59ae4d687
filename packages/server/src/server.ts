/**
 * Puts the parts together: one HTTP server with the page and signaling, STUN on the same number.
 * @module
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import { AccessTokens } from './access/access-tokens.ts';
import { createTokenHandler } from './access/token-handler.ts';
import { SYSTEM_CLOCK } from './clock.ts';
import { DoorLedger } from './door/door-ledger.ts';
import { openLedgerFile } from './door/ledger-file.ts';
import { Passcodes } from './door/passcode.ts';
import { HeldPlaces } from './held-places.ts';
import { formatUrlHost, parseHostHeader } from './host-name.ts';
import { createHttpHandler } from './http-handler.ts';
import type { CertificateSource } from './https/certificate-source.ts';
import type { TlsErrorCode } from './https/file-certificate.ts';
import type { AcmeErrorCode } from './https/acme/acme-problem.ts';
import type { AddressErrorCode } from './https/open-certificate.ts';
import { Proxies } from './https/proxies.ts';
import { createLeaveHandler } from './leave-handler.ts';
import type { Membership } from './membership/membership.ts';
import { Memberships } from './membership/memberships.ts';
import { SessionTokens } from './membership/session-token.ts';
import { meetNodes } from './nodes/meet-nodes.ts';
import type { Nodes } from './nodes/nodes.ts';
import type { RedisErrorCode } from './nodes/redis-bus.ts';
import type { NodeErrorCode } from './nodes/roster.ts';
import { Origins } from './origins.ts';
import { Operations } from './operations/operations.ts';
import { openPort } from './open-port.ts';
import { RunningServer } from './running-server.ts';
import type { ParleyServer } from './running-server.ts';
import { mintPeerId } from './mint-peer-id.ts';
import type { BoundPort, PortErrorCode } from './one-port.ts';
import { resolveServerOptions } from './options.ts';
import type { ResolvedServerOptions, ServerOptions } from './options.ts';
import { Admissions } from './relay/admissions.ts';
import type { ExternalTurn, OwnRelay } from './relay/ice-servers.ts';
import { turnSecretsOf } from './relay/relay-server.ts';
import type { RelayServer, UdpErrorCode } from './relay/relay-server.ts';
import { loadSessionSecrets } from './secret-file.ts';
import type { SecretErrorCode } from './secret-file.ts';
import { RoomRegistry } from './room-registry.ts';
import { securityHeaders } from './security-headers.ts';
import { Session } from './session.ts';
import type { SessionContext, SessionSocket } from './session.ts';
import { attachSignaling } from './signaling.ts';
import { loadStaticFiles } from './static-files.ts';
import type { TcpFront } from './tcp-front.ts';

/** Why a server could not start, besides `ERR_OPTIONS`. */
export type StartErrorCode =
  | PortErrorCode
  | SecretErrorCode
  | TlsErrorCode
  | AcmeErrorCode
  | AddressErrorCode
  | UdpErrorCode
  | RedisErrorCode
  | NodeErrorCode;

/**
 * Starts a server and resolves when it answers.
 * @throws {ParleyError} `ERR_OPTIONS`, or a `StartErrorCode` when something it needs cannot be had.
 */
export async function startServer(options: ServerOptions = {}): Promise<ParleyServer> {
  const resolved = resolveServerOptions(options);
  const secrets = resolved.sessionSecrets ?? loadSessionSecrets(resolved.dataDir);
  const tokens = new SessionTokens({ secrets, unixSeconds: SYSTEM_CLOCK.unixSeconds });
  const nodes = await meetNodes(resolved, secrets, tokens);
  // Who brings secrets along and names no folder wants nothing to be written.
  const isFoundAgain = options.sessionSecrets === undefined && resolved.port !== 0;
  const keepsDoors = options.dataDir !== undefined || isFoundAgain;
  try {
    return await startNode(resolved, { secrets, tokens, nodes, keepsDoors });
  } catch (error) {
    await nodes?.close();
    throw error;
  }
}

/** What lets people come back. */
interface SessionParts {
  readonly secrets: readonly string[];
  readonly tokens: SessionTokens;
  readonly nodes: Nodes | undefined;
  /** Whether doors of rooms are kept in the data folder. */
  readonly keepsDoors: boolean;
}

async function startNode(
  resolved: ResolvedServerOptions,
  session: SessionParts,
): Promise<ParleyServer> {
  const { nodes } = session;
  const { maxPeers, publicDir } = resolved;
  const files = loadStaticFiles(publicDir);
  const secrets = turnSecretsOf(resolved);
  const access = accessOf(resolved, nodes);
  let memberships: Memberships | undefined;
  const onLeave = createLeaveHandler({
    leave: (token) => (nodes ?? memberships)?.leaveWith(token) ?? false,
    now: SYSTEM_CLOCK.now,
  });
  const proxies = new Proxies(resolved.behindProxy);
  const addressOf = (request: IncomingMessage): string => proxies.addressOf(request);
  const operations = operationsOf(resolved, nodes);
  const onTokens = tokenHandlerOf(access, resolved, addressOf);
  const onRequest = operations.before(createHttpHandler(files, onLeave, onTokens));
  const { front, bound, ...https } = await openPort(resolved, secrets, onRequest);
  const admissions = admissionsOf(resolved, secrets, bound, https.certificate !== undefined);
  const rooms = new RoomRegistry<Membership>(maxPeers, resolved.maxRooms);
  memberships = membershipsOf(resolved, { ...session, rooms, access, port: bound.port });
  const hostHeaderOf: HostHeaderOf = (request) => proxies.hostHeaderOf(request);
  const { allowOrigins: allowed, allowEmbeds: embeds } = resolved;
  const origins = new Origins({ allowed, embeds, hostHeaderOf });
  const newSession = sessionMaker(resolved, { memberships, access, admissions });
  const signaling = attachSignaling(front.http, {
    newSession: (socket, address, request) => newSession(socket, address, hostOf(request, proxies)),
    nodes,
    addressOf,
    maxConnectionsPerAddress: resolved.maxConnectionsPerAddress,
    allowsOrigin: (request) => origins.allows(request),
    gate: operations.gate,
  });
  addHeaders(front, resolved, origins, hostHeaderOf);
  const hasPage = files.has('/index.html');
  const parts = { front, bound, https, rooms, memberships, signaling, hasPage, operations, nodes };
  const server = new RunningServer(resolved, parts);
  operations.attach(server);
  await showCertificate(https.certificate, front, server);
  await nodes?.begin({
    memberships,
    access,
    newSession,
    reportRooms: () => server.reportOwnRooms(),
    remove: (peer) => server.removeHere(peer),
  });
  return server;
}

type NewSession = (socket: SessionSocket, address: string, host?: string) => Session;

/** Sessions of people who have reached us under the name `host`. */
function sessionMaker(
  { maxPeers, rateLimit, relayHost, logger }: ResolvedServerOptions,
  { admissions, ...rest }: Pick<SessionContext, 'memberships' | 'access'> & AdmissionsPart,
): NewSession {
  const common = {
    ...rest,
    places: new HeldPlaces(maxPeers),
    rateLimit,
    clock: SYSTEM_CLOCK,
    logger,
  };
  return (socket, address, host = 'localhost') => {
    const iceServers = admissions.forClient(relayHost ?? host);
    return new Session({ ...common, socket, address, iceServers });
  };
}

interface AdmissionsPart {
  readonly admissions: Admissions;
}

interface MembershipParts extends SessionParts {
  readonly rooms: RoomRegistry<Membership>;
  readonly access: AccessTokens | undefined;
  readonly port: number;
}

function membershipsOf(
  options: ResolvedServerOptions,
  { rooms, tokens, secrets, nodes, keepsDoors, access, port }: MembershipParts,
): Memberships {
  return new Memberships({
    rooms,
    tokens,
    graceMs: options.resumeGraceMs,
    tokenGraceSeconds: options.auth?.graceSeconds,
    mintPeerId,
    passcodes: new Passcodes(secrets),
    ledger: keepsDoors ? ledgerOf(options, port, secrets) : undefined,
    revoke: (grant) => access?.revoke(grant),
    ...(nodes && {
      node: nodes.self,
      neighbours: nodes.doors,
      hasHeardAllFor: (ms) => nodes.hasHeardAllFor(ms),
    }),
    onGone: (peer, reason) => nodes?.tellGone(peer, reason),
    clock: SYSTEM_CLOCK,
    logger: options.logger,
  });
}

function ledgerOf(
  { dataDir, logger }: ResolvedServerOptions,
  port: number,
  secrets: readonly string[],
): DoorLedger {
  const file = openLedgerFile(dataDir, port);
  return new DoorLedger({ file, secrets, clock: SYSTEM_CLOCK, logger });
}

function accessOf(
  { auth }: ResolvedServerOptions,
  nodes: Nodes | undefined,
): AccessTokens | undefined {
  const { unixSeconds } = SYSTEM_CLOCK;
  return (
    auth && new AccessTokens({ auth, unixSeconds, onSpent: (spent) => nodes?.tellSpent(spent) })
  );
}

function operationsOf({ adminToken }: ResolvedServerOptions, nodes: Nodes | undefined): Operations {
  return new Operations({ adminToken, clock: SYSTEM_CLOCK, onDrain: () => void nodes?.retire() });
}

/** A server whose certificate cannot be had is closed again. */
async function showCertificate(
  certificate: CertificateSource | undefined,
  front: TcpFront,
  server: ParleyServer,
): Promise<void> {
  try {
    await certificate?.start(front);
  } catch (error) {
    await server.close();
    throw error;
  }
}

function admissionsOf(
  options: ResolvedServerOptions,
  secrets: readonly string[],
  { port, udp }: BoundPort<RelayServer>,
  isSecure: boolean,
): Admissions {
  return new Admissions({
    plan: {
      port,
      ownRelay: ownRelayOf(isSecure, secrets),
      externalTurn: externalTurnOf(options),
      others: options.iceServers,
    },
    relay: udp,
    ttlSeconds: options.credentialTtlSeconds,
    clock: SYSTEM_CLOCK,
  });
}

type HostHeaderOf = (request: IncomingMessage) => string | undefined;

/** In front of every answer on the port of the page, those of Socket.IO included. */
function addHeaders(
  { http }: TcpFront,
  { domain, allowEmbeds: embeds }: ResolvedServerOptions,
  origins: Origins,
  hostHeaderOf: HostHeaderOf,
): void {
  const keepsHttps = domain !== undefined;
  http.prependListener('request', (request, response) => origins.permit(request, response));
  http.prependListener('request', securityHeaders({ hostHeaderOf, keepsHttps, embeds }));
}

function ownRelayOf(isSecure: boolean, [secret]: readonly string[]): OwnRelay | undefined {
  return secret === undefined ? undefined : { secret, isSecure };
}

function externalTurnOf(options: ResolvedServerOptions): ExternalTurn | undefined {
  const { externalTurn, externalTurnSecret } = options;
  if (externalTurnSecret === undefined) return undefined;
  return { urls: externalTurn, secret: externalTurnSecret };
}

/** Where an application gets tokens, if it has an API key. */
function tokenHandlerOf(
  access: AccessTokens | undefined,
  { auth }: ResolvedServerOptions,
  addressOf: (request: IncomingMessage) => string,
): RequestListener | undefined {
  if (auth?.apiKey === undefined || access === undefined) return undefined;
  return createTokenHandler({ access, apiKey: auth.apiKey, addressOf, clock: SYSTEM_CLOCK });
}

/** The name the client used for us, or else the address at which it reached us. */
function hostOf(request: IncomingMessage, proxies: Proxies): string {
  return (
    parseHostHeader(proxies.hostHeaderOf(request)) ??
    formatUrlHost(request.socket.localAddress ?? 'localhost')
  );
}
