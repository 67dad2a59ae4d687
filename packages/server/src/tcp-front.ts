/**
 * The TCP side of the port: HTTP with the page and its sockets, TLS where there is a certificate,
 * and TURN beside them.
 * @module
 */
import { createServer } from 'node:http';
import type { RequestListener, Server as HttpServer } from 'node:http';
import type { Server } from 'node:net';
import { PortDemultiplexer } from '@parley/turn';
import type { TlsIdentity, TurnHandler } from '@parley/turn';
import { OpenSockets } from './open-sockets.ts';

/** What the front is made of. */
export interface TcpFrontOptions {
  readonly onRequest: RequestListener;
  readonly onTurn: TurnHandler;
  /** Absent: HTTP without TLS. */
  readonly identity: TlsIdentity | undefined;
  /** Answers plain HTTP where there is TLS. */
  readonly onPlainRequest: RequestListener;
}

/** The TCP side of the port. Its owner makes `server` listen, and closes it in the end. */
export interface TcpFront {
  readonly server: Server;
  /** Gets the requests of the page. It does not listen by itself. */
  readonly http: HttpServer;
  /** Speaks TLS with this certificate on the connections to come. */
  show(identity: TlsIdentity): void;
  /** Shows this one to an authority that asks for a proof, until it is taken back. */
  prove(identity: TlsIdentity | undefined): void;
  /** Ends every connection at once, those that were handed on included. */
  destroyAll(): void;
  /** Stops listening; resolves when the last connection has ended. */
  close(): Promise<void>;
}

const LIMITS = {
  /** Time for a client to send its whole request. */
  requestTimeout: 30_000,
  headersTimeout: 10_000,
};

/** Nothing listens yet. */
export function createTcpFront(options: TcpFrontOptions): TcpFront {
  const { onRequest, onPlainRequest, onTurn, identity } = options;
  const http = createServer(LIMITS, onRequest);
  const plainHttp = identity === undefined ? http : createServer(LIMITS, onPlainRequest);
  const demultiplexer = new PortDemultiplexer({
    http,
    plainHttp,
    onTurn,
    ...(identity !== undefined && { tls: identity }),
  });
  const sockets = new OpenSockets(demultiplexer.server);
  return {
    server: demultiplexer.server,
    http,
    show: (shown) => demultiplexer.setTls(shown),
    prove: (proof) => demultiplexer.setProof(proof),
    destroyAll: () => sockets.destroyAll(),
    close: async () => {
      // Neither listens itself: this ends their idle connections and their watch over slow ones.
      http.close();
      plainHttp.close();
      await demultiplexer.close();
    },
  };
}
