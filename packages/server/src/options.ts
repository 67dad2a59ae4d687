/**
 * Options of the server: defaults applied and values checked once, at the edge.
 * @module
 */
import { fileURLToPath } from 'node:url';
import { DEFAULT_MAX_PEERS_PER_ROOM, DEFAULT_RESUME_GRACE_MS, ParleyError } from '@parley/protocol';
import type { IceServer } from '@parley/protocol';
import { checkAuthOptions, checkAuthTogether } from './access/auth-options.ts';
import type { AuthOptions } from './access/auth-options.ts';
import { isGuessable } from './guessable-secret.ts';
import { parseHostHeader } from './host-name.ts';
import {
  checkHttpsOptions,
  checkHttpsTogether,
  DEFAULT_HTTPS_OPTIONS,
  HTTPS_PORT,
} from './https/https-options.ts';
import type { HttpsOptions, HttpsOptionsWithoutDefault } from './https/https-options.ts';
import { SILENT_LOGGER } from './logger.ts';
import type { Logger } from './logger.ts';
import { checkRelayOptions, DEFAULT_RELAY_OPTIONS } from './relay/relay-options.ts';
import type { RelayOptions, RelayOptionsWithoutDefault } from './relay/relay-options.ts';
import { faultOf } from './secret-file.ts';
import type { RateLimit } from './token-bucket.ts';

/** How a server is to run. Everything has a default that works. */
export interface ServerOptions extends RelayOptions, HttpsOptions {
  /**
   * Port of the page (TCP), of STUN (UDP) and of the relay (both). 0 takes a free one.
   * @default 443 with `domain` and `publicAddress`, else 7000
   */
  readonly port?: number;
  /** Address to listen on. @default all interfaces, IPv6 and IPv4 */
  readonly host?: string;
  /** Named to clients beside our own. @default none: nothing third-party is contacted */
  readonly iceServers?: readonly IceServer[];
  /** People per room. @default 12 */
  readonly maxPeers?: number;
  /** How long the place of somebody whose connection broke is kept; 0: not at all. @default 30000 */
  readonly resumeGraceMs?: number;
  /** Secrets of session tokens, the first one makes them. @default those in the data folder */
  readonly sessionSecrets?: readonly string[];
  /** Folder of what outlives a restart; created when it is not there. @default '.parley' */
  readonly dataDir?: string;
  /** Folder with the built page. @default the `public` folder of this package */
  readonly publicDir?: string;
  /** Lets the owner in at `/api/admin/` and `/metrics`. @default nobody */
  readonly adminToken?: string;
  /** Origins, besides our own, whose pages may use this server; `*`: all. @default none */
  readonly allowOrigins?: readonly string[];
  /** Origins, besides our own, whose pages may have calls in a frame; `*`: all. @default none */
  readonly allowEmbeds?: readonly string[];
  /** Messages a client may send; see {@link DEFAULT_RATE_LIMIT}. */
  readonly rateLimit?: RateLimit;
  /** Rooms at the same time. @default 10000 */
  readonly maxRooms?: number;
  /**
   * Connections of one IPv4 address or IPv6 /64.
   * @default 256; without limit from this machine, where a proxy may stand for everybody
   */
  readonly maxConnectionsPerAddress?: number;
  /**
   * Redis that joins this server with others into one service, like `redis://localhost:6379`. They
   * share `sessionSecrets`, and each needs a `relayHost`. @default this server is the only one
   */
  readonly redis?: string;
  /** Name or address at which callers reach STUN and the relay of this server. @default where they reach the page */
  readonly relayHost?: string;
  /** Who may join at all, by access tokens of an application. @default everybody */
  readonly auth?: AuthOptions;
  /** @default silent */
  readonly logger?: Logger;
}

type WithoutDefault =
  | RelayOptionsWithoutDefault
  | HttpsOptionsWithoutDefault
  | 'host'
  | 'redis'
  | 'relayHost'
  | 'adminToken'
  | 'sessionSecrets'
  | 'auth'
  | 'maxConnectionsPerAddress';

/** Options with nothing left to decide. */
export type ResolvedServerOptions = Required<Omit<ServerOptions, WithoutDefault>> &
  Pick<ServerOptions, WithoutDefault>;

/** Where Parley is found when nobody says otherwise. */
export const DEFAULT_PORT = 7000;

/**
 * A newcomer to a full room of 12 sends 11 answers of up to 3 tokens and some 30 candidates to each
 * peer: 363 messages at once. An ICE restart of everything costs the same again a little later.
 */
export const DEFAULT_RATE_LIMIT: RateLimit = { burst: 600, perSecond: 60 };

/** Without meaning, and so most likely a mistake, in other modes. */
const OPEN_RELAY_ONLY = ['relayPorts', 'relayAddresses', 'allowPeers'] as const;

const MAX_PORT = 65_535;
const MIN_PEERS = 2;
const MAX_PEERS = 1000;
const MAX_COUNT = 1_000_000;
const MAX_GRACE_MS = 3_600_000;

const DEFAULTS = {
  ...DEFAULT_RELAY_OPTIONS,
  ...DEFAULT_HTTPS_OPTIONS,
  port: DEFAULT_PORT,
  iceServers: [],
  allowOrigins: [],
  allowEmbeds: [],
  maxPeers: DEFAULT_MAX_PEERS_PER_ROOM,
  maxRooms: 10_000,
  resumeGraceMs: DEFAULT_RESUME_GRACE_MS,
  dataDir: '.parley',
  publicDir: fileURLToPath(new URL('../public', import.meta.url)),
  rateLimit: DEFAULT_RATE_LIMIT,
  logger: SILENT_LOGGER,
} as const satisfies ServerOptions;

/** @throws {ParleyError} `ERR_OPTIONS` when a value makes no sense; `ERR_WEAK_SECRET` */
export function resolveServerOptions(options: ServerOptions = {}): ResolvedServerOptions {
  const isPublic = options.domain !== undefined || options.publicAddress !== undefined;
  const resolved = { ...DEFAULTS, ...(isPublic && { port: HTTPS_PORT }), ...options };
  checkServerOptions(options);
  checkHttpsTogether(options, check);
  const { relay } = resolved;
  for (const name of OPEN_RELAY_ONLY) {
    check(
      relay === 'open' || options[name] === undefined,
      `${name} is for the relay "open", this one is "${relay}"`,
    );
  }
  check(
    (resolved.externalTurn.length === 0) === (resolved.externalTurnSecret === undefined),
    'An external TURN server and its secret belong together: give both externalTurn and ' +
      'externalTurnSecret (PARLEY_EXTERNAL_TURN_SECRET), or none',
  );
  check(
    options.redis === undefined || options.relayHost !== undefined,
    'With redis each server needs relayHost, the name or address at which callers reach this one itself',
  );
  if (options.auth !== undefined) checkAuthTogether(options.auth, check);
  checkSecrets(resolved);
  return resolved;
}

function listOf(secret: string | undefined): readonly string[] {
  return secret === undefined ? [] : [secret];
}

/** Where strangers come, a secret that somebody made up is no protection. */
function checkSecrets(options: ResolvedServerOptions): void {
  const { domain, publicAddress, behindProxy, turnSecrets, sessionSecrets, adminToken } = options;
  const adminTokens = listOf(adminToken);
  const { secret, apiKey } = options.auth ?? {};
  const auth = [...listOf(secret), ...listOf(apiKey)];
  const isPublic = domain ?? publicAddress ?? behindProxy[0];
  if (isPublic === undefined) return;
  const weak = Object.entries({ turnSecrets, sessionSecrets, adminTokens, auth }).find(
    ([, secrets = []]) => secrets.some(isGuessable),
  );
  if (weak === undefined) return;
  throw new ParleyError(
    'ERR_WEAK_SECRET',
    `The list of ${weak[0]} has a secret that can be guessed, and this server is public. ` +
      'Make one with "openssl rand -base64 32", or leave it out to have one made.',
  );
}

/**
 * Checks each value for itself, as far as it is given.
 * @throws {ParleyError} `ERR_OPTIONS`; the message names the value
 */
export function checkServerOptions(options: ServerOptions): void {
  const { port, host, maxPeers, rateLimit, dataDir, resumeGraceMs } = { ...DEFAULTS, ...options };
  check(isInteger(port, 0, MAX_PORT), `port must be 0 to ${MAX_PORT}, got ${port}`);
  check(host !== '', 'host must be an address or a host name, got an empty text');
  check(
    isInteger(maxPeers, MIN_PEERS, MAX_PEERS),
    `maxPeers must be ${MIN_PEERS} to ${MAX_PEERS}, got ${maxPeers}`,
  );
  const { maxRooms, maxConnectionsPerAddress: connections = 1 } = { ...DEFAULTS, ...options };
  check(isInteger(maxRooms, 1, MAX_COUNT), `maxRooms must be 1 to ${MAX_COUNT}, got ${maxRooms}`);
  check(
    isInteger(connections, 1, MAX_COUNT),
    `maxConnectionsPerAddress must be 1 to ${MAX_COUNT}, got ${connections}`,
  );
  check(
    isInteger(resumeGraceMs, 0, MAX_GRACE_MS),
    `resumeGraceMs must be 0 to ${MAX_GRACE_MS}, got ${resumeGraceMs}`,
  );
  const fault = options.sessionSecrets === undefined ? undefined : faultOf(options.sessionSecrets);
  check(fault === undefined, `the list of sessionSecrets ${fault}`);
  check(dataDir !== '', 'dataDir must be the path of a folder, got an empty text');
  check(
    rateLimit.burst >= 1 && rateLimit.perSecond > 0,
    `rateLimit needs burst >= 1 and perSecond > 0, got ${rateLimit.burst} and ${rateLimit.perSecond}`,
  );
  checkAuthOptions(options.auth ?? {}, check);
  checkRelayOptions(options, check);
  checkHttpsOptions(options, check);
  checkVisitors(options);
  checkNodeOptions(options);
}

function checkNodeOptions({ redis, relayHost }: ServerOptions): void {
  const isRedis = redis === undefined || (/^rediss?:\/\/[^/]+/u.test(redis) && URL.canParse(redis));
  // The address may have a password in it.
  check(isRedis, 'redis must be an address like redis://localhost:6379');
  const isHost = relayHost === undefined || parseHostHeader(relayHost) === relayHost;
  check(isHost, `relayHost must be a name or an address without a port, got "${relayHost}"`);
}

function checkVisitors({ adminToken, ...options }: ServerOptions): void {
  const fault = adminToken === undefined ? undefined : faultOf([adminToken]);
  check(fault === undefined, `adminToken ${fault}`);
  for (const name of ['allowOrigins', 'allowEmbeds'] as const) {
    for (const origin of options[name] ?? []) {
      const isOrigin = origin === '*' || isWebOrigin(origin);
      check(isOrigin, `${name} takes origins like https://example.org, got "${origin}"`);
    }
  }
}

function isWebOrigin(text: string): boolean {
  return /^https?:/u.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

function isInteger(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function check(holds: boolean, message: string): void {
  if (!holds) throw new ParleyError('ERR_OPTIONS', message);
}
