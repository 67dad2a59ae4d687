/**
 * Where a relay may send to and hear from: the one gate that CreatePermission and ChannelBind pass
 * in open mode. Send, and what comes back, need what they installed. Whatever is not plain public Internet is refused: a
 * relay stands inside somebody's network, and its users do not.
 * Pure: addresses in, verdict out.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-10.2
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 * @module
 */
import type { TransportAddress } from '../wire/transport-address.ts';
import { AddressSet, isSingleAddress } from './address-set.ts';

/** No block of `allowPeers` opens these; the IPv6 ones reach an IPv4 address under another name. */
const NEVER = new AddressSet([
  '::/96', // IPv4-compatible; holds :: and ::1 too
  '::ffff:0:0/96', // IPv4-mapped
  '::ffff:0:0:0/96', // IPv4-translated (SIIT)
  '64:ff9b::/96', // NAT64
  '64:ff9b:1::/48', // NAT64, local use
  '2001::/32', // Teredo
  '2002::/16', // 6to4
  '0.0.0.0/8', // "This host": reaches loopback
  '224.0.0.0/4', // Multicast
  '255.255.255.255/32', // Broadcast
  'ff00::/8', // Multicast
]);

/** Refused unless `allowPeers` says otherwise. */
const SPECIAL = new AddressSet([
  '10.0.0.0/8', // Private
  '100.64.0.0/10', // Behind carrier NAT; Alibaba's metadata at 100.100.100.200
  '127.0.0.0/8', // Loopback
  '168.63.129.16/32', // Azure's platform services
  '169.254.0.0/16', // Link-local; metadata of most clouds at 169.254.169.254
  '172.16.0.0/12', // Private
  '192.0.0.0/24', // IETF protocols; Oracle's metadata at 192.0.0.192
  '192.0.2.0/24', // Documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // Automatic multicast tunnels
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // Private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // Benchmarks
  '198.51.100.0/24', // Documentation
  '203.0.113.0/24', // Documentation
  '240.0.0.0/4', // Reserved
  '100::/64', // Discard
  '100:0:0:1::/64', // Dummy prefix
  '2001::/23', // IETF protocols: benchmarks, ORCHID, Teredo
  '2001:db8::/32', // Documentation
  '3fff::/20', // Documentation
  '5f00::/16', // Segment routing
  'fc00::/7', // Unique local; Amazon's metadata at fd00:ec2::254
  'fe80::/10', // Link-local
  'fec0::/10', // Site-local
]);

/** What of IPv6 is handed out for public use at all. */
const GLOBAL_UNICAST = new AddressSet(['2000::/3']);

/** The one address of `::/96` that means what it says, and can be opened by itself. */
const LOOPBACK = new AddressSet(['::1']);

/** Why a peer is refused; for counters and logs. */
export type PeerDenial = 'own-address' | 'special-address';

/** What a {@link PeerGate} lets through. */
export interface PeerGateOptions {
  /**
   * Blocks that are let through although they are special, such as `192.168.1.0/24` for a LAN. A
   * single address (`127.0.0.1`) opens even an address of this machine; a larger block does not.
   */
  readonly allowPeers?: readonly string[];
  /** Addresses of this machine, public ones included: their other services are not to be reached. */
  readonly ownAddresses?: readonly string[];
}

/** Judges peers. Immutable. */
export class PeerGate {
  readonly #single: AddressSet;
  readonly #blocks: AddressSet;
  readonly #own: AddressSet;

  /** @throws {RangeError} when a block cannot be read, or is one that nothing opens. */
  constructor(options: PeerGateOptions = {}) {
    const { allowPeers = [], ownAddresses = [] } = options;
    for (const block of allowPeers) refuseForbiddenBlock(block);
    this.#single = new AddressSet(allowPeers.filter((block) => isSingleAddress(block)));
    this.#blocks = new AddressSet(allowPeers.filter((block) => !isSingleAddress(block)));
    this.#own = new AddressSet(ownAddresses);
  }

  /**
   * Why `peer` can have no permission, or `undefined` when it can. Only its IP address is looked at.
   * What a permission was given for may be sent to and heard from, so this is asked once for each.
   */
  denialOf(peer: TransportAddress): PeerDenial | undefined {
    if (this.#single.has(peer)) return undefined;
    if (this.#own.has(peer)) return 'own-address';
    if (NEVER.has(peer)) return 'special-address';
    if (this.#blocks.has(peer)) return undefined;
    if (peer.family === 6 && !GLOBAL_UNICAST.has(peer)) return 'special-address';
    return SPECIAL.has(peer) ? 'special-address' : undefined;
  }
}

/** @throws {RangeError} when `block` lies in {@link NEVER}: opening it would not mean what it says. */
function refuseForbiddenBlock(block: string): void {
  if (!NEVER.holds(block) || LOOPBACK.holds(block)) return;
  throw new RangeError(
    `"${block}" cannot be opened to peers: it is multicast, unspecified, or IPv4 in disguise.`,
  );
}
