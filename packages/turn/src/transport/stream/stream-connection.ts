/**
 * One TCP or TLS client as the engine sees it. Where its bytes come from and go to is not its
 * business: a socket of this thread, or messages from another one.
 * @module
 */
import type { PacketSocket } from '../../engine/packet-socket.ts';
import type { TransportAddress } from '../../wire/transport-address.ts';
import { nextSocketId } from '../socket-id.ts';
import type { FrameWriter } from './frame-writer.ts';
import { StreamFramer } from './stream-framer.ts';
import type { FrameSink } from './stream-framer.ts';

/** The two ends of a connection. */
export interface StreamEnds {
  readonly transport: 'tcp' | 'tls';
  readonly local: TransportAddress;
  readonly remote: TransportAddress;
}

/** What a connection is built from. */
export interface StreamConnectionOptions extends StreamEnds {
  readonly writer: FrameWriter;
  readonly nowMs: number;
  /** Called once, when the connection is over for whatever reason. */
  readonly onClosed: (connection: StreamConnection) => void;
}

/** A live connection. */
export class StreamConnection implements PacketSocket {
  readonly id: number = nextSocketId();
  readonly transport: 'tcp' | 'tls';
  readonly local: TransportAddress;
  readonly remote: TransportAddress;
  readonly #writer: FrameWriter;
  readonly #framer = new StreamFramer();
  readonly #onClosed: (connection: StreamConnection) => void;
  #open = true;
  #hasFrames = false;
  #quietSinceMs: number;
  /** When it last held an allocation, as far as its host has seen, or else when it was opened. */
  usedAtMs: number;

  constructor(options: StreamConnectionOptions) {
    this.transport = options.transport;
    this.local = options.local;
    this.remote = options.remote;
    this.#writer = options.writer;
    this.#onClosed = options.onClosed;
    this.#quietSinceMs = options.nowMs;
    this.usedAtMs = options.nowMs;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** When it last began or completed a frame, or else when it was opened. */
  get quietSinceMs(): number {
    return this.#quietSinceMs;
  }

  /** True while more bytes are owed: the first frame, or the rest of a begun one. */
  get owesBytes(): boolean {
    return !this.#hasFrames || this.#framer.isMidFrame;
  }

  /** Frames that were too long to hand on. */
  get skippedFrames(): number {
    return this.#framer.skippedFrames;
  }

  /** Reads a chunk. Returns false when it is no STUN and no ChannelData. */
  push(chunk: Buffer, nowMs: number, sink: FrameSink): boolean {
    // A frame that trickles in byte by byte is no sign of life.
    if (!this.#framer.isMidFrame) this.#quietSinceMs = nowMs;
    return this.#framer.push(chunk, (bytes, offset, length) => {
      this.#hasFrames = true;
      this.#quietSinceMs = nowMs;
      sink(bytes, offset, length);
    });
  }

  send(buffer: Buffer, offset: number, length: number): void {
    if (this.#open) this.#writer.write(buffer, offset, length);
  }

  flush(): void {
    if (this.#open) this.#writer.flush();
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#writer.close();
    process.nextTick(this.#onClosed, this);
  }
}
