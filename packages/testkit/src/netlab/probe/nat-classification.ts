/**
 * What answers from a server with two addresses and two ports say about the router in between. Pure.
 * @see https://www.rfc-editor.org/rfc/rfc5780#section-4
 * @module
 */
import type { Dependence } from '../nat-rules.ts';

/** One of the server's four sockets: number of its address, number of its port. */
export type MirrorSocket = readonly [address: 0 | 1, port: 0 | 1];

/** The caller's own address as three of the server's sockets saw it. */
export interface MappedAddresses {
  readonly atFirst: string;
  readonly atOtherAddress: string;
  readonly atOtherAddressAndPort: string;
}

/** Which public port the caller gets (RFC 5780 section 4.3). */
export function classifyMapping(mapped: MappedAddresses): Dependence {
  if (mapped.atOtherAddress === mapped.atFirst) return 'endpoint-independent';
  return mapped.atOtherAddressAndPort === mapped.atOtherAddress
    ? 'address-dependent'
    : 'address-and-port-dependent';
}

/** Who reached a caller that had sent to the first socket only. */
export interface HeardSockets {
  readonly otherAddressAndPort: boolean;
  readonly otherPort: boolean;
}

/** Whom the caller hears (RFC 5780 section 4.4). */
export function classifyFiltering(heard: HeardSockets): Dependence {
  if (heard.otherAddressAndPort) return 'endpoint-independent';
  return heard.otherPort ? 'address-dependent' : 'address-and-port-dependent';
}
