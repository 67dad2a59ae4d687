/**
 * A TURN server on real sockets of this machine: UDP, TCP and TLS on one port.
 * @module
 */
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { PortDemultiplexer } from '../src/transport/one-port/port-demultiplexer.ts';
import { TurnServer } from '../src/turn-server.ts';
import type { TurnServerOptions } from '../src/turn-server.ts';
import { IDENTITY_ONE } from './transport-tls-identities.ts';

export const SECRET = 'interop';

/** A running server. */
export interface TurnFixture {
  readonly turn: TurnServer;
  readonly port: number;
  close(): Promise<void>;
}

/** The TCP side of a number that UDP got may be taken; then another one is tried. */
const MAX_ATTEMPTS = 20;

/** Starts a server that knows {@link SECRET} and shows loopback as its public addresses. */
export async function startTurn(options: TurnServerOptions = {}): Promise<TurnFixture> {
  for (let attempt = 1; ; attempt += 1) {
    const turn = new TurnServer({
      secrets: [SECRET],
      relayAddresses: ['127.0.0.1', '::1'],
      legacyChannels: true,
      udp: 'dgram',
      ...options,
    });
    const http = createServer();
    const tcp = new PortDemultiplexer({
      http,
      tls: IDENTITY_ONE,
      onTurn: (socket, transport) => turn.handleConnection(socket, transport),
    });
    const { port } = await turn.listen({ port: 0 });
    const close = async (): Promise<void> => {
      await turn.close();
      await tcp.close();
    };
    try {
      await new Promise<void>((resolve, reject) => {
        tcp.server.once('error', reject);
        tcp.server.listen(port, '::', resolve);
      });
      return { turn, port, close };
    } catch (error) {
      await close();
      if (attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/** Waits until something listens on a TCP port of this machine. */
export async function untilListening(port: number): Promise<void> {
  for (;;) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (isUp) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}
