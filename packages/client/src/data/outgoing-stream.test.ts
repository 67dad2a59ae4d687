import { describe, expect, it } from 'vitest';
import { decodeFrame, FIRST, LAST, TEXT } from './frame.ts';
import { MAX_PAYLOAD_BYTES, MAX_QUEUED_BYTES } from './data-limits.ts';
import type { Frame } from './frame.ts';
import { OutgoingStream } from './outgoing-stream.ts';
import type { OutgoingMessage } from './outgoing-stream.ts';

const WINDOW_FRAMES = 4;

interface Settled extends OutgoingMessage {
  readonly results: unknown[];
}

function message(length: number, isText = false): Settled {
  const results: unknown[] = [];
  const settle = (error?: unknown): unknown => results.push(error);
  return { bytes: new Uint8Array(length), isText, results, settle };
}

/** Sends what may be sent. */
function flush(stream: OutgoingStream, most = Infinity): Frame[] {
  const frames: Frame[] = [];
  while (frames.length < most) {
    const bytes = stream.peek();
    const frame = bytes && decodeFrame(bytes);
    if (frame === undefined) break;
    stream.advance();
    frames.push(frame);
  }
  return frames;
}

describe('OutgoingStream', () => {
  it('sends a small message in one frame, and settles it then', () => {
    const stream = new OutgoingStream('chat', WINDOW_FRAMES);
    const text = message(5, true);
    stream.push(text);
    expect(text.results).toEqual([]);
    expect(flush(stream)).toMatchObject([{ number: 0, flags: FIRST | LAST | TEXT, name: 'chat' }]);
    expect(text.results).toEqual([undefined]);
  });

  it('sends an empty message as well', () => {
    const stream = new OutgoingStream('chat', WINDOW_FRAMES);
    stream.push(message(0));
    stream.push(message(MAX_PAYLOAD_BYTES));
    expect(flush(stream).map(({ flags }) => flags)).toEqual([FIRST | LAST, FIRST | LAST]);
  });

  it('cuts a large message, and settles it with its last frame', () => {
    const stream = new OutgoingStream('chat', WINDOW_FRAMES);
    const large = message(2 * MAX_PAYLOAD_BYTES + 1);
    stream.push(large);
    expect(flush(stream, 2).map(({ flags }) => flags)).toEqual([FIRST, 0]);
    expect(large.results).toEqual([]);
    expect(flush(stream)).toMatchObject([{ number: 2, flags: LAST, payload: { length: 1 } }]);
    expect(large.results).toEqual([undefined]);
  });

  it('keeps no more than the window, and goes on when frames have been taken', () => {
    const stream = new OutgoingStream('chat', WINDOW_FRAMES);
    stream.push(message(10 * MAX_PAYLOAD_BYTES));
    expect(flush(stream)).toHaveLength(4);
    stream.acknowledge(3);
    expect(flush(stream).map(({ number }) => number)).toEqual([4, 5, 6]);
  });

  it('gives a new pipe everything that has not been taken, and settles nothing twice', () => {
    const stream = new OutgoingStream('chat', WINDOW_FRAMES);
    const messages = [message(1), message(1), message(1)];
    for (const each of messages) stream.push(each);
    flush(stream, 2);
    stream.acknowledge(1);
    stream.rewind();
    expect(flush(stream).map(({ number }) => number)).toEqual([1, 2]);
    expect(messages.map(({ results }) => results)).toEqual([[undefined], [undefined], [undefined]]);
  });

  it('takes an ack into account that comes while it repeats', () => {
    const stream = new OutgoingStream('chat', WINDOW_FRAMES);
    for (let count = 0; count < 4; count += 1) stream.push(message(1));
    flush(stream);
    stream.rewind();
    flush(stream, 1);
    stream.acknowledge(3);
    expect(flush(stream).map(({ number }) => number)).toEqual([3]);
  });

  it.each([0, 1, 1000, Infinity, Number.NaN, -5])('survives an ack of %d', (number) => {
    const stream = new OutgoingStream('chat', WINDOW_FRAMES);
    stream.push(message(1));
    flush(stream);
    stream.acknowledge(1);
    stream.acknowledge(number);
    stream.push(message(1));
    expect(flush(stream)).toMatchObject([{ number: 1 }]);
  });

  it('takes a message back that has not begun', () => {
    const stream = new OutgoingStream('chat', WINDOW_FRAMES);
    const [first, second, third] = [message(1), message(2), message(3)];
    for (const each of [first, second, third]) stream.push(each);
    stream.withdraw(second);
    stream.withdraw(message(9));
    expect(flush(stream).map(({ payload }) => payload.length)).toEqual([1, 3]);
    expect(second.results).toEqual([]);
  });

  it('completes a message that is taken back halfway', () => {
    const stream = new OutgoingStream('chat', WINDOW_FRAMES);
    const large = message(3 * MAX_PAYLOAD_BYTES);
    stream.push(large);
    stream.push(message(7));
    flush(stream, 1);
    stream.withdraw(large);
    expect(flush(stream).map(({ flags }) => flags)).toEqual([0, LAST, FIRST | LAST]);
  });

  it('refuses more than may wait, but takes any one message', () => {
    const stream = new OutgoingStream('chat', WINDOW_FRAMES);
    const [huge, next] = [message(MAX_QUEUED_BYTES), message(1)];
    stream.push(huge);
    stream.push(next);
    expect(huge.results).toEqual([]);
    expect(next.results).toMatchObject([{ code: 'ERR_DATA_BACKLOG' }]);
    stream.withdraw(huge);
    const later = [message(MAX_QUEUED_BYTES / 2), message(MAX_QUEUED_BYTES / 2)];
    for (const each of later) stream.push(each);
    expect(later.map(({ results }) => results)).toEqual([[], []]);
  });

  it('settles what waits when it is closed, and nothing else', () => {
    const stream = new OutgoingStream('chat', WINDOW_FRAMES);
    const [sent, waiting] = [message(1), message(8 * MAX_PAYLOAD_BYTES)];
    stream.push(sent);
    stream.push(waiting);
    flush(stream, 2);
    const reason = new Error('gone');
    stream.close(reason);
    expect(sent.results).toEqual([undefined]);
    expect(waiting.results).toEqual([reason]);
    expect(stream.peek()).toBeUndefined();
  });
});

describe('OutgoingStream of an unreliable channel', () => {
  it('keeps only the newest message', () => {
    const stream = new OutgoingStream('at', 0);
    const [old, young] = [message(1), message(2)];
    stream.push(old);
    stream.push(young);
    expect([old.results, young.results]).toEqual([[undefined], []]);
    expect(flush(stream)).toMatchObject([{ flags: FIRST | LAST, payload: { length: 2 } }]);
    expect([old.results, young.results]).toEqual([[undefined], [undefined]]);
  });

  it('repeats nothing', () => {
    const stream = new OutgoingStream('at', 0);
    stream.push(message(1));
    flush(stream);
    stream.rewind();
    expect(stream.peek()).toBeUndefined();
    stream.push(message(MAX_PAYLOAD_BYTES));
    expect(flush(stream)).toMatchObject([{ flags: FIRST | LAST, number: 1 }]);
  });

  it('keeps what the pipe refused, until there is something newer', () => {
    const stream = new OutgoingStream('at', 0);
    stream.push(message(1));
    stream.peek();
    expect(flush(stream)).toHaveLength(1);
  });
});
