/**
 * Port 80 beside the port of the server, where it can be had: answers the authority that checks who
 * holds this machine (HTTP-01) and sends everybody else to https.
 * @see https://www.rfc-editor.org/rfc/rfc8555#section-8.3
 * @module
 */
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { Logger } from '../logger.ts';
import { OpenSockets } from '../open-sockets.ts';

const CHALLENGE_PATH = '/.well-known/acme-challenge/';
const LIMITS = { requestTimeout: 10_000, headersTimeout: 10_000 };

/** What an authority may ask for at the moment: the answer under its token. */
export class ChallengeAnswers {
  readonly #answers = new Map<string, string>();

  set(token: string, answer: string): void {
    this.#answers.set(token, answer);
  }

  delete(token: string): void {
    this.#answers.delete(token);
  }

  /** Handles what it knows and leaves the rest to `otherwise`. */
  before(otherwise: RequestListener): RequestListener {
    return (request, response) => {
      const { url = '/' } = request;
      const answer = url.startsWith(CHALLENGE_PATH)
        ? this.#answers.get(url.slice(CHALLENGE_PATH.length))
        : undefined;
      if (answer === undefined) return otherwise(request, response);
      response.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(answer);
    };
  }
}

/** What the port is made of. */
export interface PlainPortOptions {
  readonly port: number;
  readonly host: string;
  readonly onRequest: RequestListener;
  readonly logger: Logger;
}

/** A listening port. Its owner must `close` it. */
export class PlainPort {
  readonly #server: Server;
  readonly #sockets: OpenSockets;

  private constructor(server: Server) {
    this.#server = server;
    this.#sockets = new OpenSockets(server);
  }

  /** Listens, or resolves to `undefined` and says why not: the server works without. */
  static async open(options: PlainPortOptions): Promise<PlainPort | undefined> {
    const { port, host, onRequest, logger } = options;
    const server = createServer(LIMITS, onRequest);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ port, host }, resolve);
      });
      return new PlainPort(server);
    } catch (error) {
      logger.warn(
        `port ${port} cannot be had, so nobody is sent from http to https there; ` +
          'stop the program that holds it, or allow it with CAP_NET_BIND_SERVICE',
        { reason: error instanceof Error ? error.message : String(error) },
      );
      return undefined;
    }
  }

  close(): Promise<void> {
    this.#sockets.destroyAll();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}
