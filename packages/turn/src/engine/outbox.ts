/**
 * Where answers are written and how they leave: bytes that stay put until the sockets they were
 * given to have flushed, and the list of those sockets.
 * @module
 */
import type { TransportAddress } from '../wire/transport-address.ts';
import type { PacketSocket } from './packet-socket.ts';

/** No answer of this server is longer. */
export const MAX_ANSWER_BYTES = 1024;

/** Room for the answers to one batch of packets; when it is full, the batch is flushed early. */
const ARENA_BYTES: number = 64 * MAX_ANSWER_BYTES;

/** What one engine sends. */
export class Outbox {
  /** Answers are written here, from the offset that `reserve` returns. */
  readonly bytes: Buffer = Buffer.allocUnsafeSlow(ARENA_BYTES);
  #used = 0;
  readonly #waiting: PacketSocket[] = [];

  /** Offset of {@link MAX_ANSWER_BYTES} free bytes. */
  reserve(): number {
    if (this.#used + MAX_ANSWER_BYTES > ARENA_BYTES) this.flush();
    return this.#used;
  }

  /** Sends the `length` bytes written at the offset that `reserve` returned last. */
  sendReserved(socket: PacketSocket, length: number, to: TransportAddress): void {
    this.expectFlush(socket);
    socket.send(this.bytes, this.#used, length, to);
    this.#used += length;
  }

  /** To be called by whoever sends through `socket` directly, so that `flush` reaches it. */
  expectFlush(socket: PacketSocket): void {
    if (!this.#waiting.includes(socket)) this.#waiting.push(socket);
  }

  /** Flushes every socket that was sent to, and frees the bytes. */
  flush(): void {
    for (const socket of this.#waiting) socket.flush();
    this.#waiting.length = 0;
    this.#used = 0;
  }
}
