/**
 * A stream as pieces of one size, whatever the size of its chunks.
 * @module
 */
import { MAX_PIECE_BYTES } from './file-part.ts';

/**
 * Reads a stream to its end; only the last piece is smaller than the others. The stream is cancelled
 * when `signal` is aborted.
 * @throws the signal's reason; whatever the stream throws; TypeError when it gives no bytes
 */
export async function* readPieces(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  let piece = new Uint8Array(MAX_PIECE_BYTES);
  let filled = 0;
  for await (const chunk of readChunks(stream, signal)) {
    for (let start = 0; start < chunk.length;) {
      const part = chunk.subarray(start, start + MAX_PIECE_BYTES - filled);
      piece.set(part, filled);
      start += part.length;
      filled += part.length;
      if (filled === MAX_PIECE_BYTES) {
        yield piece;
        piece = new Uint8Array(MAX_PIECE_BYTES);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

async function* readChunks(
  stream: ReadableStream<unknown>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader();
  const cancel = (): void => void reader.cancel(signal.reason).catch(() => {});
  signal.addEventListener('abort', cancel);
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      signal.throwIfAborted(); // a reader that is cancelled says that it is done
      if (done) return;
      if (!(value instanceof Uint8Array)) throw new TypeError('The stream must give Uint8Array.');
      yield value;
    }
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
}
