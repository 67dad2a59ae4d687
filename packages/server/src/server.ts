/**
 * Puts the parts together: one HTTP server with the page and signaling, STUN on the same number.
 * @module
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import type { PeerId } from '@parley/protocol';
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
import { lanAddressOf, openCertificate, publicNameOf } from './https/open-certificate.ts';
import type { AddressErrorCode } from './https/open-certificate.ts';
import { ChallengeAnswers, PlainPort } from './https/plain-port.ts';
import { Proxies } from './https/proxies.ts';
import { redirectToHttps, redirectToPort } from './redirect-to-https.ts';
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
import type { OperatedServer } from './operations/operations.ts';
import type { PersonReport, RoomReport } from './operations/operations-handler.ts';
import type { ServerStats } from './server-stats.ts';
import { mintPeerId } from './mint-peer-id.ts';
import { bindOnePort } from './one-port.ts';
import type { BoundPort, PortErrorCode } from './one-port.ts';
import { resolveServerOptions } from './options.ts';
import type { ResolvedServerOptions, ServerOptions } from './options.ts';
import { Admissions } from './relay/admissions.ts';
import type { ExternalTurn, OwnRelay } from './relay/ice-servers.ts';
import type { RelayMode } from './relay/relay-options.ts';
import { checkUdp, createRelayServer, turnSecretsOf } from './relay/relay-server.ts';
import type { RelayServer, UdpErrorCode } from './relay/relay-server.ts';
import { loadSessionSecrets } from './secret-file.ts';
import type { SecretErrorCode } from './secret-file.ts';
import { RoomRegistry } from './room-registry.ts';
import { securityHeaders } from './security-headers.ts';
import { Session } from './session.ts';
import type { SessionContext, SessionSocket } from './session.ts';
import { attachSignaling } from './signaling.ts';
import type { Signaling } from './signaling.ts';
import { loadStaticFiles } from './static-files.ts';
import { createTcpFront } from './tcp-front.ts';
import type { TcpFront } from './tcp-front.ts';

/** A running server. */
export interface ParleyServer {
  /** Where to open the page on this computer. */
  readonly url: string;
  /** Where everybody can open it; `undefined` unless an authority vouches for us. */
  readonly publicUrl: string | undefined;
  /** Where other devices of the same network open it; `undefined` without the option `lan`. */
  readonly lanUrl: string | undefined;
  /** TCP and UDP port of everything. */
  readonly port: number;
  /** True when the page is served by https. */
  readonly isSecure: boolean;
  /** True when somebody else speaks https in front. */
  readonly isBehindProxy: boolean;
  readonly relay: RelayMode;
  /** URLs of TURN servers of somebody else that callers are told to use. */
  readonly externalTurn: readonly string[];
  /** False when there is no page to serve, only signaling and STUN. */
  readonly hasPage: boolean;
  readonly stats: ServerStats;
  /**
   * Sends a person out of their room: the others are told, and their relay stops at once.
   * False when nobody has this id.
   */
  remove(peer: PeerId): Promise<boolean>;
  /**
   * Lets nobody in from now on, and resolves when nobody is here any more, or after `patienceMs`. Up to
   * five seconds of patience newcomers get no answer, so that they ask the next server; beyond that,
   * `ERR_SERVER_DRAINING`. `onWait` is called when somebody is still here.
   */
  drain(patienceMs: number, onWait?: () => void): Promise<void>;
  /** Disconnects everybody and frees the port. Idempotent. */
  close(): Promise<void>;
}

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

/** Time for clients to take note of the goodbye when the server stops. */
const CLOSE_GRACE_MS = 1000;

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
  { secrets: sessionSecrets, tokens, nodes, keepsDoors }: SessionParts,
): Promise<ParleyServer> {
  const { maxPeers, publicDir, logger } = resolved;
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
  memberships = new Memberships({
    rooms,
    tokens,
    graceMs: resolved.resumeGraceMs,
    mintPeerId,
    passcodes: new Passcodes(sessionSecrets),
    ledger: keepsDoors ? ledgerOf(resolved, bound.port, sessionSecrets) : undefined,
    revoke: (grant) => access?.revoke(grant),
    ...(nodes && { node: nodes.self, hasHeardAllFor: (ms) => nodes.hasHeardAllFor(ms) }),
    onGone: (peer, reason) => nodes?.tellGone(peer, reason),
    clock: SYSTEM_CLOCK,
    logger,
  });
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

/** The parts that concern https. */
interface HttpsParts {
  readonly certificate: CertificateSource | undefined;
  readonly plainPort: PlainPort | undefined;
}

/** What a server is running on. */
interface RunningParts {
  readonly front: TcpFront;
  readonly bound: BoundPort<RelayServer>;
  readonly https: HttpsParts;
  readonly rooms: RoomRegistry<Membership>;
  readonly memberships: Memberships;
  readonly signaling: Signaling;
  readonly hasPage: boolean;
  readonly operations: Operations;
  readonly nodes: Nodes | undefined;
}

class RunningServer implements ParleyServer, OperatedServer {
  readonly url: string;
  readonly publicUrl: string | undefined;
  readonly lanUrl: string | undefined;
  readonly port: number;
  readonly isSecure: boolean;
  readonly isBehindProxy: boolean;
  readonly relay: RelayMode;
  readonly externalTurn: readonly string[];
  readonly hasPage: boolean;
  readonly #parts: RunningParts;
  #closing: Promise<void> | undefined;

  constructor(options: ResolvedServerOptions, parts: RunningParts) {
    const { host, port } = parts.bound;
    this.#parts = parts;
    this.isSecure = parts.https.certificate !== undefined;
    const scheme = this.isSecure ? 'https' : 'http';
    this.url = `${scheme}://${localName(host)}:${port}`;
    this.publicUrl = urlOf(scheme, publicNameOf(options), port);
    this.lanUrl = urlOf(scheme, lanAddressOf(options), port);
    this.isBehindProxy = options.behindProxy.length > 0;
    this.port = port;
    this.relay = options.relay;
    this.externalTurn = options.externalTurn;
    this.hasPage = parts.hasPage;
  }

  get stats(): ServerStats {
    const { signaling, rooms, bound, nodes } = this.#parts;
    return {
      connections: signaling.connectionCount,
      rooms: rooms.roomCount,
      peers: rooms.memberCount,
      relay: bound.udp.stats,
      nodes: nodes?.status,
    };
  }

  get peopleHere(): number {
    return Array.from(this.#parts.rooms.everybody()).filter((member) => member.isConnected).length;
  }

  async reportRooms(): Promise<readonly RoomReport[]> {
    return (await this.#parts.nodes?.reportRooms()) ?? this.reportOwnRooms();
  }

  /** Those whose home is this node. */
  reportOwnRooms(): readonly RoomReport[] {
    const rooms = new Map<string, PersonReport[]>();
    for (const { roomName, peer } of this.#parts.rooms.everybody()) {
      const people = rooms.get(roomName) ?? [];
      people.push({ id: peer.id, name: peer.name });
      rooms.set(roomName, people);
    }
    return Array.from(rooms, ([name, people]) => ({ name, people }));
  }

  drain(patienceMs: number, onWait?: () => void): Promise<void> {
    return this.#parts.operations.drain.finish(patienceMs, onWait);
  }

  async remove(peer: PeerId): Promise<boolean> {
    return (await this.#parts.nodes?.remove(peer)) ?? this.removeHere(peer);
  }

  /** The same for somebody whose room has its home here. */
  removeHere(peer: PeerId): boolean {
    const { rooms, memberships } = this.#parts;
    const member = rooms.find(peer);
    if (member !== undefined) memberships.end(member, 'removed');
    return member !== undefined;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { signaling, memberships, front, bound, https, nodes } = this.#parts;
    https.certificate?.close();
    this.#parts.operations.close();
    await nodes?.close();
    const grace = setTimeout(() => front.destroyAll(), CLOSE_GRACE_MS);
    await signaling.close();
    memberships.close();
    await Promise.all([bound.udp.close(), front.close(), https.plainPort?.close()]);
    clearTimeout(grace);
  }
}

/** What listens. */
interface OpenedPort extends HttpsParts {
  readonly front: TcpFront;
  readonly bound: BoundPort<RelayServer>;
}

/** Makes the TCP and the UDP side listen on one number. */
async function openPort(
  options: ResolvedServerOptions,
  secrets: readonly string[],
  onRequest: RequestListener,
): Promise<OpenedPort> {
  const { host, port } = options;
  await checkUdp(options);
  let relay: RelayServer | undefined;
  const openUdp = (address: string): RelayServer => {
    relay = createRelayServer(address, options, secrets);
    return relay;
  };
  const answers = new ChallengeAnswers();
  const certificate = await openCertificate(options, answers);
  const front = createTcpFront({
    onRequest,
    onPlainRequest: answers.before(redirectToHttps),
    onTurn: (socket, transport) => relay?.handleTurn(socket, transport),
    identity: certificate?.identity,
  });
  try {
    const bound = await bindOnePort({ tcp: front.server, openUdp, host, port });
    const plainPort = await openPlainPort(options, bound, answers);
    return { front, bound, certificate, plainPort };
  } catch (error) {
    certificate?.close();
    await front.close();
    throw error;
  }
}

function openPlainPort(
  options: ResolvedServerOptions,
  { host, port }: BoundPort,
  answers: ChallengeAnswers,
): Promise<PlainPort | undefined> | undefined {
  const { httpPort, logger } = options;
  if (httpPort === 0 || publicNameOf(options) === undefined) return undefined;
  const onRequest = answers.before(redirectToPort(port));
  return PlainPort.open({ port: httpPort, host, onRequest, logger });
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

function urlOf(scheme: string, host: string | undefined, port: number): string | undefined {
  if (host === undefined) return undefined;
  // Leaves out the port where it is the usual one.
  return new URL(`${scheme}://${formatUrlHost(host)}:${port}`).origin;
}

function localName(host: string): string {
  return host === '::' || host === '0.0.0.0' ? 'localhost' : formatUrlHost(host);
}
