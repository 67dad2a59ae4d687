/**
 * STUN message encoder: writes into bytes the caller owns, in place, attribute by attribute.
 * The length in the header is right after every call, which is what integrity and fingerprint need.
 * Pure: no sockets, no clock.
 * @see https://www.rfc-editor.org/rfc/rfc8489#section-5
 * @module
 */
import {
  ATTRIBUTE_HEADER_BYTES,
  HEADER_BYTES,
  MAGIC_COOKIE,
  paddedLength,
} from './message-reader.ts';

/** Bytes of a transaction id; they follow the magic cookie. */
export const TRANSACTION_ID_BYTES = 12;

/** One message at a time: `target`, `begin`, `setTransactionId`, attributes. */
export class MessageWriter {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  #end = 0;

  /** Says where the next message goes; `begin` then starts it. */
  target(bytes: Buffer, start: number): void {
    this.bytes = bytes;
    this.start = start;
    this.#end = start;
  }

  /** Starts a message, or starts it anew. Its transaction id is still to be set. */
  begin(type: number): void {
    const { bytes, start } = this;
    this.#end = start + HEADER_BYTES;
    bytes.writeUInt16BE(type, start);
    bytes.writeUInt16BE(0, start + 2);
    bytes.writeUInt32BE(MAGIC_COOKIE, start + 4);
  }

  /** Copies the 12 bytes at `source[at]` into the header. */
  setTransactionId(source: Buffer, at: number): void {
    source.copy(this.bytes, this.start + 8, at, at + TRANSACTION_ID_BYTES);
  }

  /** Bytes written so far: the message, header included. */
  get length(): number {
    return this.#end - this.start;
  }

  /**
   * Appends an attribute whose value the caller writes, or has written; padding is zeroed.
   * @returns where the value begins in `bytes`.
   * @throws {RangeError} when `bytes` is full.
   */
  append(type: number, length: number): number {
    const at = this.#end;
    const valueAt = at + ATTRIBUTE_HEADER_BYTES;
    this.bytes.writeUInt16BE(type, at);
    this.bytes.writeUInt16BE(length, at + 2);
    this.#end = valueAt + paddedLength(length);
    if (this.#end > this.bytes.length) throw new RangeError('The buffer is too small.');
    for (let padding = valueAt + length; padding < this.#end; padding += 1) {
      this.bytes.writeUInt8(0, padding);
    }
    this.bytes.writeUInt16BE(this.length - HEADER_BYTES, this.start + 2);
    return valueAt;
  }

  /** Appends an attribute with this value. */
  appendBytes(type: number, value: Uint8Array): void {
    this.bytes.set(value, this.append(type, value.byteLength));
  }

  /** Appends an attribute with this text as UTF-8. */
  appendText(type: number, text: string): void {
    this.bytes.write(text, this.append(type, Buffer.byteLength(text)));
  }

  /** Appends an attribute of one 32-bit number. */
  appendUint32(type: number, value: number): void {
    this.bytes.writeUInt32BE(value, this.append(type, 4));
  }

  /** A view of the finished message. Allocates the view. */
  message(): Buffer {
    return this.bytes.subarray(this.start, this.#end);
  }
}
