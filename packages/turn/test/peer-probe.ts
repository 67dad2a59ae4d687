/**
 * A probe for the classic hole of TURN servers: may a client send to addresses that are nobody's but
 * the server's? Asks any server for permissions towards {@link PROBED_PEERS} and tells its answers.
 * A permission alone sends nothing.
 * @module
 */
import { appendFamily } from '../src/wire/address-family.ts';
import { parseAddress } from '../src/wire/address-text.ts';
import { METHOD } from '../src/wire/message-type.ts';
import { emptyAddress } from '../src/wire/transport-address.ts';
import { allocateAttributes, peerAttributes } from './turn-test-client.ts';
import { UdpTurnClient } from './udp-turn-client.ts';
import type { UdpTurnClientOptions } from './udp-turn-client.ts';

/** An address to ask for. */
export interface ProbedPeer {
  readonly ip: string;
  /** Family of the allocation that asks. */
  readonly from: 4 | 6;
  /** No relay on the public Internet should ever send there. */
  readonly isHostile: boolean;
}

/** 21 addresses that must be refused, and 3 that show whether the probe is heard at all. */
export const PROBED_PEERS: readonly ProbedPeer[] = [
  ...[
    '127.0.0.1',
    '0.0.0.0',
    '169.254.169.254',
    '10.0.0.1',
    '192.168.1.1',
    '172.16.0.1',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
  ].map((ip) => ({ ip, from: 4 as const, isHostile: true })),
  ...[
    '::1',
    '::',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    '::127.0.0.1',
    '64:ff9b::10.0.0.1',
    '2002:0a00:0001::',
    '2001::1',
    'fe80::1',
    'fc00::1',
    'fec0::1',
  ].map((ip) => ({ ip, from: 6 as const, isHostile: true })),
  { ip: '9.9.9.9', from: 4, isHostile: false },
  { ip: '2620:fe::fe', from: 6, isHostile: false },
  { ip: '2620:fe::9', from: 4, isHostile: false },
];

/** What a server said: an error code, or 0 for permission granted. */
export interface ProbeResult extends ProbedPeer {
  readonly code: number;
}

/** Asks for all of them, from an IPv4 and an IPv6 allocation. */
export async function probePeers(target: UdpTurnClientOptions): Promise<readonly ProbeResult[]> {
  return [...(await probeFrom(4, target)), ...(await probeFrom(6, target))];
}

async function probeFrom(family: 4 | 6, target: UdpTurnClientOptions): Promise<ProbeResult[]> {
  const client = new UdpTurnClient(target);
  try {
    const wanted = allocateAttributes((writer) => {
      appendFamily(writer, 'requestedAddressFamily', family);
    });
    const { code } = await client.request(METHOD.allocate, wanted);
    if (code !== 0) throw new Error(`no IPv${family} allocation: ${code}`);
    const results: ProbeResult[] = [];
    for (const peer of PROBED_PEERS.filter(({ from }) => from === family)) {
      const address = parseAddress(peer.ip, 7777) ?? emptyAddress();
      const answer = await client.request(METHOD.createPermission, peerAttributes(address));
      results.push({ ...peer, code: answer.code });
    }
    return results;
  } finally {
    client.close();
  }
}
