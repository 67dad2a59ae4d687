/**
 * The TCP and TLS connections of all relay threads, by numbers that are unique among them: any thread
 * may have something to write to the client of another one.
 * @module
 */
import type { Socket } from 'node:net';
import type { SocketFrameWriter } from '../transport/stream/frame-writer.ts';

/** A connection in the main thread. */
export interface SocketStream {
  readonly socket: Socket;
  readonly writer: SocketFrameWriter;
}

/** All of them. */
export class StreamTable {
  readonly #streams = new Map<number, SocketStream>();
  #lastStream = 0;

  /** Returns the number of the connection. */
  add(stream: SocketStream): number {
    this.#lastStream += 1;
    this.#streams.set(this.#lastStream, stream);
    return this.#lastStream;
  }

  find(stream: number): SocketStream | undefined {
    return this.#streams.get(stream);
  }

  delete(stream: number): void {
    this.#streams.delete(stream);
  }
}
