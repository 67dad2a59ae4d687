/**
 * Options of the server: defaults applied and values checked once, at the edge.
 * @module
 */
import { fileURLToPath } from 'node:url';
import { DEFAULT_MAX_PEERS_PER_ROOM, DEFAULT_RESUME_GRACE_MS, ParleyError } from '@parley/protocol';
import type { IceServer } from '@parley/protocol';
import { checkAuthOptions, checkAuthTogether } from './access/auth-options.ts';
import type { AuthOptions } from './access/auth-options.ts';
import { SILENT_LOGGER } from './logger.ts';
import type { Logger } from './logger.ts';
import { checkRelayOptions, DEFAULT_RELAY_OPTIONS } from './relay/relay-options.ts';
import type { RelayOptions, RelayOptionsWithoutDefault } from './relay/relay-options.ts';
import { faultOf } from './secret-file.ts';
import type { RateLimit } from './token-bucket.ts';

/** How a server is to run. Everything has a default that works. */
export interface ServerOptions extends RelayOptions {
  /** Port of the page (TCP), of STUN (UDP) and of the relay (both). 0 takes a free one. @default 7000 */
  readonly port?: number;
  /** Address to listen on. @default all interfaces, IPv6 and IPv4 */
  readonly host?: string;
  /** Certificate chain in a PEM file; read again when it changes. @default plain HTTP */
  readonly tlsCert?: string;
  /** Key of the certificate, in a PEM file. */
  readonly tlsKey?: string;
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
  /** Messages a client may send; see {@link DEFAULT_RATE_LIMIT}. */
  readonly rateLimit?: RateLimit;
  /** Rooms at the same time. @default 10000 */
  readonly maxRooms?: number;
  /**
   * Connections of one IPv4 address or IPv6 /64.
   * @default 256; without limit from this machine, where a proxy may stand for everybody
   */
  readonly maxConnectionsPerAddress?: number;
  /** Who may join at all, by access tokens of an application. @default everybody */
  readonly auth?: AuthOptions;
  /** @default silent */
  readonly logger?: Logger;
}

type WithoutDefault =
  | RelayOptionsWithoutDefault
  | 'host'
  | 'tlsCert'
  | 'tlsKey'
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
  port: DEFAULT_PORT,
  iceServers: [],
  maxPeers: DEFAULT_MAX_PEERS_PER_ROOM,
  maxRooms: 10_000,
  resumeGraceMs: DEFAULT_RESUME_GRACE_MS,
  dataDir: '.parley',
  publicDir: fileURLToPath(new URL('../public', import.meta.url)),
  rateLimit: DEFAULT_RATE_LIMIT,
  logger: SILENT_LOGGER,
} as const satisfies ServerOptions;

/** @throws {ParleyError} `ERR_OPTIONS` when a value makes no sense; the message names it. */
export function resolveServerOptions(options: ServerOptions = {}): ResolvedServerOptions {
  const resolved = { ...DEFAULTS, ...options };
  checkServerOptions(options);
  const { tlsCert, tlsKey, relay } = resolved;
  check(
    (tlsCert === undefined) === (tlsKey === undefined),
    'A certificate needs its key, and a key its certificate: give both tlsCert and tlsKey, or none',
  );
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
  if (options.auth !== undefined) checkAuthTogether(options.auth, check);
  return resolved;
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
}

function isInteger(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function check(holds: boolean, message: string): void {
  if (!holds) throw new ParleyError('ERR_OPTIONS', message);
}
