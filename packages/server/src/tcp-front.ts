/**
 * The TCP side of the port: HTTP with the page and its sockets, TLS where there is a certificate,
 * and TURN beside them.
 * @module
 */
import { createServer } from 'node:http';
import type { RequestListener, Server as HttpServer } from 'node:http';
import type { Server } from 'node:net';
import { ParleyError } from '@parley/protocol';
import { PortDemultiplexer, TlsFiles } from '@parley/turn';
import type { TurnHandler } from '@parley/turn';
import type { Logger } from './logger.ts';
import { OpenSockets } from './open-sockets.ts';
import { redirectToHttps } from './redirect-to-https.ts';

/** Why a certificate cannot be used. */
export type TlsErrorCode = 'ERR_TLS_FILES';

/** Where a certificate and its key are. */
export interface TlsFileNames {
  readonly certFile: string;
  readonly keyFile: string;
}

/** What the front is made of. */
export interface TcpFrontOptions {
  readonly onRequest: RequestListener;
  readonly onTurn: TurnHandler;
  /** Absent: HTTP without TLS. */
  readonly tls: TlsFileNames | undefined;
  readonly logger: Logger;
}

/** The TCP side of the port. Its owner makes `server` listen, and closes it in the end. */
export interface TcpFront {
  readonly server: Server;
  /** Gets the requests of the page. It does not listen by itself. */
  readonly http: HttpServer;
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

/** @throws {ParleyError} a {@link TlsErrorCode} when the certificate cannot be used */
export function createTcpFront(options: TcpFrontOptions): TcpFront {
  const { onRequest, onTurn, tls, logger } = options;
  const http = createServer(LIMITS, onRequest);
  const plainHttp = tls === undefined ? http : createServer(LIMITS, redirectToHttps);
  const files = tls === undefined ? undefined : openTlsFiles(tls, logger, () => followFiles());
  const demultiplexer = new PortDemultiplexer({
    http,
    plainHttp,
    onTurn,
    ...(files !== undefined && { tls: files.identity }),
  });
  const followFiles = (): void => {
    if (files === undefined) return;
    demultiplexer.setTls(files.identity);
    logger.info('certificate renewed', { certFile: tls?.certFile });
  };
  const sockets = new OpenSockets(demultiplexer.server);
  return {
    server: demultiplexer.server,
    http,
    destroyAll: () => sockets.destroyAll(),
    close: async () => {
      files?.close();
      // Neither listens itself: this ends their idle connections and their watch over slow ones.
      http.close();
      plainHttp.close();
      await demultiplexer.close();
    },
  };
}

function openTlsFiles(names: TlsFileNames, logger: Logger, onChange: () => void): TlsFiles {
  const { certFile, keyFile } = names;
  try {
    return new TlsFiles({
      certFile,
      keyFile,
      onChange,
      onError: (error) => {
        logger.warn('the changed certificate cannot be used; the old one stays', { error });
      },
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ParleyError(
      'ERR_TLS_FILES',
      `The certificate ${certFile} with the key ${keyFile} cannot be used: ${reason}. ` +
        'Both must be PEM files that belong together.',
      { cause },
    );
  }
}
