import { describe, expect, it } from 'vitest';
import { NETWORK_KINDS, canConnectDirectly } from './network-kind.ts';
import type { NetworkKind } from './network-kind.ts';

/** Pairs that need a relay, found by hand: packets drawn on paper, not by the rule under test. */
const NO_DIRECT_PATH: { readonly [K in NetworkKind]: readonly NetworkKind[] } = {
  'no-nat': ['udp-blocked', 'only-tcp-443', 'only-ipv6'],
  'open-nat': ['udp-blocked', 'only-tcp-443', 'only-ipv6'],
  'address-filter': ['udp-blocked', 'only-tcp-443', 'only-ipv6'],
  'port-filter': ['address-mapping', 'symmetric', 'udp-blocked', 'only-tcp-443', 'only-ipv6'],
  'address-mapping': [
    'port-filter',
    'address-mapping',
    'symmetric',
    'udp-blocked',
    'only-tcp-443',
    'only-ipv6',
  ],
  symmetric: [
    'port-filter',
    'address-mapping',
    'symmetric',
    'udp-blocked',
    'only-tcp-443',
    'only-ipv6',
  ],
  'udp-blocked': NETWORK_KINDS,
  'only-tcp-443': NETWORK_KINDS,
  'only-ipv6': NETWORK_KINDS.filter((kind) => kind !== 'only-ipv6'),
};

describe('canConnectDirectly', () => {
  it.each(NETWORK_KINDS)('knows whom %s reaches without a relay', (kind) => {
    const blocked = NETWORK_KINDS.filter((other) => !canConnectDirectly(kind, other));
    expect(blocked).toEqual(NO_DIRECT_PATH[kind]);
  });

  it('is the same seen from both sides', () => {
    for (const one of NETWORK_KINDS) {
      for (const other of NETWORK_KINDS) {
        expect(canConnectDirectly(one, other)).toBe(canConnectDirectly(other, one));
      }
    }
  });
});
