/**
 * Calls through a relay. Open: each client has a plain UDP peer on the other side of a relay socket.
 * Hairpin: each client talks to another client's relayed address.
 * @module
 */
import type { Libc } from '../../../packages/turn/src/transport/batch/libc.ts';
import { parseAddress } from '../../../packages/turn/src/wire/address-text.ts';
import type { TransportAddress } from '../../../packages/turn/src/wire/transport-address.ts';
import type { Shot } from './flood.ts';
import { DrainBlock, PEER_HOST, RawSocket } from './raw-socket.ts';
import type { Target } from './target.ts';
import { TurnClient } from './turn-client.ts';

/** Packets of one direction of one call: where they are sent, and where they come out. */
export interface Flow {
  readonly from: RawSocket;
  readonly to: TransportAddress;
  readonly sink: RawSocket;
  /** Goes before the payload when it is sent, and when it arrives. */
  readonly sentHeader: Buffer;
  readonly arrivedHeaderBytes: number;
}

/** How packets come. */
export interface Shape {
  readonly payloadBytes: number;
  /** Packets of one flow in a row: 1 mixes all flows, 16 is how the packets of a video frame come. */
  readonly burst: number;
}

const CHANNEL = 0x4000;
const HEADER_BYTES = 4;
const NO_HEADER: Buffer = Buffer.alloc(0);
/** Channel 0x4000, and a length to be filled in. */
const CHANNEL_HEADER: Buffer = Buffer.from('40000000', 'hex');

/** The two flows of each of `count` calls over relay sockets. */
export function openCalls(libc: Libc, target: Target, count: number): Flow[] {
  const { server, drain } = surroundings(libc, target);
  return Array.from({ length: count }, () => {
    const socket = new RawSocket(libc, drain);
    const peer = new RawSocket(libc, drain, { host: PEER_HOST });
    const client = new TurnClient(socket, server, target);
    const relayed = client.allocate();
    client.bindChannel(CHANNEL, peer.address);
    return [
      { from: socket, to: server, sink: peer, sentHeader: CHANNEL_HEADER, arrivedHeaderBytes: 0 },
      {
        from: peer,
        to: relayed,
        sink: socket,
        sentHeader: NO_HEADER,
        arrivedHeaderBytes: HEADER_BYTES,
      },
    ];
  }).flat();
}

/** The two flows of each of `count` calls between clients of the same server. */
export function hairpinCalls(libc: Libc, target: Target, count: number): Flow[] {
  const { server, drain } = surroundings(libc, target);
  return Array.from({ length: count }, () => {
    const [a, b] = [new RawSocket(libc, drain), new RawSocket(libc, drain)];
    const [clientA, clientB] = [
      new TurnClient(a, server, target),
      new TurnClient(b, server, target),
    ];
    const [relayedA, relayedB] = [clientA.allocate(), clientB.allocate()];
    clientA.bindChannel(CHANNEL, relayedB);
    clientB.bindChannel(CHANNEL, relayedA);
    const flow = (from: RawSocket, sink: RawSocket): Flow => ({
      from,
      to: server,
      sink,
      sentHeader: CHANNEL_HEADER,
      arrivedHeaderBytes: HEADER_BYTES,
    });
    return [flow(a, b), flow(b, a)];
  }).flat();
}

/** The same without any server: what the machine itself takes. */
export function directCalls(libc: Libc, count: number): Flow[] {
  const drain = new DrainBlock(libc);
  return Array.from({ length: count }, () => {
    const [a, b] = [new RawSocket(libc, drain), new RawSocket(libc, drain)];
    return [directFlow(a, b), directFlow(b, a)];
  }).flat();
}

function directFlow(from: RawSocket, sink: RawSocket): Flow {
  return { from, to: sink.address, sink, sentHeader: NO_HEADER, arrivedHeaderBytes: 0 };
}

/** What to send in `flows`, and where to look for it. */
export function callLoad(
  flows: readonly Flow[],
  shape: Shape,
): { shots: Shot[]; sinks: RawSocket[] } {
  return {
    shots: flows.map((flow) => shotOf(flow, shape)),
    sinks: [...new Set(flows.map(({ sink }) => sink))],
  };
}

/** A burst of packets of one flow, ready to be sent. */
export function shotOf({ from, to, sentHeader }: Flow, { payloadBytes, burst }: Shape): Shot {
  const packet = Buffer.concat([sentHeader, Buffer.alloc(payloadBytes, 0x80)]);
  if (sentHeader.length > 0) packet.writeUInt16BE(payloadBytes, 2);
  const bytes = Buffer.concat(Array.from({ length: burst }, () => packet));
  return { socket: from, bursts: from.prepare([{ to, bytes, segmentBytes: packet.length }]) };
}

function surroundings(
  libc: Libc,
  { port }: Target,
): { server: TransportAddress; drain: DrainBlock } {
  const server = parseAddress('127.0.0.1', port);
  if (server === undefined) throw new Error('no loopback');
  return { server, drain: new DrainBlock(libc) };
}
