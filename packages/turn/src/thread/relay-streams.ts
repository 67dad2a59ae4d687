/**
 * The relay thread's end of TCP and TLS connections whose sockets are in the main thread.
 * @module
 */
import type { PacketSocket } from '../engine/packet-socket.ts';
import { nextSocketId } from '../transport/socket-id.ts';
import type { FrameWriter } from '../transport/stream/frame-writer.ts';
import type { StreamConnection, StreamEnds } from '../transport/stream/stream-connection.ts';
import type { StreamHost } from '../transport/stream/stream-host.ts';
import { emptyAddress } from '../wire/transport-address.ts';
import type { TransportAddress } from '../wire/transport-address.ts';
import type { ByteCourier } from './byte-courier.ts';

/** What the connections need. */
export interface RelayStreamsOptions {
  readonly host: StreamHost;
  /** To the main thread. */
  readonly courier: ByteCourier;
  /** Tells the main thread to end a connection. */
  readonly onClosed: (stream: number) => void;
}

/** All of them, by the numbers the main thread gave them. */
export class RelayStreams {
  readonly #options: RelayStreamsOptions;
  readonly #connections = new Map<number, StreamConnection>();
  readonly #numbers = new WeakMap<PacketSocket, number>();

  constructor(options: RelayStreamsOptions) {
    this.#options = options;
  }

  open(stream: number, ends: StreamEnds): void {
    const { host, courier, onClosed } = this.#options;
    const close = (): void => {
      this.#connections.delete(stream);
      onClosed(stream);
    };
    const connection = host.open(ends, new CourierWriter(stream, courier, close));
    if (connection === undefined) return;
    this.#connections.set(stream, connection);
    this.#numbers.set(connection, stream);
  }

  /** The number of a connection of this thread. */
  numberOf(connection: PacketSocket): number | undefined {
    return this.#numbers.get(connection);
  }

  /** A way to write to a connection of another thread. It is not this thread's to close. */
  remote(stream: number, transport: 'tcp' | 'tls'): PacketSocket {
    return new RemoteStream(transport, new CourierWriter(stream, this.#options.courier, () => {}));
  }

  receive(stream: number, bytes: Uint8Array<ArrayBuffer>): void {
    const connection = this.#connections.get(stream);
    if (connection === undefined) return; // Closed while these bytes were under way.
    this.#options.host.receive(connection, Buffer.from(bytes.buffer));
  }

  /** The main thread has lost the connection. */
  close(stream: number): void {
    this.#connections.get(stream)?.close();
  }
}

/** A client whose connection another thread serves. */
class RemoteStream implements PacketSocket {
  readonly transport: 'tcp' | 'tls';
  readonly id: number = nextSocketId();
  readonly local: TransportAddress = emptyAddress();
  readonly #writer: CourierWriter;

  constructor(transport: 'tcp' | 'tls', writer: CourierWriter) {
    this.transport = transport;
    this.#writer = writer;
  }

  send(buffer: Buffer, offset: number, length: number): void {
    this.#writer.write(buffer, offset, length);
  }

  flush(): void {
    this.#writer.flush();
  }

  close(): void {
    // Its own thread does that.
  }
}

/** Room for the frames of one batch; grows when it must. */
const INITIAL_BYTES = 2048;

/** Collects frames until they are flushed. */
class CourierWriter implements FrameWriter {
  readonly #stream: number;
  readonly #courier: ByteCourier;
  readonly #onClose: () => void;
  #frames: Buffer = Buffer.alloc(0);
  #length = 0;
  #isClosed = false;

  constructor(stream: number, courier: ByteCourier, onClose: () => void) {
    this.#stream = stream;
    this.#courier = courier;
    this.#onClose = onClose;
  }

  write(buffer: Buffer, offset: number, length: number): void {
    const needed = this.#length + length;
    if (needed > this.#frames.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(INITIAL_BYTES, needed * 2));
      this.#frames.copy(larger, 0, 0, this.#length);
      this.#frames = larger;
    }
    buffer.copy(this.#frames, this.#length, offset, offset + length);
    this.#length = needed;
  }

  flush(): void {
    if (this.#length === 0) return;
    this.#courier.add(this.#stream, new Uint8Array(this.#frames.subarray(0, this.#length)));
    this.#length = 0;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.flush();
    this.#onClose();
  }
}
