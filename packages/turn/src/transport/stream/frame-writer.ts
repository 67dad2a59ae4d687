/**
 * The writing end of a connection: whole frames in, bytes out, with a cap on what may queue. Media
 * that is late is worth nothing, so it is dropped rather than delayed; answers may queue further.
 * @module
 */
import type { Writable } from 'node:stream';
import type { TransportCounters } from '../transport-counters.ts';

/** Media queued in this process per connection: a third of a second of good video. */
export const MAX_QUEUED_MEDIA_BYTES: number = 64 * 1024;

/** Everything queued in this process per connection, answers included. */
export const MAX_QUEUED_BYTES: number = 128 * 1024;

/** Takes the frames of one connection. */
export interface FrameWriter {
  /** Takes a copy of a frame, or drops it. Never throws. */
  write(buffer: Buffer, offset: number, length: number): void;
  /** Lets the frames go that were written since the last call. */
  flush(): void;
  /** Ends the connection at once. Idempotent. */
  close(): void;
}

/** True for ChannelData and for indications: what carries media, where late means lost. */
export function isMedia(buffer: Buffer, offset: number): boolean {
  const first = buffer[offset] ?? 0;
  const second = buffer[offset + 1] ?? 0;
  return first >= 0x40 || ((first & 0x01) === 0 && (second & 0x10) === 0x10);
}

/** Frames of one batch are put side by side in here, to leave in one write. */
const SLAB_BYTES = 8192;

/** Writes to a socket of this thread. */
export class SocketFrameWriter implements FrameWriter {
  readonly #socket: Writable;
  readonly #counters: TransportCounters;
  /** Written to from front to back, and never again: the socket may still be reading behind. */
  #slab: Buffer = Buffer.alloc(0);
  #begin = 0;
  #end = 0;

  constructor(socket: Writable, counters: TransportCounters) {
    this.#socket = socket;
    this.#counters = counters;
  }

  write(buffer: Buffer, offset: number, length: number): void {
    if (!this.#socket.writable) return;
    const limit = isMedia(buffer, offset) ? MAX_QUEUED_MEDIA_BYTES : MAX_QUEUED_BYTES;
    if (this.#queuedBytes + length > limit) {
      this.#counters.streamSendDropped += 1;
      return;
    }
    if (this.#end + length > this.#slab.length) {
      this.flush();
      this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, length));
      this.#begin = 0;
      this.#end = 0;
    }
    buffer.copy(this.#slab, this.#end, offset, offset + length);
    this.#end += length;
  }

  /** Gives whole frames away without a copy; false, with nothing done, when not all would be taken. */
  writeOwned(frames: Buffer): boolean {
    const fits = this.#queuedBytes + frames.length <= MAX_QUEUED_MEDIA_BYTES;
    if (!fits || !this.#socket.writable) return false;
    this.flush();
    this.#socket.write(frames);
    return true;
  }

  flush(): void {
    if (this.#begin === this.#end) return;
    if (this.#socket.writable) this.#socket.write(this.#slab.subarray(this.#begin, this.#end));
    this.#begin = this.#end;
  }

  close(): void {
    this.flush();
    this.#socket.destroy();
  }

  get #queuedBytes(): number {
    return this.#socket.writableLength + this.#end - this.#begin;
  }
}
