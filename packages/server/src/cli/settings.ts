/**
 * Every setting of the command: its flag, its variable, and what it does to the options. Secrets
 * have no flag, because other users of the machine can read command lines. Pure.
 * @module
 */
import { DEFAULT_PORT } from '../options.ts';
import type { ServerOptions } from '../options.ts';
import { RELAY_MODES, UDP_CHOICES } from '../relay/relay-options.ts';
import { ACCESS_SETTINGS } from './access-settings.ts';
import { HTTPS_SETTINGS } from './https-settings.ts';
import { parseIceServer } from './ice-server-text.ts';
import { LOG_FORMATS } from './log-format.ts';
import { NODE_SETTINGS } from './node-settings.ts';
import { last, listed, oneOf, portRange, wholeNumber } from './setting-values.ts';
import type { LogFormat } from './log-format.ts';

/** What the settings together say. */
export interface ServeSettings {
  readonly options?: ServerOptions;
  readonly log?: LogFormat;
  /** How long calls are waited for before the server stops. */
  readonly drainMs?: number;
}

/** One setting. */
export interface Setting {
  /** Absent: it is a secret, and has none because others can read command lines. */
  readonly flag?: string;
  /** What the flag means without a value. Absent: it needs one. */
  readonly bare?: string;
  readonly variable: string;
  readonly value: string;
  readonly help: string;
  /** Reads the texts given, at least one. @throws {ParleyError} `ERR_OPTIONS` */
  readonly read: (texts: readonly string[]) => ServeSettings;
}

/** A setting that is an option of the server. */
function option(
  setting: Omit<Setting, 'read'>,
  read: (texts: readonly string[]) => ServerOptions,
): Setting {
  return { ...setting, read: (texts) => ({ options: read(texts) }) };
}

/** In the order in which help lists them. */
export const SETTINGS: readonly Setting[] = [
  option(
    {
      flag: 'port',
      variable: 'PARLEY_PORT',
      value: 'NUMBER',
      help: `TCP and UDP port of everything; 0 takes a free one (${DEFAULT_PORT})`,
    },
    (texts) => ({ port: wholeNumber(last(texts)) }),
  ),
  option(
    {
      flag: 'host',
      variable: 'PARLEY_HOST',
      value: 'ADDRESS',
      help: 'listen on this address only (all of them)',
    },
    (texts) => ({ host: last(texts) }),
  ),
  ...HTTPS_SETTINGS.map(({ read, ...setting }) => option(setting, read)),
  option(
    {
      flag: 'max-peers',
      variable: 'PARLEY_MAX_PEERS',
      value: 'NUMBER',
      help: 'people per room (12)',
    },
    (texts) => ({ maxPeers: wholeNumber(last(texts)) }),
  ),
  ...ACCESS_SETTINGS.map(({ read, ...setting }) => option(setting, read)),
  option(
    {
      flag: 'resume-grace',
      variable: 'PARLEY_RESUME_GRACE',
      value: 'SECONDS',
      help: 'how long somebody whose connection broke is waited for (30)',
    },
    (texts) => ({ resumeGraceMs: wholeNumber(last(texts)) * 1000 }),
  ),
  option(
    {
      flag: 'relay',
      variable: 'PARLEY_RELAY',
      value: RELAY_MODES.join('|'),
      help: 'inside a room on the one port, or to any address (hairpin)',
    },
    (texts) => ({ relay: oneOf(RELAY_MODES, last(texts)) }),
  ),
  option(
    {
      flag: 'relay-ports',
      variable: 'PARLEY_RELAY_PORTS',
      value: 'LOW-HIGH',
      help: 'UDP ports of the open relay (49152-65535)',
    },
    (texts) => ({ relayPorts: portRange(last(texts)) }),
  ),
  option(
    {
      flag: 'relay-addresses',
      variable: 'PARLEY_RELAY_ADDRESSES',
      value: 'IP[,IP]',
      help: 'public addresses of the open relay, when it is behind a NAT',
    },
    (texts) => ({ relayAddresses: listed(texts) }),
  ),
  option(
    {
      flag: 'allow-peers',
      variable: 'PARLEY_ALLOW_PEERS',
      value: 'CIDR[,CIDR]',
      help: 'private networks that the open relay may reach (none)',
    },
    (texts) => ({ allowPeers: listed(texts) }),
  ),
  option(
    {
      flag: 'relay-workers',
      variable: 'PARLEY_RELAY_WORKERS',
      value: 'NUMBER',
      help: 'threads that relay; 0: none of their own (1)',
    },
    (texts) => ({ relayWorkers: wholeNumber(last(texts)) }),
  ),
  option(
    {
      flag: 'udp',
      variable: 'PARLEY_UDP',
      value: UDP_CHOICES.join('|'),
      help: 'how UDP is done: in batches (Linux), or packet by packet (auto)',
    },
    (texts) => ({ udp: oneOf(UDP_CHOICES, last(texts)) }),
  ),
  option(
    {
      flag: 'credential-ttl',
      variable: 'PARLEY_CREDENTIAL_TTL',
      value: 'SECONDS',
      help: 'how long relay credentials are good for (3600)',
    },
    (texts) => ({ credentialTtlSeconds: wholeNumber(last(texts)) }),
  ),
  option(
    {
      flag: 'data-dir',
      variable: 'PARLEY_DATA_DIR',
      value: 'FOLDER',
      help: 'what outlives a restart: the secrets (.parley)',
    },
    (texts) => ({ dataDir: last(texts) }),
  ),
  option(
    {
      flag: 'ice-server',
      variable: 'PARLEY_ICE_SERVER',
      value: 'URL',
      help: 'name this STUN or TURN server to callers too; may be repeated (none)',
    },
    (texts) => ({ iceServers: listed(texts).map(parseIceServer) }),
  ),
  option(
    {
      flag: 'external-turn',
      variable: 'PARLEY_EXTERNAL_TURN',
      value: 'URL',
      help: 'TURN server that shares a secret with us; may be repeated (none)',
    },
    (texts) => ({ externalTurn: listed(texts) }),
  ),
  option(
    {
      flag: 'allow-origin',
      variable: 'PARLEY_ALLOW_ORIGIN',
      value: 'URL',
      help: 'pages of this origin may use the server too; repeatable (none)',
    },
    (texts) => ({ allowOrigins: listed(texts) }),
  ),
  option(
    {
      flag: 'allow-embed',
      variable: 'PARLEY_ALLOW_EMBED',
      value: 'URL',
      help: 'pages of this origin may have calls in a frame; repeatable (none)',
    },
    (texts) => ({ allowEmbeds: listed(texts) }),
  ),
  ...NODE_SETTINGS.map(({ read, ...setting }) => option(setting, read)),
  {
    flag: 'drain',
    variable: 'PARLEY_DRAIN',
    value: 'SECONDS',
    help: 'told to stop, wait so long for calls to end, and let nobody in (5)',
    read: (texts) => ({ drainMs: wholeNumber(last(texts)) * 1000 }),
  },
  {
    flag: 'log',
    variable: 'PARLEY_LOG',
    value: LOG_FORMATS.join('|'),
    help: 'what to write to stderr: only trouble, or all that happens (trouble)',
    read: (texts) => ({ log: oneOf(LOG_FORMATS, last(texts)) }),
  },
  option(
    {
      variable: 'PARLEY_TURN_SECRET',
      value: 'TEXT[,TEXT]',
      help: 'secrets of our relay instead of those in the data folder',
    },
    (texts) => ({ turnSecrets: listed(texts) }),
  ),
  option(
    {
      variable: 'PARLEY_SESSION_SECRET',
      value: 'TEXT[,TEXT]',
      help: 'secrets of sessions instead of those in the data folder',
    },
    (texts) => ({ sessionSecrets: listed(texts) }),
  ),
  option(
    {
      variable: 'PARLEY_ADMIN_TOKEN',
      value: 'TEXT',
      help: 'lets its owner in at /api/admin/, and to /metrics',
    },
    (texts) => ({ adminToken: last(texts) }),
  ),
  option(
    {
      variable: 'PARLEY_EXTERNAL_TURN_SECRET',
      value: 'TEXT',
      help: 'the secret shared with the external TURN server',
    },
    (texts) => ({ externalTurnSecret: last(texts) }),
  ),
];
