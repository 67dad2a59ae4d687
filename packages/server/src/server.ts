/**
 * Puts the parts together: one HTTP server with the page and signaling, STUN on the same number.
 * @module
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import type { PeerId } from '@parley/protocol';
import { AccessTokens } from './access/access-tokens.ts';
import type { AuthOptions } from './access/auth-options.ts';
import { createTokenHandler } from './access/token-handler.ts';
import { SYSTEM_CLOCK } from './clock.ts';
import { Passcodes } from './door/passcode.ts';
import { HeldPlaces } from './held-places.ts';
import { formatUrlHost, parseHostHeader } from './host-name.ts';
import { createHttpHandler } from './http-handler.ts';
import { createLeaveHandler } from './leave-handler.ts';
import type { Membership } from './membership/membership.ts';
import { Memberships } from './membership/memberships.ts';
import { SessionTokens } from './membership/session-token.ts';
import { mintPeerId } from './mint-peer-id.ts';
import { bindOnePort } from './one-port.ts';
import type { BoundPort, PortErrorCode } from './one-port.ts';
import { resolveServerOptions } from './options.ts';
import type { ResolvedServerOptions, ServerOptions } from './options.ts';
import { Admissions } from './relay/admissions.ts';
import type { ExternalTurn, OwnRelay } from './relay/ice-servers.ts';
import type { RelayMode } from './relay/relay-options.ts';
import { checkUdp, createRelayServer, turnSecretsOf } from './relay/relay-server.ts';
import type { RelayServer, RelayStats, UdpErrorCode } from './relay/relay-server.ts';
import { loadSessionSecrets } from './secret-file.ts';
import type { SecretErrorCode } from './secret-file.ts';
import { RoomRegistry } from './room-registry.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { attachSignaling } from './signaling.ts';
import type { Signaling } from './signaling.ts';
import { loadStaticFiles } from './static-files.ts';
import { createTcpFront } from './tcp-front.ts';
import type { TcpFront, TlsErrorCode, TlsFileNames } from './tcp-front.ts';

/** What is going on right now. */
export interface ServerStats {
  /** Connected sockets, in a room or not. */
  readonly connections: number;
  readonly rooms: number;
  /** People in all rooms together. */
  readonly peers: number;
  readonly relay: RelayStats;
}

/** A running server. */
export interface ParleyServer {
  /** Where to open the page on this computer. */
  readonly url: string;
  /** TCP and UDP port of everything. */
  readonly port: number;
  /** True when the page is served by https. */
  readonly isSecure: boolean;
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
  remove(peer: PeerId): boolean;
  /** Disconnects everybody and frees the port. Idempotent. */
  close(): Promise<void>;
}

/** Why a server could not start, besides `ERR_OPTIONS`. */
export type StartErrorCode = PortErrorCode | SecretErrorCode | TlsErrorCode | UdpErrorCode;

/** Time for clients to take note of the goodbye when the server stops. */
const CLOSE_GRACE_MS = 1000;

/**
 * Starts a server and resolves when it answers.
 * @throws {ParleyError} `ERR_OPTIONS`, or a `StartErrorCode` when something it needs cannot be had.
 */
export async function startServer(options: ServerOptions = {}): Promise<ParleyServer> {
  const resolved = resolveServerOptions(options);
  const { iceServers, maxPeers, publicDir, rateLimit, logger } = resolved;
  const files = loadStaticFiles(publicDir);
  const secrets = turnSecretsOf(resolved);
  const sessionSecrets = resolved.sessionSecrets ?? loadSessionSecrets(resolved.dataDir);
  const tokens = new SessionTokens({
    secrets: sessionSecrets,
    unixSeconds: SYSTEM_CLOCK.unixSeconds,
  });
  const { auth } = resolved;
  const access = auth && new AccessTokens({ auth, unixSeconds: SYSTEM_CLOCK.unixSeconds });
  let memberships: Memberships | undefined;
  const onLeave = createLeaveHandler({
    leave: (token) => memberships?.leaveWith(token) ?? false,
    now: SYSTEM_CLOCK.now,
  });
  const onRequest = createHttpHandler(files, onLeave, tokenHandlerOf(auth, access));
  const { front, bound } = await openPort(resolved, secrets, onRequest);
  const admissions = new Admissions({
    plan: {
      port: bound.port,
      ownRelay: ownRelayOf(resolved, secrets),
      externalTurn: externalTurnOf(resolved),
      others: iceServers,
    },
    relay: bound.udp,
    ttlSeconds: resolved.credentialTtlSeconds,
    clock: SYSTEM_CLOCK,
  });
  const rooms = new RoomRegistry<Membership>(maxPeers, resolved.maxRooms);
  memberships = new Memberships({
    rooms,
    tokens,
    graceMs: resolved.resumeGraceMs,
    mintPeerId,
    passcodes: new Passcodes(sessionSecrets),
    revoke: (grant) => access?.revoke(grant),
    clock: SYSTEM_CLOCK,
    logger,
  });
  const signaling = attachSignaling(front.http, {
    memberships,
    places: new HeldPlaces(maxPeers),
    iceServersFor: (request) => admissions.forClient(hostOf(request)),
    rateLimit,
    access,
    addressOf,
    maxConnectionsPerAddress: resolved.maxConnectionsPerAddress,
    logger,
  });
  front.http.prependListener('request', setSecurityHeaders);
  const hasPage = files.has('/index.html');
  return new RunningServer(resolved, { front, bound, rooms, memberships, signaling, hasPage });
}

/** What a server is running on. */
interface RunningParts {
  readonly front: TcpFront;
  readonly bound: BoundPort<RelayServer>;
  readonly rooms: RoomRegistry<Membership>;
  readonly memberships: Memberships;
  readonly signaling: Signaling;
  readonly hasPage: boolean;
}

class RunningServer implements ParleyServer {
  readonly url: string;
  readonly port: number;
  readonly isSecure: boolean;
  readonly relay: RelayMode;
  readonly externalTurn: readonly string[];
  readonly hasPage: boolean;
  readonly #parts: RunningParts;
  #closing: Promise<void> | undefined;

  constructor(options: ResolvedServerOptions, parts: RunningParts) {
    const { host, port } = parts.bound;
    this.#parts = parts;
    this.isSecure = tlsFilesOf(options) !== undefined;
    this.url = `${this.isSecure ? 'https' : 'http'}://${localName(host)}:${port}`;
    this.port = port;
    this.relay = options.relay;
    this.externalTurn = options.externalTurn;
    this.hasPage = parts.hasPage;
  }

  get stats(): ServerStats {
    const { signaling, rooms, bound } = this.#parts;
    return {
      connections: signaling.connectionCount,
      rooms: rooms.roomCount,
      peers: rooms.memberCount,
      relay: bound.udp.stats,
    };
  }

  remove(peer: PeerId): boolean {
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
    const { signaling, memberships, front, bound } = this.#parts;
    const grace = setTimeout(() => front.destroyAll(), CLOSE_GRACE_MS);
    await signaling.close();
    memberships.close();
    await Promise.all([bound.udp.close(), front.close()]);
    clearTimeout(grace);
  }
}

/** Makes the TCP and the UDP side listen on one number. */
async function openPort(
  options: ResolvedServerOptions,
  secrets: readonly string[],
  onRequest: RequestListener,
): Promise<{ readonly front: TcpFront; readonly bound: BoundPort<RelayServer> }> {
  const { host, port, logger } = options;
  await checkUdp(options);
  let relay: RelayServer | undefined;
  const openUdp = (address: string): RelayServer => {
    relay = createRelayServer(address, options, secrets);
    return relay;
  };
  const front = createTcpFront({
    onRequest,
    onTurn: (socket, transport) => relay?.handleTurn(socket, transport),
    tls: tlsFilesOf(options),
    logger,
  });
  try {
    return { front, bound: await bindOnePort({ tcp: front.server, openUdp, host, port }) };
  } catch (error) {
    await front.close();
    throw error;
  }
}

function tlsFilesOf({ tlsCert, tlsKey }: ResolvedServerOptions): TlsFileNames | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  return { certFile: tlsCert, keyFile: tlsKey };
}

function ownRelayOf(
  options: ResolvedServerOptions,
  [secret]: readonly string[],
): OwnRelay | undefined {
  if (secret === undefined) return undefined;
  return { secret, isSecure: tlsFilesOf(options) !== undefined };
}

function externalTurnOf(options: ResolvedServerOptions): ExternalTurn | undefined {
  const { externalTurn, externalTurnSecret } = options;
  if (externalTurnSecret === undefined) return undefined;
  return { urls: externalTurn, secret: externalTurnSecret };
}

/** Where an application gets tokens, if it has an API key. */
function tokenHandlerOf(
  auth: AuthOptions | undefined,
  access: AccessTokens | undefined,
): RequestListener | undefined {
  if (auth?.apiKey === undefined || access === undefined) return undefined;
  return createTokenHandler({ access, apiKey: auth.apiKey, addressOf, clock: SYSTEM_CLOCK });
}

function addressOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? '';
}

/** The name the client used for us, or else the address at which it reached us. */
function hostOf(request: IncomingMessage): string {
  return (
    parseHostHeader(request.headers.host) ??
    formatUrlHost(request.socket.localAddress ?? 'localhost')
  );
}

function localName(host: string): string {
  return host === '::' || host === '0.0.0.0' ? 'localhost' : formatUrlHost(host);
}
