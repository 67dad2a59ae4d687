/**
 * Bytes that can be handed to another thread.
 * @module
 */

/**
 * The same bytes as the whole of a buffer of their own: copied when they are part of a larger one,
 * which would be handed over, or cloned, with everything in it.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  const isWhole = byteOffset === 0 && byteLength === buffer.byteLength;
  if (isWhole && buffer instanceof ArrayBuffer) return new Uint8Array(buffer);
  return new Uint8Array(bytes);
}
