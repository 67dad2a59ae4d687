/**
 * Which IP addresses relayed addresses show: those the owner names, else what this machine knows
 * about itself. Pure but for the default list of interfaces.
 * @module
 */
import { networkInterfaces } from 'node:os';
import { parseAddress } from '../wire/address-text.ts';
import type { AddressFamily, TransportAddress } from '../wire/transport-address.ts';

/** What is known about the addresses of a server. */
export interface RelayAddressOptions {
  /** Named by the owner: at most one of each family. */
  readonly named: readonly string[];
  /** Where the server listens; empty or a wildcard for everywhere. */
  readonly host: string;
  /** Addresses of this machine. @default those of its interfaces */
  readonly local?: readonly string[];
}

/** One address of each family, as far as there are any. Their ports mean nothing. */
export interface RelayAddresses {
  readonly ipv4: TransportAddress | undefined;
  readonly ipv6: TransportAddress | undefined;
}

const LOOPBACK = { 4: '127.0.0.1', 6: '::1' } as const;

/** IP addresses of this machine's interfaces, in the order of the system. */
export function interfaceAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((entries = []) =>
    entries.map(({ address }) => address),
  );
}

/**
 * Chooses for each family: the named address, the address listened on, the first address of this
 * machine that others can reach. An IPv4 address is always found, an IPv6 one only if there is one.
 * @throws {RangeError} when a named address is none, or a family is named twice.
 */
export function chooseRelayAddresses(options: RelayAddressOptions): RelayAddresses {
  const { named, host, local = interfaceAddresses() } = options;
  for (const text of named) {
    if (parseAddress(text, 0) === undefined) {
      throw new RangeError(`"${text}" is not an IP address.`);
    }
  }
  const choose = (family: AddressFamily): TransportAddress | undefined => {
    const own = named.filter((text) => parseAddress(text, 0)?.family === family);
    if (own.length > 1) throw new RangeError(`Two IPv${family} relay addresses: ${own.join(', ')}`);
    const candidates = [...own, host, ...local.filter((text) => isReachable(text))];
    const fitting = candidates.find((text) => isUsable(text, family));
    return parseAddress(fitting ?? (family === 4 ? LOOPBACK[4] : ''), 0);
  };
  return { ipv4: choose(4), ipv6: choose(6) };
}

function isUsable(text: string, family: AddressFamily): boolean {
  const address = parseAddress(text, 0);
  if (address?.family !== family) return false;
  return address.word0 !== 0 || address.word1 !== 0 || address.word2 !== 0 || address.word3 !== 0;
}

/** Neither loopback nor link-local: another machine can mean the same address. */
function isReachable(text: string): boolean {
  return text !== LOOPBACK[6] && !/^(?:127\.|169\.254\.|fe[89ab])/i.test(text);
}
