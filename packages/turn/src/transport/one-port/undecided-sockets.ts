/**
 * Connections that have not said yet what they speak: a bounded number in all and of each address.
 * When there are too many, the oldest one makes room: whoever means it speaks within moments, and
 * whoever does not cannot keep the others out.
 * @module
 */
import type { Socket } from 'node:net';

/** How many may be undecided at a time. */
export interface UndecidedLimits {
  /** @default 1024 */
  readonly total?: number;
  /** @default 128 */
  readonly perAddress?: number;
}

const DEFAULT_TOTAL = 1024;
const DEFAULT_PER_ADDRESS = 128;

/** The sockets, oldest first. */
export class UndecidedSockets {
  readonly #total: number;
  readonly #perAddress: number;
  readonly #addresses = new Map<Socket, string>();
  readonly #byAddress = new Map<string, Set<Socket>>();

  constructor({ total = DEFAULT_TOTAL, perAddress = DEFAULT_PER_ADDRESS }: UndecidedLimits = {}) {
    this.#total = total;
    this.#perAddress = perAddress;
  }

  get size(): number {
    return this.#addresses.size;
  }

  /** Takes a socket in, and destroys the oldest one where there are too many. */
  add(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const neighbours = this.#byAddress.get(address) ?? new Set();
    if (neighbours.size >= this.#perAddress) this.#destroyFirst(neighbours);
    if (this.#addresses.size >= this.#total) this.#destroyFirst(this.#addresses.keys());
    // Looked up again: the last one of an address takes its set along.
    const current = this.#byAddress.get(address) ?? new Set();
    this.#byAddress.set(address, current.add(socket));
    this.#addresses.set(socket, address);
  }

  /** Idempotent. */
  delete(socket: Socket): void {
    const address = this.#addresses.get(socket);
    if (address === undefined) return;
    this.#addresses.delete(socket);
    const neighbours = this.#byAddress.get(address);
    neighbours?.delete(socket);
    if (neighbours?.size === 0) this.#byAddress.delete(address);
  }

  /** Destroys all. */
  destroyAll(): void {
    for (const socket of this.#addresses.keys()) socket.destroy();
  }

  #destroyFirst(sockets: Iterable<Socket>): void {
    for (const socket of sockets) {
      this.delete(socket);
      socket.destroy();
      return;
    }
  }
}
