/**
 * Cuts a TCP or TLS byte stream into STUN messages and ChannelData frames. Frames that arrive whole
 * are handed on where they lie; only a frame torn by the stream is put together in a buffer.
 * Pure: bytes in, frames out.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-12.5
 * @module
 */
import { MAGIC_COOKIE } from '../../wire/message-reader.ts';
import { MAX_DATAGRAM_BYTES } from '../transport-counters.ts';

/** Longest frame handed on: what does not fit into a datagram cannot be relayed to anybody. */
export const MAX_FRAME_BYTES: number = MAX_DATAGRAM_BYTES;

const STUN_HEADER_BYTES = 20;
/** Enough of a STUN header to recognise it. */
const STUN_PREFIX_BYTES = 8;
const CHANNEL_HEADER_BYTES = 4;

const TOO_SHORT = 0;
const MALFORMED = -1;

/** Takes one frame, without the padding of ChannelData. The bytes are valid during the call only. */
export type FrameSink = (bytes: Buffer, offset: number, length: number) => void;

/** The reading end of one connection. */
export class StreamFramer {
  /** Beginning of a torn frame; exists from the first one on. */
  #torn: Buffer | undefined;
  #tornBytes = 0;
  /** Rest of a frame that is too long to hand on. */
  #skipBytes = 0;
  #skippedFrames = 0;

  /** True while a frame has begun and not ended. */
  get isMidFrame(): boolean {
    return this.#tornBytes > 0 || this.#skipBytes > 0;
  }

  /** Frames longer than {@link MAX_FRAME_BYTES}, which were skipped. */
  get skippedFrames(): number {
    return this.#skippedFrames;
  }

  /**
   * Reads the next bytes of the stream.
   * @returns false when they are no STUN and no ChannelData; the stream is lost from then on
   */
  push(chunk: Buffer, sink: FrameSink): boolean {
    let at = 0;
    while (at < chunk.length) {
      const taken = this.#take(chunk, at, sink);
      if (taken === MALFORMED) return false;
      at += taken;
    }
    return true;
  }

  /** Consumes bytes of `chunk` from `at`, none when it turns to skipping, and says how many. */
  #take(chunk: Buffer, at: number, sink: FrameSink): number {
    const available = chunk.length - at;
    if (this.#skipBytes > 0) {
      const skipped = Math.min(this.#skipBytes, available);
      this.#skipBytes -= skipped;
      return skipped;
    }
    if (this.#tornBytes > 0) return this.#mend(chunk, at, sink);
    const size = frameSize(chunk, at, available);
    if (size === MALFORMED) return MALFORMED;
    if (size > MAX_FRAME_BYTES) return this.#skip(size, 0);
    if (size === TOO_SHORT || size > available) return this.#keep(chunk, at, available);
    sink(chunk, at, frameLength(chunk, at, size));
    return size;
  }

  /** Adds bytes to the torn frame: first up to its header's end, then up to its own. */
  #mend(chunk: Buffer, at: number, sink: FrameSink): number {
    const torn = this.#tornBuffer();
    const have = this.#tornBytes;
    const size = frameSize(torn, 0, have);
    const goal = size === TOO_SHORT ? prefixBytes(torn[0] ?? 0) : size;
    const taken = this.#keep(chunk, at, Math.min(goal - have, chunk.length - at));
    const total = size === TOO_SHORT ? frameSize(torn, 0, this.#tornBytes) : size;
    if (total === MALFORMED) return MALFORMED;
    if (total > MAX_FRAME_BYTES) {
      const kept = this.#tornBytes;
      this.#tornBytes = 0;
      this.#skip(total, kept);
    } else if (total === this.#tornBytes) {
      this.#tornBytes = 0;
      sink(torn, 0, frameLength(torn, 0, total));
    }
    return taken;
  }

  #keep(chunk: Buffer, at: number, count: number): number {
    chunk.copy(this.#tornBuffer(), this.#tornBytes, at, at + count);
    this.#tornBytes += count;
    return count;
  }

  /** Leaves out a frame of which `kept` bytes were consumed already. */
  #skip(size: number, kept: number): number {
    this.#skippedFrames += 1;
    this.#skipBytes = size - kept;
    return 0;
  }

  #tornBuffer(): Buffer {
    this.#torn ??= Buffer.allocUnsafeSlow(MAX_FRAME_BYTES);
    return this.#torn;
  }
}

/** Bytes needed to know the size of a frame that begins with `first`. */
function prefixBytes(first: number): number {
  return first < 0x40 ? STUN_PREFIX_BYTES : CHANNEL_HEADER_BYTES;
}

/**
 * Bytes a frame takes in the stream, padding included; 0 when it cannot be told yet, -1 when never.
 */
export function frameSize(bytes: Buffer, at: number, available: number): number {
  const first = bytes[at] ?? 0;
  if (first >= 0x80) return MALFORMED;
  if (available < prefixBytes(first)) return TOO_SHORT;
  const length = bytes.readUInt16BE(at + 2);
  if (first >= 0x40) return (CHANNEL_HEADER_BYTES + length + 3) & ~3;
  const isStun = length % 4 === 0 && bytes.readUInt32BE(at + 4) === MAGIC_COOKIE;
  return isStun ? STUN_HEADER_BYTES + length : MALFORMED;
}

/** Bytes of a whole frame that count. */
function frameLength(bytes: Buffer, at: number, size: number): number {
  const isStun = (bytes[at] ?? 0) < 0x40;
  return isStun ? size : CHANNEL_HEADER_BYTES + bytes.readUInt16BE(at + 2);
}
