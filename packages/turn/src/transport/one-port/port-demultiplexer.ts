/**
 * One TCP port for the page, its sockets, and TURN, with and without TLS: each connection is told
 * apart by its first byte, and once more by the first byte that comes out of TLS.
 * @module
 */
import type { Server as HttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { TLSSocket, createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { ACME_PROTOCOL, readAcmeHello } from './acme-hello.ts';
import { classifyFirstByte } from './first-byte.ts';
import type { TlsIdentity } from './tls-files.ts';
import { UndecidedSockets } from './undecided-sockets.ts';
import type { UndecidedLimits } from './undecided-sockets.ts';

/** Time for the first byte that says what it is, and again for the TLS handshake and the byte behind it. */
const DECISION_TIMEOUT_MS = 10_000;

/** Vanished clients are noticed although neither side has anything to say. */
const KEEP_ALIVE_DELAY_MS = 60_000;

/** Takes a connection whose next byte begins a STUN message. */
export type TurnHandler = (socket: Socket, transport: 'tcp' | 'tls') => void;

/** What a demultiplexer is built from. */
export interface PortDemultiplexerOptions {
  /** Gets the HTTP connections as `connection` events. It must not listen by itself. */
  readonly http: HttpServer;
  /** Gets those that do not use TLS, for instance to send them there. @default `http` */
  readonly plainHttp?: HttpServer;
  /** Gets the TURN connections. @default they are closed */
  readonly onTurn?: TurnHandler;
  /** Certificate and key. @default TLS connections are closed */
  readonly tls?: TlsIdentity;
  /** @default 10 seconds */
  readonly decisionTimeoutMs?: number;
  /** Connections that have not said yet what they speak. */
  readonly undecided?: UndecidedLimits;
}

/** A TCP server that hands on what connects to it. */
export class PortDemultiplexer {
  /** The listening side: call its `listen`, ask it for its `address`. */
  readonly server: Server;
  readonly #http: HttpServer;
  readonly #plainHttp: HttpServer;
  readonly #onTurn: TurnHandler | undefined;
  readonly #decisionTimeoutMs: number;
  readonly #undecided: UndecidedSockets;
  #secureContext: SecureContext | undefined;
  #proof: SecureContext | undefined;

  constructor(options: PortDemultiplexerOptions) {
    this.#http = options.http;
    this.#plainHttp = options.plainHttp ?? options.http;
    this.#onTurn = options.onTurn;
    this.#decisionTimeoutMs = options.decisionTimeoutMs ?? DECISION_TIMEOUT_MS;
    this.#undecided = new UndecidedSockets(options.undecided);
    if (options.tls !== undefined) this.setTls(options.tls);
    this.server = createServer(
      {
        // HTTP clients may close their half after the request and still want the answer.
        allowHalfOpen: true,
        noDelay: true,
        keepAlive: true,
        keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS,
      },
      (socket) => this.#decide(socket, 'tcp'),
    );
    // An HTTP server watches over slow headers from the moment it is told that it listens.
    for (const http of new Set([this.#http, this.#plainHttp])) {
      this.server.on('listening', () => http.emit('listening'));
    }
  }

  /** Speaks TLS with this certificate on the connections to come. */
  setTls(identity: TlsIdentity): void {
    this.#secureContext = createSecureContext(identity);
  }

  /**
   * Shows this certificate to an authority that checks who holds the port, until it is taken back.
   * @see https://www.rfc-editor.org/rfc/rfc8737
   */
  setProof(identity: TlsIdentity | undefined): void {
    this.#proof = identity === undefined ? undefined : createSecureContext(identity);
  }

  /** Stops listening and ends the connections that were not handed on. Idempotent. */
  close(): Promise<void> {
    this.#undecided.destroyAll();
    return new Promise((resolve) => {
      // The error says that it was not listening, which is what we want.
      this.server.close(() => resolve());
    });
  }

  /** Waits for the first byte and hands the connection on with that byte put back. */
  #decide(socket: Socket, transport: 'tcp' | 'tls'): void {
    const settle = (): void => {
      clearTimeout(timer);
      this.#undecided.delete(socket);
      socket.off('readable', onReadable);
      socket.off('end', giveUp);
      socket.off('close', settle);
    };
    const giveUp = (): void => {
      socket.destroy();
    };
    let held: Buffer = Buffer.alloc(0);
    const onReadable = (): void => {
      const chunk: unknown = socket.read();
      if (!Buffer.isBuffer(chunk)) return;
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      if (this.#isUndecided(held)) return;
      settle();
      socket.unshift(held);
      this.#handOn(socket, held, transport);
    };
    const timer = setTimeout(giveUp, this.#decisionTimeoutMs);
    this.#undecided.add(socket);
    socket.on('error', ignoreError);
    socket.on('readable', onReadable);
    socket.on('end', giveUp);
    socket.on('close', settle);
  }

  /** While there is something to prove, the whole hello is needed to tell who asks for it. */
  #isUndecided(bytes: Buffer): boolean {
    if (this.#proof === undefined || classifyFirstByte(bytes[0] ?? 0) !== 'tls') return false;
    return readAcmeHello(bytes) === 'incomplete';
  }

  #handOn(socket: Socket, bytes: Buffer, transport: 'tcp' | 'tls'): void {
    const protocol = classifyFirstByte(bytes[0] ?? 0);
    if (protocol === 'http') {
      const http = transport === 'tls' ? this.#http : this.#plainHttp;
      http.emit('connection', socket);
    } else if (protocol === 'stun' && this.#onTurn !== undefined) {
      this.#onTurn(socket, transport);
    } else if (protocol === 'tls' && transport === 'tcp') {
      this.#secure(socket, bytes);
    } else {
      socket.destroy();
    }
  }

  #secure(socket: Socket, hello: Buffer): void {
    const isProof = this.#proof !== undefined && readAcmeHello(hello) === 'yes';
    const secureContext = isProof ? this.#proof : this.#secureContext;
    if (secureContext === undefined) {
      socket.destroy();
      return;
    }
    const proof = isProof ? { ALPNProtocols: [ACME_PROTOCOL] } : {};
    this.#decide(new TLSSocket(socket, { isServer: true, secureContext, ...proof }), 'tls');
  }
}

function ignoreError(): void {
  // A connection that breaks is closed by Node; nobody has to know why.
}
