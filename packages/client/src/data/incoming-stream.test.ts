import { describe, expect, it } from 'vitest';
import { FIRST, LAST, TEXT } from './frame.ts';
import { FRAMES_PER_ACK, IncomingStream } from './incoming-stream.ts';

/** A stream whose messages the test takes. */
function open(isReliable = true) {
  const acks: number[] = [];
  const messages: { text: string; isText: boolean }[] = [];
  const releases: (() => void)[] = [];
  const stream = new IncomingStream(
    isReliable,
    {
      received: ({ bytes, isText }, release) => {
        messages.push({ text: Buffer.from(bytes).toString(), isText });
        releases.push(release);
      },
      unheard: () => {},
    },
    (number) => acks.push(number),
  );
  const receive = (number: number, flags: number, text = ''): void =>
    stream.receive({ flags, number, name: 'chat', payload: Buffer.from(text) });
  return { stream, acks, messages, releases, receive };
}

describe('IncomingStream', () => {
  it('puts a message together again', () => {
    const { receive, messages } = open();
    receive(0, FIRST | TEXT, 'ab');
    receive(1, TEXT, 'cd');
    receive(2, LAST | TEXT, 'ef');
    receive(3, FIRST | LAST, 'g');
    expect(messages).toEqual([
      { text: 'abcdef', isText: true },
      { text: 'g', isText: false },
    ]);
  });

  it('takes each frame once, in order only', () => {
    const { receive, messages } = open();
    for (const number of [0, 0, 2, 1, 0, 1, 2]) receive(number, FIRST | LAST, `${number}`);
    expect(messages.map(({ text }) => text)).toEqual(['0', '1', '2']);
  });

  it('begins wherever the sender is, and drops the rest of a message it has missed', () => {
    const { receive, messages } = open();
    receive(57, 0, 'middle');
    receive(58, LAST, 'end');
    receive(59, FIRST | LAST, 'whole');
    expect(messages.map(({ text }) => text)).toEqual(['whole']);
  });

  it('drops a message that grows beyond any honest one, and goes on', () => {
    const { receive, messages } = open();
    receive(0, FIRST);
    for (let number = 1; number <= 1024; number += 1) receive(number, 0);
    receive(1025, LAST);
    receive(1026, FIRST | LAST, 'next');
    expect(messages.map(({ text }) => text)).toEqual(['next']);
  });

  it('takes the largest honest message', () => {
    const { receive, messages } = open();
    receive(0, FIRST, 'x');
    for (let number = 1; number < 1023; number += 1) receive(number, 0);
    receive(1023, LAST, 'y');
    expect(messages.map(({ text }) => text)).toEqual(['xy']);
  });

  it('acknowledges only what the application has taken', () => {
    const { receive, releases, acks } = open();
    for (let number = 0; number < 3 * FRAMES_PER_ACK; number += 1) receive(number, FIRST | LAST);
    expect(acks).toEqual([]);
    for (const release of releases) release();
    expect(acks).toEqual([FRAMES_PER_ACK, 2 * FRAMES_PER_ACK, 3 * FRAMES_PER_ACK]);
  });

  it('acknowledges parts of a message that is still coming, unless another one waits before it', () => {
    const { receive, releases, acks } = open();
    receive(0, FIRST | LAST, 'waits');
    receive(1, FIRST);
    for (let number = 2; number < 2 * FRAMES_PER_ACK; number += 1) receive(number, 0);
    expect(acks).toEqual([]);
    releases[0]?.();
    expect(acks).toEqual([2 * FRAMES_PER_ACK]);
    for (let number = 0; number < FRAMES_PER_ACK; number += 1) {
      receive(2 * FRAMES_PER_ACK + number, 0);
    }
    expect(acks).toEqual([2 * FRAMES_PER_ACK, 3 * FRAMES_PER_ACK]);
  });

  it('repeats how far it has got, once it has got anywhere', () => {
    const { stream, receive, releases, acks } = open();
    stream.acknowledge();
    expect(acks).toEqual([]);
    receive(0, FIRST | LAST);
    stream.acknowledge();
    expect(acks).toEqual([]);
    releases[0]?.();
    stream.acknowledge();
    expect(acks).toEqual([1]);
  });

  it.each([Number.NaN, Infinity, -1, 0.5])('survives a frame with the number %d', (number) => {
    const { receive, messages } = open();
    receive(number, FIRST | LAST, 'odd');
    receive(number, 0);
    expect(messages.length).toBeLessThanOrEqual(1);
  });
});

describe('IncomingStream of an unreliable channel', () => {
  it('takes messages in any order', () => {
    const { receive, messages } = open(false);
    for (const number of [5, 3, 4]) receive(number, FIRST | LAST, `${number}`);
    expect(messages.map(({ text }) => text)).toEqual(['5', '3', '4']);
  });

  it('drops what the application does not take in time', () => {
    const { receive, messages, releases } = open(false);
    for (let number = 0; number < 300; number += 1) receive(number, FIRST | LAST, `${number}`);
    expect(messages).toHaveLength(256);
    for (const release of releases) release();
    receive(300, FIRST | LAST, 'again');
    expect(messages.at(-1)?.text).toBe('again');
  });
});
