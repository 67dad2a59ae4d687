import { getEventListeners } from 'node:events';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_PIECE_BYTES } from './file-part.ts';
import { readPieces } from './read-pieces.ts';

function streamOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

async function read(
  stream: ReadableStream<Uint8Array>,
  signal = new AbortController().signal,
): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of readPieces(stream, signal)) pieces.push(piece);
  return pieces;
}

describe('pieces of a stream', () => {
  it('are of one size but for the last, and nothing is lost', async () => {
    const lengths = fc.array(fc.nat(3 * MAX_PIECE_BYTES), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(lengths, async (chunkLengths) => {
        const chunks = chunkLengths.map((length, index) => new Uint8Array(length).fill(index + 1));
        const pieces = await read(streamOf(chunks));
        expect(Buffer.compare(Buffer.concat(pieces), Buffer.concat(chunks))).toBe(0);
        for (const piece of pieces.slice(0, -1)) expect(piece).toHaveLength(MAX_PIECE_BYTES);
        expect(pieces.at(-1)?.length).not.toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it('end with the signal, which cancels the stream', async () => {
    const cancelled: unknown[] = [];
    const stream = new ReadableStream<Uint8Array>({
      cancel: (reason) => void cancelled.push(reason),
    });
    const controller = new AbortController();
    const reading = read(stream, controller.signal);
    const reason = new Error('changed my mind');
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
    expect(cancelled).toEqual([reason]);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('fail with the stream', async () => {
    const reason = new Error('disk on fire');
    const stream = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(reason) });
    await expect(read(stream)).rejects.toBe(reason);
  });

  it('are bytes', async () => {
    const stream = new ReadableStream({ start: (controller) => controller.enqueue('text') });
    await expect(read(stream)).rejects.toThrow(TypeError);
  });
});
