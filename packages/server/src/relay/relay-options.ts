/**
 * Options of the relay and of the credentials for it, with their defaults and checks.
 * @module
 */
import { isTurnUrl } from '../ice-url.ts';
import { faultOf } from '../secret-file.ts';

/**
 * How relaying is done. `hairpin`: between people of the same room, inside the process, without any
 * further port. `open`: to any public address, from ports of its own, as TURN servers do it. `off`:
 * not at all.
 */
export type RelayMode = 'hairpin' | 'open' | 'off';

/** A range of port numbers, both ends included. */
export interface PortRange {
  readonly min: number;
  readonly max: number;
}

/** The part of the server's options that concerns relays. */
export interface RelayOptions {
  /** @default 'hairpin' */
  readonly relay?: RelayMode;
  /** Ports that relay `open` may use. @default 49152 to 65535 */
  readonly relayPorts?: PortRange;
  /** Public addresses of relay `open`, one of each family at most, where it is behind a NAT. @default this machine's */
  readonly relayAddresses?: readonly string[];
  /** Networks that relay `open` may reach although they are private. @default none */
  readonly allowPeers?: readonly string[];
  /**
   * Threads that relay. 0: none of their own, which takes less memory, but a busy server delays media
   * then. More than 1 need relay `open`. @default 1
   */
  readonly relayWorkers?: number;
  /** How UDP is done; `auto` takes batches where they work. @default 'auto' */
  readonly udp?: UdpChoice;
  /** Secrets of our relay, the first makes credentials. @default those in the data folder */
  readonly turnSecrets?: readonly string[];
  /** How long credentials are good for; fresh ones come before. @default 3600 */
  readonly credentialTtlSeconds?: number;
  /** URLs of TURN servers of somebody else that accept credentials made with a shared secret. @default none */
  readonly externalTurn?: readonly string[];
  readonly externalTurnSecret?: string;
}

/** Ways to send and receive UDP. */
export type UdpChoice = 'auto' | 'batch' | 'dgram';

/** All modes, in the order in which help names them. */
export const RELAY_MODES: readonly RelayMode[] = ['hairpin', 'open', 'off'];
/** All choices, in the order in which help names them. */
export const UDP_CHOICES: readonly UdpChoice[] = ['auto', 'batch', 'dgram'];

const MAX_PORT = 65_535;
const MAX_WORKERS = 64;
const MIN_TTL_SECONDS = 5;
const MAX_TTL_SECONDS = 86_400;

/** Options whose absence means something. */
export type RelayOptionsWithoutDefault = 'turnSecrets' | 'externalTurnSecret';

/** What holds when nothing is said. */
export const DEFAULT_RELAY_OPTIONS: Required<Omit<RelayOptions, RelayOptionsWithoutDefault>> = {
  relay: 'hairpin',
  relayPorts: { min: 49_152, max: MAX_PORT },
  relayAddresses: [],
  allowPeers: [],
  relayWorkers: 1,
  udp: 'auto',
  credentialTtlSeconds: 3600,
  externalTurn: [],
};

/**
 * Calls `check` with what must hold and the sentence for when it does not. Addresses, networks and
 * ports of relay `open` are checked by that relay.
 */
export function checkRelayOptions(
  options: RelayOptions,
  check: (holds: boolean, message: string) => void,
): void {
  const { relay, relayWorkers, udp, credentialTtlSeconds, externalTurn } = {
    ...DEFAULT_RELAY_OPTIONS,
    ...options,
  };
  check(RELAY_MODES.includes(relay), `relay must be ${oneOf(RELAY_MODES)}, got "${relay}"`);
  check(UDP_CHOICES.includes(udp), `udp must be ${oneOf(UDP_CHOICES)}, got "${udp}"`);
  for (const url of externalTurn) {
    check(isTurnUrl(url), `externalTurn takes URLs like turn:turn.example.org:3478, got "${url}"`);
  }
  check(
    isWithin(relayWorkers, 0, MAX_WORKERS),
    `relayWorkers must be 0 to ${MAX_WORKERS}, got ${relayWorkers}`,
  );
  check(
    isWithin(credentialTtlSeconds, MIN_TTL_SECONDS, MAX_TTL_SECONDS),
    `credentialTtlSeconds must be ${MIN_TTL_SECONDS} to ${MAX_TTL_SECONDS}, got ${credentialTtlSeconds}`,
  );
  const fault = options.turnSecrets === undefined ? undefined : faultOf(options.turnSecrets);
  check(fault === undefined, `the list of turnSecrets ${fault}`);
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function oneOf(values: readonly string[]): string {
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}
