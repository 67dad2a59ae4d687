/** The networks of the laboratory do what they are called, found out by plain UDP and TCP. */
import { NETWORK_KINDS, NETWORK_PLANS, observeNetwork, startMirror } from '@parley/testkit';
import type { NetworkKind, NetworkObservation } from '@parley/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { formatTable } from './support/format-table.ts';
import { useInternet } from './support/use-internet.ts';
import type { Ground } from './support/use-internet.ts';

const EVERY_PORT = [443, 8443];

/** What a probe must find, written down by hand and not read from how the networks are built. */
const EXPECTED: { readonly [K in NetworkKind]: NetworkObservation } = {
  'no-nat': {
    udp: { mapping: 'endpoint-independent', filtering: 'endpoint-independent' },
    tcpPorts: EVERY_PORT,
  },
  'open-nat': {
    udp: { mapping: 'endpoint-independent', filtering: 'endpoint-independent' },
    tcpPorts: EVERY_PORT,
  },
  'address-filter': {
    udp: { mapping: 'endpoint-independent', filtering: 'address-dependent' },
    tcpPorts: EVERY_PORT,
  },
  'port-filter': {
    udp: { mapping: 'endpoint-independent', filtering: 'address-and-port-dependent' },
    tcpPorts: EVERY_PORT,
  },
  'address-mapping': {
    udp: { mapping: 'address-dependent', filtering: 'address-dependent' },
    tcpPorts: EVERY_PORT,
  },
  symmetric: {
    udp: { mapping: 'address-and-port-dependent', filtering: 'address-and-port-dependent' },
    tcpPorts: EVERY_PORT,
  },
  'udp-blocked': { udp: null, tcpPorts: EVERY_PORT },
  'only-tcp-443': { udp: null, tcpPorts: [443] },
  'only-ipv6': {
    udp: { mapping: 'endpoint-independent', filtering: 'endpoint-independent' },
    tcpPorts: EVERY_PORT,
  },
};

type Observations = ReadonlyMap<NetworkKind, NetworkObservation>;

async function observeAll({ internet, server }: Ground): Promise<Observations> {
  const ipv4 = await startMirror(server.host, server.ipv4);
  const ipv6 = await startMirror(server.host, server.ipv6);
  const observe = async (kind: NetworkKind): Promise<[NetworkKind, NetworkObservation]> => {
    const { host } = await internet.addCaller(kind, kind);
    const mirror = NETWORK_PLANS[kind].family === 'IPv4' ? ipv4 : ipv6;
    return [kind, await observeNetwork(host, mirror)];
  };
  const found = await Promise.all(NETWORK_KINDS.map(observe));
  await Promise.all([ipv4.close(), ipv6.close()]);
  return new Map(found);
}

function formatRow(kind: NetworkKind, found: NetworkObservation | undefined): string[] {
  const { title, family } = NETWORK_PLANS[kind];
  const { mapping = '-', filtering = '-' } = found?.udp ?? {};
  return [title, family, mapping, filtering, String(found?.tcpPorts.join(', '))];
}

describe('the networks of the laboratory', () => {
  const observations = useInternet(observeAll, async () => {});

  it.each(NETWORK_KINDS)('%s', (kind) => {
    expect(observations().get(kind)).toEqual(EXPECTED[kind]);
  });

  afterAll(() => {
    const rows = NETWORK_KINDS.map((kind) => formatRow(kind, observations().get(kind)));
    const heading = ['network', 'family', 'UDP mapping', 'UDP filtering', 'TCP'];
    console.log(formatTable(heading, rows));
  });
});
