/**
 * Somebody who floods the one port of a server, from one address: more connections than are allowed,
 * nonsense on those that are, and garbage by UDP and TCP.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { setInterval as every } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** What a flood has done so far. */
export interface FloodReport {
  /** Websockets that were let in, and turned away. */
  readonly accepted: number;
  readonly refused: number;
  readonly datagrams: number;
  readonly garbageStreams: number;
}

/** A flood that goes on until it is stopped. */
export interface Flood {
  readonly report: FloodReport;
  stop(): Promise<void>;
}

const BEAT_MS = 10;
/** So much is done in one beat. */
const DATAGRAMS = 20;
const MESSAGES = 5;
/** First bytes of a STUN Binding request (RFC 8489 section 5): a third of the datagrams looks like one. */
const BINDING_REQUEST = Buffer.from([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42]);
const NONSENSE = [
  '42["join"]',
  '42["offer",{"type":"offer","sdp":"nobody asked"},"not my room"]',
  '42["resume",{"session":"x","lastSeen":-1}]',
  `42["icecandidate","${'x'.repeat(8_000)}"]`,
  '42[{"not":"an event"}]',
];

/** Begins to flood the server at `url` from the address `from` of this machine. */
export function startFlood(url: string, from: string): Flood {
  const { hostname, port } = new URL(url);
  const report = { accepted: 0, refused: 0, datagrams: 0, garbageStreams: 0 };
  const sockets = new Set<WebSocket>();
  const udp = createSocket('udp4').bind(0, from);
  const stopping = new AbortController();

  const openWebSocket = (): void => {
    const address = `ws://${hostname}:${port}/socket.io/?EIO=4&transport=websocket`;
    const socket = new WebSocket(address, { localAddress: from });
    socket.on('open', () => {
      report.accepted += 1;
      sockets.add(socket);
      socket.send('40');
    });
    socket.on('unexpected-response', (request) => {
      report.refused += 1;
      request.destroy();
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => sockets.delete(socket));
  };
  const sendGarbageStream = (): void => {
    report.garbageStreams += 1;
    const stream = connect({ host: hostname, port: Number(port), localAddress: from });
    stream.on('error', () => stream.destroy());
    stream.end(randomBytes(2_000));
    stream.resume();
  };
  const sendDatagram = (count: number): void => {
    report.datagrams += 1;
    const garbage = randomBytes(count % 1_200);
    const datagram = count % 3 === 0 ? Buffer.concat([BINDING_REQUEST, garbage]) : garbage;
    udp.send(datagram, Number(port), hostname, () => undefined);
  };
  const run = async (): Promise<void> => {
    for await (const _beat of every(BEAT_MS, undefined, { signal: stopping.signal })) {
      openWebSocket();
      sendGarbageStream();
      for (let count = 0; count < DATAGRAMS; count += 1) sendDatagram(report.datagrams);
      for (const socket of [...sockets].slice(0, MESSAGES)) {
        for (const text of NONSENSE) socket.send(text);
      }
    }
  };
  const running = run().catch(() => undefined);
  return {
    report,
    async stop() {
      stopping.abort();
      await running;
      for (const socket of sockets) socket.terminate();
      udp.close();
    },
  };
}
