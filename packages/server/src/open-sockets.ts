/**
 * The TCP connections of a server, upgraded ones included, so that a client that never answers a
 * goodbye cannot keep the server from stopping.
 * @module
 */
import type { Server, Socket } from 'node:net';

/** Keeps count of the connections of one server from now on. */
export class OpenSockets {
  readonly #sockets = new Set<Socket>();

  constructor(server: Server) {
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Ends every connection at once. */
  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
