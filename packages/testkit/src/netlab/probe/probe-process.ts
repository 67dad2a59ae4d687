/**
 * Program that runs on a caller's computer: finds out what its network does with UDP and TCP.
 * Arguments: the two addresses of a mirror. Prints one observation as JSON.
 * @see https://www.rfc-editor.org/rfc/rfc5780#section-4
 * @module
 */
import { connect } from 'node:net';
import { argv, exit, stdout } from 'node:process';
import type { Dependence, NatBehaviour } from '../nat-rules.ts';
import { MIRROR_PORTS } from './mirror-messages.ts';
import { classifyFiltering, classifyMapping } from './nat-classification.ts';
import type { NetworkObservation } from './network-observation.ts';
import { FIRST, ProbeSocket } from './probe-socket.ts';

const TCP_TIMEOUT_MS = 2_000;

const addresses = argv.slice(2);

async function withSocket<Result>(use: (socket: ProbeSocket) => Promise<Result>): Promise<Result> {
  const socket = new ProbeSocket(addresses);
  try {
    return await use(socket);
  } finally {
    socket.close();
  }
}

function observeMapping(): Promise<Dependence | undefined> {
  return withSocket(async (socket) => {
    const atFirst = await socket.ask(FIRST);
    if (atFirst === undefined) return undefined;
    const atOtherAddress = await socket.ask([1, 0]);
    const atOtherAddressAndPort = await socket.ask([1, 1]);
    if (atOtherAddress === undefined || atOtherAddressAndPort === undefined) {
      throw new Error('The mirror answers from one of its addresses only.');
    }
    return classifyMapping({ atFirst, atOtherAddress, atOtherAddressAndPort });
  });
}

async function observeFiltering(): Promise<Dependence> {
  const otherAddressAndPort = await withSocket((socket) => socket.hears([1, 1]));
  const otherPort = await withSocket((socket) => socket.hears([0, 1]));
  return classifyFiltering({ otherAddressAndPort, otherPort });
}

async function observeUdp(): Promise<NatBehaviour | null> {
  const mapping = await observeMapping();
  return mapping === undefined ? null : { mapping, filtering: await observeFiltering() };
}

function isTcpOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: addresses[0] ?? '', port, timeout: TCP_TIMEOUT_MS });
    const finish = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => finish(true));
    socket.once('timeout', () => finish(false));
    socket.once('error', () => finish(false));
  });
}

async function observeTcp(): Promise<number[]> {
  const open = await Promise.all(MIRROR_PORTS.map(isTcpOpen));
  return MIRROR_PORTS.filter((_, index) => open[index]);
}

const [udp, tcpPorts] = await Promise.all([observeUdp(), observeTcp()]);
const observation: NetworkObservation = { udp, tcpPorts };
stdout.write(JSON.stringify(observation));
exit();
