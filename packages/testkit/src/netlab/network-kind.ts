/**
 * The kinds of networks that callers sit in, and which pairs of them can exchange packets without a
 * relay. Pure.
 * @module
 */
import type { NatBehaviour, Outbound } from './nat-rules.ts';

/** Name of a kind of network. */
export type NetworkKind =
  | 'no-nat'
  | 'open-nat'
  | 'address-filter'
  | 'port-filter'
  | 'address-mapping'
  | 'symmetric'
  | 'udp-blocked'
  | 'only-tcp-443'
  | 'only-ipv6';

/** How a kind of network is built. */
export interface NetworkPlan {
  /** As a person reads it in a table. */
  readonly title: string;
  readonly family: 'IPv4' | 'IPv6';
  /** Absent where hosts have public addresses and no router in front of them. */
  readonly router?: NatBehaviour & { readonly outbound: Outbound };
}

/** Routers of homes and offices, from the most to the least obliging. */
const ROUTERS = {
  open: { mapping: 'endpoint-independent', filtering: 'endpoint-independent' },
  addressFilter: { mapping: 'endpoint-independent', filtering: 'address-dependent' },
  portFilter: { mapping: 'endpoint-independent', filtering: 'address-and-port-dependent' },
  addressMapping: { mapping: 'address-dependent', filtering: 'address-dependent' },
  symmetric: { mapping: 'address-and-port-dependent', filtering: 'address-and-port-dependent' },
} as const satisfies { readonly [name: string]: NatBehaviour };

/** Every kind, in the order of a table. */
export const NETWORK_PLANS: { readonly [K in NetworkKind]: NetworkPlan } = {
  'no-nat': { title: 'no NAT', family: 'IPv4' },
  'open-nat': {
    title: 'NAT, hears everybody',
    family: 'IPv4',
    router: { ...ROUTERS.open, outbound: 'everything' },
  },
  'address-filter': {
    title: 'NAT, filters by address',
    family: 'IPv4',
    router: { ...ROUTERS.addressFilter, outbound: 'everything' },
  },
  'port-filter': {
    title: 'NAT, filters by port',
    family: 'IPv4',
    router: { ...ROUTERS.portFilter, outbound: 'everything' },
  },
  'address-mapping': {
    title: 'NAT, a port per address',
    family: 'IPv4',
    router: { ...ROUTERS.addressMapping, outbound: 'everything' },
  },
  symmetric: {
    title: 'symmetric NAT',
    family: 'IPv4',
    router: { ...ROUTERS.symmetric, outbound: 'everything' },
  },
  'udp-blocked': {
    title: 'UDP blocked',
    family: 'IPv4',
    router: { ...ROUTERS.portFilter, outbound: 'no-udp' },
  },
  'only-tcp-443': {
    title: 'only TCP 443',
    family: 'IPv4',
    router: { ...ROUTERS.portFilter, outbound: 'only-tcp-443' },
  },
  'only-ipv6': { title: 'only IPv6', family: 'IPv6' },
};

/** Every kind, in the order of a table. */
export const NETWORK_KINDS: readonly NetworkKind[] = Object.keys(NETWORK_PLANS).filter(
  (name): name is NetworkKind => name in NETWORK_PLANS,
);

/** Whether UDP can leave a network of this kind. */
export function hasUdp(kind: NetworkKind): boolean {
  const { router } = NETWORK_PLANS[kind];
  return router === undefined || router.outbound === 'everything';
}

/** Whether packets find their way between two such networks without a relay. */
export function canConnectDirectly(one: NetworkKind, other: NetworkKind): boolean {
  if (NETWORK_PLANS[one].family !== NETWORK_PLANS[other].family) return false;
  if (!hasUdp(one) || !hasUdp(other)) return false;
  return canReach(one, other) || canReach(other, one);
}

/** Whether a packet gets through to the address that the receiver has from STUN. */
function canReach(sender: NetworkKind, receiver: NetworkKind): boolean {
  const { router } = NETWORK_PLANS[receiver];
  if (router === undefined || router.filtering === 'endpoint-independent') return true;
  // The receiver's own packet opens the filter, if it leaves from that very address, ...
  if (router.mapping !== 'endpoint-independent') return false;
  // ... for the sender's address, but only for that port of it which STUN has told.
  return router.filtering === 'address-dependent' || keepsPort(sender);
}

function keepsPort(kind: NetworkKind): boolean {
  const { router } = NETWORK_PLANS[kind];
  return router === undefined || router.mapping === 'endpoint-independent';
}
