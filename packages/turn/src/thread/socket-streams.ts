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
import type { ToRelay } from './thread-messages.ts';

/** Sends a message to the relay thread, and gives the buffers away. */
export type PostToRelay = (message: ToRelay, buffers?: readonly ArrayBuffer[]) => void;

interface Stream {
  readonly socket: Socket;
  readonly writer: SocketFrameWriter;
}

/** The connections of one relay thread. */
export class SocketStreams {
  readonly #post: PostToRelay;
  readonly #counters: TransportCounters;
  readonly #courier: ByteCourier;
  readonly #streams = new Map<number, Stream>();
  #lastStream = 0;

  constructor(post: PostToRelay, counters: TransportCounters) {
    this.#post = post;
    this.#counters = counters;
    // Until this turn of the event loop has read every socket that is ready.
    this.#courier = new ByteCourier(
      (data, buffers) => post({ type: 'stream-data', data }, buffers),
      setImmediate,
    );
  }

  /** Serves a connection whose next bytes are STUN or ChannelData. */
  attach(socket: Socket, transport: 'tcp' | 'tls'): void {
    this.#lastStream += 1;
    const stream = this.#lastStream;
    this.#streams.set(stream, { socket, writer: new SocketFrameWriter(socket, this.#counters) });
    this.#post({ type: 'stream-open', stream, ends: endsOf(socket, transport) });
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#courier.add(stream, ownBytes(chunk)));
    for (const event of ['error', 'end', 'close']) {
      socket.on(event, () => this.#end(stream));
    }
  }

  /** Writes the frames in `bytes`. */
  write(stream: number, bytes: Uint8Array<ArrayBuffer>): void {
    const writer = this.#streams.get(stream)?.writer;
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
    const { socket } = this.#streams.get(stream) ?? {};
    this.#streams.delete(stream);
    socket?.destroy();
  }

  /** Ends all connections. */
  closeAll(): void {
    for (const stream of this.#streams.keys()) this.close(stream);
  }

  /** The client ended this connection. */
  #end(stream: number): void {
    if (!this.#streams.has(stream)) return;
    this.close(stream);
    this.#post({ type: 'stream-close', stream });
  }
}
