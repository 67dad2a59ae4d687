/**
 * The firewall of a home or office router, in the terms of RFC 4787: which public port an inner
 * socket gets (mapping), and whom it then hears (filtering). Pure: makes text for `nft`.
 * @see https://www.rfc-editor.org/rfc/rfc4787#section-4
 * @see https://www.netfilter.org/projects/nftables/manpage.html
 * @module
 */

/** On which part of the remote endpoint a decision of the router depends. */
export type Dependence =
  | 'endpoint-independent'
  | 'address-dependent'
  | 'address-and-port-dependent';

/** How a router translates UDP. */
export interface NatBehaviour {
  readonly mapping: Dependence;
  readonly filtering: Dependence;
}

/** What a router lets out. */
export type Outbound = 'everything' | 'no-udp' | 'only-tcp-443';

/** A router between its device `lan` and its device `wan`. */
export interface RouterRules extends NatBehaviour {
  /** Public IPv4 address of the router. */
  readonly address: string;
  readonly outbound: Outbound;
}

/** Ports that a mapping which depends on the remote endpoint is drawn from. */
const PORTS = { first: 20_000, count: 40_000 } as const;

/**
 * Public port for an inner socket. Plain `masquerade` keeps the inner port, whoever is on the other
 * side; a hash of the remote address keeps one port for each address.
 */
const MAPPING: { readonly [D in Dependence]: (address: string) => string } = {
  'endpoint-independent': () => 'masquerade',
  'address-dependent': (address) =>
    `snat to ${address} : jhash ip saddr . udp sport . ip daddr mod ${PORTS.count} offset ${PORTS.first}`,
  'address-and-port-dependent': () => 'masquerade fully-random',
};

/** Rule that takes a packet nobody inside has asked for to the owner of the port. */
const FILTERING: { readonly [D in Dependence]: string } = {
  'endpoint-independent': 'iifname wan dnat to udp dport map @owners',
  'address-dependent': 'iifname wan udp dport . ip saddr @heard dnat to udp dport map @owners',
  // The kernel's own table of connections hears exactly the endpoints that were sent to.
  'address-and-port-dependent': '',
};

const OUTBOUND: { readonly [O in Outbound]: string } = {
  everything: 'iifname lan accept',
  'no-udp': 'iifname lan meta l4proto != udp accept',
  'only-tcp-443': 'iifname lan tcp dport 443 accept',
};

/**
 * Rules for one router. Two things the kernel does not do by itself: it remembers who owns a public
 * port, for filters that hear strangers; and it drops what strangers send to the router, because a
 * connection noted for that would take the port away from the one who owns it.
 */
export function formatRouterRules(rules: RouterRules): string {
  const { address, mapping, filtering, outbound } = rules;
  return `table ip router {
  map owners { type inet_service : ipv4_addr . inet_service; flags dynamic,timeout; timeout 5m; size 65535; }
  set heard { type inet_service . ipv4_addr; flags dynamic,timeout; timeout 5m; size 65535; }
  chain translate {
    type nat hook postrouting priority srcnat;
    oifname wan meta l4proto udp ${MAPPING[mapping](address)}
    oifname wan masquerade
  }
  chain remember {
    type filter hook postrouting priority srcnat + 1;
    oifname wan meta l4proto udp ct direction original update @owners { udp sport : ct original ip saddr . ct original proto-src }
    oifname wan meta l4proto udp update @heard { udp sport . ip daddr }
  }
  chain admit {
    type nat hook prerouting priority dstnat;
    ${FILTERING[filtering]}
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
    iifname wan ct status dnat accept
    ${OUTBOUND[outbound]}
  }
  chain input {
    type filter hook input priority filter;
    iifname wan ct state new drop
  }
}
`;
}
