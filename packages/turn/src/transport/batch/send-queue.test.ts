import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../../wire/address-text.ts';
import { emptyAddress } from '../../wire/transport-address.ts';
import { emptyTransportCounters } from '../transport-counters.ts';
import { CMSG_U16, EAGAIN, EINTR, EINVAL, IOVEC, MMSGHDR } from './linux-abi.ts';
import { QUEUE_CAPACITY, SendQueue, emptyChain } from './send-queue.ts';
import type { RunChain, SendCalls } from './send-queue.ts';
import { readSockaddr } from './sockaddr.ts';

/** Distance of the made-up addresses of two blocks; larger than any block, beyond 32 bits. */
const REGION = 0x1_8000_0000;

/** What one call to `sendmmsg` answers: messages sent, or an error number. */
type Answer = { sent: number } | { errno: number };

/** A kernel that reads the structures and writes down what it was asked to send. */
class FakeKernel implements SendCalls {
  readonly sent: string[] = [];
  /** Consumed one per call; afterwards everything is sent. */
  answers: Answer[] = [];
  readonly #regions: ArrayBufferLike[] = [];
  #errno = 0;

  addressOf(memory: ArrayBufferLike): number {
    this.#regions.push(memory);
    return this.#regions.length * REGION;
  }

  errno(): number {
    return this.#errno;
  }

  sendmmsg(fd: number, headers: number, count: number): number {
    const answer = this.answers.shift() ?? { sent: count };
    if ('errno' in answer) {
      this.#errno = answer.errno;
      return -1;
    }
    for (let message = 0; message < answer.sent; message += 1) {
      this.sent.push(`${fd}: ${this.#describe(headers + message * MMSGHDR.words * 4)}`);
    }
    return answer.sent;
  }

  /** `destination [datagram|datagram] by size`. */
  #describe(header: number): string {
    const words = this.#words(header);
    const to = emptyAddress();
    readSockaddr(this.#words(pointer(words, MMSGHDR.nameLow)), 0, to);
    const count = words[MMSGHDR.vectorCountLow] ?? 0;
    const vectors = this.#words(pointer(words, MMSGHDR.vectorLow));
    const datagrams = Array.from({ length: count }, (_, index) => {
      const vector = index * IOVEC.words;
      const bytes = this.#bytes(pointer(vectors, vector + IOVEC.baseLow));
      return bytes.toString('latin1', 0, vectors[vector + IOVEC.lengthLow]);
    });
    const list = `${formatAddress(to)} [${datagrams.join('|')}]`;
    if (words[MMSGHDR.controlLengthLow] === 0) return list;
    return `${list} by ${this.#words(pointer(words, MMSGHDR.controlLow))[CMSG_U16.value]}`;
  }

  #bytes(address: number): Buffer {
    const region = this.#regions[Math.floor(address / REGION) - 1];
    if (region === undefined) throw new Error(`bad address ${address}`);
    return Buffer.from(region, address % REGION);
  }

  #words(address: number): Uint32Array {
    const bytes = this.#bytes(address);
    return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
  }
}

function pointer(words: Uint32Array, index: number): number {
  return (words[index] ?? 0) + (words[index + 1] ?? 0) * 0x1_0000_0000;
}

function setUp(segmentation = true) {
  const kernel = new FakeKernel();
  const block = Buffer.allocUnsafeSlow(4096);
  const source = { buffer: block, address: kernel.addressOf(block.buffer) };
  const counters = emptyTransportCounters();
  const queue = new SendQueue({ libc: kernel, source, counters, segmentation });
  const send = (chain: RunChain, text: string, host = '192.0.2.1'): void => {
    const to = parseAddress(host, 5000);
    if (to === undefined) throw new Error(host);
    const bytes = Buffer.from(text, 'latin1');
    const index = queue.stage(bytes, 0, bytes.length);
    if (index >= 0) queue.add(chain, index, to);
  };
  return { kernel, queue, counters, send, block };
}

describe('SendQueue', () => {
  it('joins datagrams of equal size to one destination, the last may be shorter', () => {
    const { kernel, queue, send } = setUp();
    const chain = emptyChain(3);
    for (const text of ['aaa', 'bbb', 'cc', 'dd', 'ee', 'ffff']) send(chain, text);
    queue.flush(chain);
    expect(kernel.sent).toEqual([
      '3: 192.0.2.1:5000 [aaa|bbb|cc] by 3',
      '3: 192.0.2.1:5000 [dd|ee] by 2',
      '3: 192.0.2.1:5000 [ffff]',
    ]);
  });

  it('joins across datagrams to others and keeps the order per destination', () => {
    const { kernel, queue, send } = setUp();
    const chain = emptyChain(3);
    for (const text of ['a1', 'a2', 'a3']) {
      send(chain, text, '192.0.2.1');
      send(chain, text, '2001:db8::1');
    }
    queue.flush(chain);
    expect(kernel.sent).toEqual([
      '3: 192.0.2.1:5000 [a1|a2|a3] by 2',
      '3: [2001:db8::1]:5000 [a1|a2|a3] by 2',
    ]);
  });

  it('never joins datagrams of two sockets', () => {
    const { kernel, queue, send } = setUp();
    const [one, two] = [emptyChain(3), emptyChain(4)];
    for (const text of ['aa', 'bb']) {
      send(one, text);
      send(two, text);
    }
    queue.flush(two);
    send(two, 'cc');
    queue.flush(one);
    queue.flush(two);
    expect(kernel.sent).toEqual([
      '4: 192.0.2.1:5000 [aa|bb] by 2',
      '3: 192.0.2.1:5000 [aa|bb] by 2',
      '4: 192.0.2.1:5000 [cc]',
    ]);
  });

  it('does not join empty datagrams, which would vanish in a run', () => {
    const { kernel, queue, send } = setUp();
    const chain = emptyChain(3);
    for (const text of ['', '', 'a', '']) send(chain, text);
    queue.flush(chain);
    expect(kernel.sent.map((line) => line.slice('3: 192.0.2.1:5000 '.length))).toEqual([
      '[]',
      '[]',
      '[a]',
      '[]',
    ]);
  });

  it('joins at most 64 datagrams', () => {
    const { kernel, queue, send } = setUp();
    const chain = emptyChain(3);
    for (let index = 0; index < 65; index += 1) send(chain, 'x');
    queue.flush(chain);
    expect(kernel.sent).toHaveLength(2);
    expect(kernel.sent[1]).toBe('3: 192.0.2.1:5000 [x]');
  });

  it('sends datagrams of the source block from where they lie', () => {
    const { kernel, queue, block } = setUp();
    const chain = emptyChain(3);
    block.write('before', 100, 'latin1');
    const to = parseAddress('192.0.2.1', 1) ?? emptyAddress();
    queue.add(chain, queue.stage(block, 100, 6), to);
    block.write('after!', 100, 'latin1');
    queue.flush(chain);
    expect(kernel.sent).toEqual(['3: 192.0.2.1:1 [after!]']);
  });

  it('copies datagrams from elsewhere at once', () => {
    const { kernel, queue } = setUp();
    const chain = emptyChain(3);
    const bytes = Buffer.from('before');
    queue.add(chain, queue.stage(bytes, 0, 6), parseAddress('192.0.2.1', 1) ?? emptyAddress());
    bytes.write('after!');
    queue.flush(chain);
    expect(kernel.sent).toEqual(['3: 192.0.2.1:1 [before]']);
  });

  it('is full at its capacity and empty after everything left', () => {
    const { kernel, queue, send } = setUp(false);
    const chain = emptyChain(3);
    for (let round = 0; round < 3; round += 1) {
      for (let index = 0; index < QUEUE_CAPACITY; index += 1) {
        expect(queue.isFull).toBe(false);
        send(chain, `${index}`);
      }
      expect(queue.isFull).toBe(true);
      queue.flush(chain);
    }
    expect(kernel.sent).toHaveLength(3 * QUEUE_CAPACITY);
  });

  it('goes on where the system stopped', () => {
    const { kernel, queue, send, counters } = setUp(false);
    const chain = emptyChain(3);
    for (const text of ['a', 'b', 'c', 'd']) send(chain, text);
    kernel.answers = [{ sent: 1 }, { errno: EINTR }, { sent: 2 }];
    queue.flush(chain);
    expect(kernel.sent.map((line) => line.at(-2))).toEqual(['a', 'b', 'c', 'd']);
    expect(counters).toEqual(emptyTransportCounters());
  });

  it('drops and counts what a full send buffer refuses', () => {
    const { kernel, queue, send, counters } = setUp();
    const chain = emptyChain(3);
    for (const text of ['a', 'bb', 'cc', 'ddd']) send(chain, text);
    kernel.answers = [{ sent: 1 }, { errno: EAGAIN }];
    queue.flush(chain);
    expect(kernel.sent).toEqual(['3: 192.0.2.1:5000 [a]']);
    expect(counters.udpSendDropped).toBe(3);
    send(chain, 'e');
    queue.flush(chain);
    expect(kernel.sent).toHaveLength(2);
  });

  it('skips one datagram the system refuses and sends the rest', () => {
    const { kernel, queue, send, counters } = setUp(false);
    const chain = emptyChain(3);
    for (const text of ['a', 'b', 'c']) send(chain, text);
    kernel.answers = [{ sent: 1 }, { errno: 1 }];
    queue.flush(chain);
    expect(kernel.sent.map((line) => line.at(-2))).toEqual(['a', 'c']);
    expect(counters.udpSendFailed).toBe(1);
  });

  it('sends a refused run one by one, and makes no run of that size again', () => {
    const { kernel, queue, send, counters } = setUp();
    const chain = emptyChain(3);
    for (const text of ['aaa', 'bbb', 'c']) send(chain, text);
    kernel.answers = [{ errno: EINVAL }];
    queue.flush(chain);
    for (const text of ['aaa', 'bbb', 'cc', 'dd']) send(chain, text);
    queue.flush(chain);
    const to = '3: 192.0.2.1:5000';
    expect(kernel.sent).toEqual([
      `${to} [aaa]`,
      `${to} [bbb]`,
      `${to} [c]`,
      `${to} [aaa]`,
      `${to} [bbb]`,
      `${to} [cc|dd] by 2`,
    ]);
    expect(counters.udpSendFailed).toBe(0);
  });

  it('refuses what is longer than any slot', () => {
    const { kernel, queue, send, counters } = setUp();
    const chain = emptyChain(3);
    send(chain, 'x'.repeat(2049));
    queue.flush(chain);
    expect(kernel.sent).toEqual([]);
    expect(counters.udpSendFailed).toBe(1);
  });
});
