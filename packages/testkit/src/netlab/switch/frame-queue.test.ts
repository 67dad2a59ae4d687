import { describe, expect, it } from 'vitest';
import { FrameQueue } from './frame-queue.ts';
import type { LinkShape } from './link-shape.ts';

const NEVER_LOST = () => 0.999;

function queueOf(shape: LinkShape, random = NEVER_LOST): FrameQueue<Buffer> {
  const queue = new FrameQueue<Buffer>(random);
  queue.shape = shape;
  return queue;
}

/** A frame of 1000 bytes: one millisecond at 8 Mbit/s. */
function frame(name = ''): Buffer {
  return Buffer.alloc(1_000, name);
}

describe('FrameQueue', () => {
  it('lets frames through at once when the cable is perfect', () => {
    const queue = queueOf({});
    const first = frame();
    expect(queue.push(first, 5)).toBe(true);
    expect(queue.nextDueMs).toBe(5);
    expect(queue.shift(5)?.frame).toBe(first);
    expect(queue.shift(5)).toBeUndefined();
  });

  it('holds every frame for the delay, not one longer because of another', () => {
    const queue = queueOf({ delayMs: 50 });
    queue.push(frame('a'), 0);
    queue.push(frame('b'), 10);
    expect(queue.shift(49)).toBeUndefined();
    expect(queue.shift(50)?.frame.toString('utf8', 0, 1)).toBe('a');
    expect(queue.shift(59)).toBeUndefined();
    expect(queue.shift(60)?.frame.toString('utf8', 0, 1)).toBe('b');
  });

  it('takes as long for a frame as its bytes need', () => {
    const queue = queueOf({ rate: 8_000_000, delayMs: 10 });
    queue.push(frame(), 0);
    queue.push(frame(), 0);
    queue.push(frame(), 20);
    expect(queue.nextDueMs).toBe(11);
    queue.shift(11);
    expect(queue.nextDueMs).toBe(12);
    queue.shift(12);
    expect(queue.nextDueMs).toBe(31);
  });

  it('drops what would wait behind more bytes than the queue may hold', () => {
    const queue = queueOf({ rate: 8_000_000, queueBytes: 2_000 });
    const sent = Array.from({ length: 6 }, () => queue.push(frame(), 0));
    expect(sent).toEqual([true, true, true, false, false, false]);
    expect(queue.push(frame(), 1)).toBe(true);
  });

  it('loses the share of frames that the dice say', () => {
    const dice = [0.1, 0.2, 0.3, 0.05];
    const queue = queueOf({ loss: 0.2 }, () => dice.shift() ?? 1);
    const sent = Array.from({ length: 4 }, () => queue.push(frame(), 0));
    expect(sent).toEqual([false, true, true, false]);
  });

  it('keeps the order when the delay becomes shorter', () => {
    const queue = queueOf({ delayMs: 100 });
    queue.push(frame('a'), 0);
    queue.shape = { delayMs: 0 };
    queue.push(frame('b'), 1);
    expect(queue.shift(99)).toBeUndefined();
    expect(queue.shift(100)?.frame.toString('utf8', 0, 1)).toBe('a');
    expect(queue.shift(100)?.frame.toString('utf8', 0, 1)).toBe('b');
  });
});
