/**
 * The main thread's end of TCP and TLS connections that a relay thread serves: moves bytes between
 * sockets and messages, and drops media that sockets cannot take.
 * @module
 */
import type { Socket } from 'node:net';
import { endsOf } from '../transport/stream/attach-socket.ts';
import { SocketFrameWriter } from '../transport/stream/frame-writer.ts';
import { frameSize } from '../transport/stream/stream-framer.ts';
import type { TransportCounters } from '../transport/transport-counters.ts';
import { ByteCourier } from './byte-courier.ts';
import { ownBytes } from './own-bytes.ts';
import type { StreamTable } from './stream-table.ts';
import type { ToRelay } from './thread-messages.ts';

/** Sends a message to the relay thread, and gives the buffers away. */
export type PostToRelay = (message: ToRelay, buffers?: readonly ArrayBuffer[]) => void;

/** The connections of one relay thread. */
export class SocketStreams {
  readonly #post: PostToRelay;
  readonly #counters: TransportCounters;
  readonly #courier: ByteCourier;
  readonly #table: StreamTable;
  readonly #own = new Set<number>();

  constructor(post: PostToRelay, counters: TransportCounters, table: StreamTable) {
    this.#post = post;
    this.#table = table;
    this.#counters = counters;
    // Until this turn of the event loop has read every socket that is ready.
    this.#courier = new ByteCourier(
      (data, buffers) => post({ type: 'stream-data', data }, buffers),
      setImmediate,
    );
  }

  /** Serves a connection whose next bytes are STUN or ChannelData. */
  attach(socket: Socket, transport: 'tcp' | 'tls'): void {
    const writer = new SocketFrameWriter(socket, this.#counters);
    const stream = this.#table.add({ socket, writer });
    this.#own.add(stream);
    this.#post({ type: 'stream-open', stream, ends: endsOf(socket, transport) });
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#courier.add(stream, ownBytes(chunk)));
    for (const event of ['error', 'end', 'close']) {
      socket.on(event, () => this.#end(stream));
    }
  }

  /** Writes the frames in `bytes`, to a client of this thread or of another one. */
  write(stream: number, bytes: Uint8Array<ArrayBuffer>): void {
    const writer = this.#table.find(stream)?.writer;
    if (writer === undefined) return; // Gone while these bytes were under way.
    const frames = Buffer.from(bytes.buffer);
    if (writer.writeOwned(frames)) return;
    for (let at = 0; at < frames.length;) {
      const size = frameSize(frames, at, frames.length - at);
      if (size <= 0) break; // The relay writes whole frames.
      writer.write(frames, at, size);
      at += size;
    }
    writer.flush();
  }

  /** The relay ended this connection. */
  close(stream: number): void {
    if (!this.#own.delete(stream)) return;
    const { socket } = this.#table.find(stream) ?? {};
    this.#table.delete(stream);
    socket?.destroy();
  }

  /** Ends all connections. */
  closeAll(): void {
    for (const stream of this.#own) this.close(stream);
  }

  /** The client ended this connection. */
  #end(stream: number): void {
    if (!this.#own.has(stream)) return;
    this.close(stream);
    this.#post({ type: 'stream-close', stream });
  }
}
