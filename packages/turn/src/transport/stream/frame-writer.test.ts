import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { emptyTransportCounters } from '../transport-counters.ts';
import {
  MAX_QUEUED_BYTES,
  MAX_QUEUED_MEDIA_BYTES,
  SocketFrameWriter,
  isMedia,
} from './frame-writer.ts';

const CHANNEL_DATA = Buffer.alloc(1000, 0x40);
const RESPONSE = Buffer.alloc(1000);
RESPONSE.writeUInt16BE(0x0101);

/** A socket of which nothing ever leaves. */
function stalledWriter() {
  const socket = new Writable({ write: () => {} });
  const counters = emptyTransportCounters();
  return { socket, counters, writer: new SocketFrameWriter(socket, counters) };
}

describe('isMedia', () => {
  it.each([
    ['ChannelData', '4000', true],
    ['the highest channel', '7fff', true],
    ['a Data indication', '0017', true],
    ['a Binding response', '0101', false],
    ['an Allocate error', '0113', false],
    ['a Binding request', '0001', false],
  ])('%s: %s is %s', (_name, hex, expected) => {
    expect(isMedia(Buffer.from(hex, 'hex'), 0)).toBe(expected);
  });
});

describe('SocketFrameWriter', () => {
  it('drops media beyond the cap instead of queueing it, and counts', () => {
    const { socket, counters, writer } = stalledWriter();
    for (let index = 0; index < 200; index += 1) {
      writer.write(CHANNEL_DATA, 0, CHANNEL_DATA.length);
      writer.flush();
    }
    expect(socket.writableLength).toBeLessThanOrEqual(MAX_QUEUED_MEDIA_BYTES);
    expect(counters.streamSendDropped).toBe(200 - Math.floor(MAX_QUEUED_MEDIA_BYTES / 1000));
  });

  it('still takes answers then, up to a cap of their own', () => {
    const { socket, counters, writer } = stalledWriter();
    for (let index = 0; index < 200; index += 1) writer.write(CHANNEL_DATA, 0, 1000);
    const before = counters.streamSendDropped;
    writer.write(RESPONSE, 0, RESPONSE.length);
    expect(counters.streamSendDropped).toBe(before);
    for (let index = 0; index < 200; index += 1) writer.write(RESPONSE, 0, RESPONSE.length);
    expect(socket.writableLength).toBeLessThanOrEqual(MAX_QUEUED_BYTES);
    expect(counters.streamSendDropped).toBeGreaterThan(before);
  });

  it('writes the frames of a batch at once, in order, whole', () => {
    const chunks: string[] = [];
    const socket = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        chunks.push(chunk.toString('latin1'));
        done();
      },
    });
    const writer = new SocketFrameWriter(socket, emptyTransportCounters());
    for (const batch of [['ab', 'cde'], ['f'], []]) {
      for (const text of batch) writer.write(Buffer.from(`@${text}@`), 1, text.length);
      writer.flush();
    }
    expect(chunks).toEqual(['abcde', 'f']);
    const long = Array.from({ length: 30 }, (_, index) => `${index % 10}`.repeat(900));
    for (const text of long) writer.write(Buffer.from(text), 0, text.length);
    writer.flush();
    expect(chunks.slice(2).join('')).toBe(long.join(''));
  });

  it('gives frames away whole, or not at all', () => {
    const { socket, writer } = stalledWriter();
    const frames = Buffer.alloc(MAX_QUEUED_MEDIA_BYTES - 1000, 0x40);
    writer.write(RESPONSE, 0, RESPONSE.length);
    expect(writer.writeOwned(frames)).toBe(true);
    expect(writer.writeOwned(CHANNEL_DATA)).toBe(false);
    expect(socket.writableLength).toBe(MAX_QUEUED_MEDIA_BYTES);
  });

  it('takes nothing after the socket is destroyed', () => {
    const { socket, counters, writer } = stalledWriter();
    writer.close();
    writer.write(RESPONSE, 0, RESPONSE.length);
    writer.flush();
    expect(socket.writableLength).toBe(0);
    expect(counters).toEqual(emptyTransportCounters());
  });
});
