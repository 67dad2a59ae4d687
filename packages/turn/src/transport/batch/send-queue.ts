/**
 * Datagrams on their way out, gathered until one `sendmmsg` takes them. Datagrams of equal size to
 * one destination form a run, which leaves as a single message the system cuts up (UDP_SEGMENT).
 * Datagrams to one destination keep their order; those to different destinations need not.
 * @see https://man7.org/linux/man-pages/man7/udp.7.html
 * @module
 */
import type { TransportAddress } from '../../wire/transport-address.ts';
import type { TransportCounters } from '../transport-counters.ts';
import type { Libc } from './libc.ts';
import {
  CMSG_U16,
  EAGAIN,
  EINTR,
  EINVAL,
  EMSGSIZE,
  ENOBUFS,
  ENOMEM,
  IOVEC,
  MMSGHDR,
  MSG_DONTWAIT,
  SOCKADDR,
  SOL_UDP,
  UDP_SEGMENT,
} from './linux-abi.ts';
import { allocateWords, writeU64 } from './native-memory.ts';
import type { NativeWords } from './native-memory.ts';
import { SLOT_BYTES } from './receive-block.ts';
import { isSockaddrOf, writeSockaddr } from './sockaddr.ts';

/** Datagrams gathered before everything has to leave. */
export const QUEUE_CAPACITY = 256;

/** Linux takes at most 64 segments, and no more bytes than one IPv6 datagram holds, per message. */
const MAX_RUN_DATAGRAMS = 64;
const MAX_RUN_BYTES = 65_000;

/** Open runs are found by a hash of their destination. A power of two. */
const LOOKUP_SLOTS = 128;
const NONE = -1;

/** The runs of one socket, in sending order. */
export interface RunChain {
  readonly fd: number;
  firstRun: number;
  lastRun: number;
}

/** A chain without runs. */
export function emptyChain(fd: number): RunChain {
  return { fd, firstRun: NONE, lastRun: NONE };
}

/** Where datagrams of the received block lie; they are sent from there, all others are copied. */
export interface SourceBlock {
  readonly buffer: Buffer;
  readonly address: number;
}

/** The system calls of the outgoing half. */
export type SendCalls = Pick<Libc, 'addressOf' | 'sendmmsg' | 'errno'>;

/** What a {@link SendQueue} is built from. */
export interface SendQueueOptions {
  readonly libc: SendCalls;
  readonly source: SourceBlock;
  readonly counters: TransportCounters;
  /** False sends each datagram as a message of its own. */
  readonly segmentation: boolean;
}

/** The outgoing half of one back end. */
export class SendQueue {
  readonly #libc: SendCalls;
  readonly #source: SourceBlock;
  readonly #counters: TransportCounters;
  readonly #copies: Buffer = Buffer.allocUnsafeSlow(QUEUE_CAPACITY * SLOT_BYTES);
  readonly #copiesAddress: number;

  // Per datagram.
  readonly #address = new Float64Array(QUEUE_CAPACITY);
  readonly #length = new Int32Array(QUEUE_CAPACITY);
  readonly #nextInRun = new Int32Array(QUEUE_CAPACITY);
  #datagrams = 0;

  // Per run. `segment` is the size of all its datagrams, or 0 when it takes no more.
  readonly #segment = new Int32Array(QUEUE_CAPACITY);
  readonly #runFd = new Int32Array(QUEUE_CAPACITY);
  readonly #runCount = new Int32Array(QUEUE_CAPACITY);
  readonly #runFirst = new Int32Array(QUEUE_CAPACITY);
  readonly #runLast = new Int32Array(QUEUE_CAPACITY);
  readonly #nextInChain = new Int32Array(QUEUE_CAPACITY);
  readonly #nameBytes = new Int32Array(QUEUE_CAPACITY);
  readonly #openRuns = new Int32Array(LOOKUP_SLOTS).fill(NONE);
  #runs = 0;
  #unsent = 0;

  readonly #names: NativeWords;
  readonly #headers: NativeWords;
  readonly #vectors: NativeWords;
  readonly #controls: NativeWords;
  #maxSegmentBytes: number;

  constructor({ libc, source, counters, segmentation }: SendQueueOptions) {
    this.#libc = libc;
    this.#source = source;
    this.#counters = counters;
    this.#maxSegmentBytes = segmentation ? SLOT_BYTES : 0;
    this.#copiesAddress = libc.addressOf(this.#copies.buffer);
    this.#names = allocateWords(libc, QUEUE_CAPACITY * SOCKADDR.words);
    this.#headers = allocateWords(libc, QUEUE_CAPACITY * MMSGHDR.words);
    this.#vectors = allocateWords(libc, QUEUE_CAPACITY * IOVEC.words);
    this.#controls = allocateWords(libc, QUEUE_CAPACITY * CMSG_U16.words);
    for (let index = 0; index < QUEUE_CAPACITY; index += 1) this.#prepareControl(index);
  }

  /** True when nothing more fits: every chain must be flushed. */
  get isFull(): boolean {
    return this.#datagrams === QUEUE_CAPACITY;
  }

  /**
   * Takes a datagram's bytes, by reference when they lie in the source block. The queue must not be
   * full. Returns its number for {@link add}, or -1 when it is too long for any path.
   */
  stage(buffer: Buffer, offset: number, length: number): number {
    if (length > SLOT_BYTES) {
      this.#counters.udpSendFailed += 1;
      return NONE;
    }
    const index = this.#datagrams;
    this.#datagrams += 1;
    this.#length[index] = length;
    this.#nextInRun[index] = NONE;
    if (buffer === this.#source.buffer) {
      this.#address[index] = this.#source.address + offset;
    } else {
      buffer.copy(this.#copies, index * SLOT_BYTES, offset, offset + length);
      this.#address[index] = this.#copiesAddress + index * SLOT_BYTES;
    }
    return index;
  }

  /** Adds the staged datagram `index` to `chain`. */
  add(chain: RunChain, index: number, to: TransportAddress): void {
    this.#unsent += 1;
    const length = this.#length[index] ?? 0;
    const slot = hashOf(chain.fd, to);
    const open = this.#openRuns[slot] ?? NONE;
    if (open !== NONE && this.#fits(open, chain.fd, length) && this.#isTo(open, to)) {
      this.#append(open, index, length);
    } else {
      this.#openRuns[slot] = this.#startRun(chain, index, to);
    }
  }

  /** Hands all runs of `chain` to the system. */
  flush(chain: RunChain): void {
    if (chain.firstRun === NONE) return;
    let messages = 0;
    let vectors = 0;
    for (let run = chain.firstRun; run !== NONE; run = this.#nextInChain[run] ?? NONE) {
      this.#writeMessage(messages, run, vectors);
      messages += 1;
      vectors += this.#runCount[run] ?? 0;
    }
    chain.firstRun = NONE;
    chain.lastRun = NONE;
    this.#transmit(chain.fd, messages);
    this.#unsent -= vectors;
    if (this.#unsent === 0) this.#reset();
    else this.#openRuns.fill(NONE);
  }

  #reset(): void {
    this.#datagrams = 0;
    this.#runs = 0;
    this.#openRuns.fill(NONE);
  }

  #fits(run: number, fd: number, length: number): boolean {
    const segment = this.#segment[run] ?? 0;
    const count = this.#runCount[run] ?? 0;
    return (
      length <= segment &&
      this.#runFd[run] === fd &&
      count < MAX_RUN_DATAGRAMS &&
      (count + 1) * segment <= MAX_RUN_BYTES &&
      length > 0
    );
  }

  #isTo(run: number, to: TransportAddress): boolean {
    return isSockaddrOf(this.#names.words, run * SOCKADDR.words, to);
  }

  #append(run: number, index: number, length: number): void {
    this.#nextInRun[this.#runLast[run] ?? 0] = index;
    this.#runLast[run] = index;
    this.#runCount[run] = (this.#runCount[run] ?? 0) + 1;
    if (length !== this.#segment[run]) this.#segment[run] = 0; // Only the last may be shorter.
  }

  #startRun(chain: RunChain, index: number, to: TransportAddress): number {
    const run = this.#runs;
    this.#runs += 1;
    const length = this.#length[index] ?? 0;
    this.#segment[run] = length <= this.#maxSegmentBytes ? length : 0;
    this.#runFd[run] = chain.fd;
    this.#runCount[run] = 1;
    this.#runFirst[run] = index;
    this.#runLast[run] = index;
    this.#nextInChain[run] = NONE;
    this.#nameBytes[run] = writeSockaddr(this.#names.words, run * SOCKADDR.words, to);
    if (chain.lastRun === NONE) chain.firstRun = run;
    else this.#nextInChain[chain.lastRun] = run;
    chain.lastRun = run;
    return run;
  }

  #prepareControl(index: number): void {
    const { words } = this.#controls;
    const control = index * CMSG_U16.words;
    writeU64(words, control + CMSG_U16.lengthLow, CMSG_U16.bytes);
    words[control + CMSG_U16.level] = SOL_UDP;
    words[control + CMSG_U16.type] = UDP_SEGMENT;
    const header = index * MMSGHDR.words;
    const address = this.#controls.address + control * 4;
    writeU64(this.#headers.words, header + MMSGHDR.controlLow, address);
  }

  #writeMessage(message: number, run: number, firstVector: number): void {
    let vector = firstVector * IOVEC.words;
    const { words } = this.#headers;
    const header = message * MMSGHDR.words;
    writeU64(words, header + MMSGHDR.nameLow, this.#names.address + run * SOCKADDR.words * 4);
    words[header + MMSGHDR.nameLength] = this.#nameBytes[run] ?? 0;
    writeU64(words, header + MMSGHDR.vectorLow, this.#vectors.address + vector * 4);
    const count = this.#runCount[run] ?? 0;
    const first = this.#runFirst[run] ?? 0;
    words[header + MMSGHDR.vectorCountLow] = count;
    words[header + MMSGHDR.controlLengthLow] = count > 1 ? CMSG_U16.words * 4 : 0;
    if (count > 1) {
      this.#controls.words[message * CMSG_U16.words + CMSG_U16.value] = this.#length[first] ?? 0;
    }
    for (let index = first; index !== NONE; index = this.#nextInRun[index] ?? NONE) {
      writeU64(this.#vectors.words, vector + IOVEC.baseLow, this.#address[index] ?? 0);
      this.#vectors.words[vector + IOVEC.lengthLow] = this.#length[index] ?? 0;
      vector += IOVEC.words;
    }
  }

  #transmit(fd: number, count: number): void {
    let done = 0;
    while (done < count) {
      const sent = this.#sendMessages(fd, done, count - done);
      if (sent > 0) {
        done += sent;
        continue;
      }
      const errno = this.#libc.errno();
      if (isCongestion(errno)) {
        this.#counters.udpSendDropped += this.#datagramsBetween(done, count);
        return;
      }
      // The system names the error of the first message only; the others are untried.
      if (errno !== EINTR) {
        this.#retrySingly(fd, done, errno);
        done += 1;
      }
    }
  }

  #sendMessages(fd: number, first: number, count: number): number {
    const headers = this.#headers.address + first * MMSGHDR.words * 4;
    return this.#libc.sendmmsg(fd, headers, count, MSG_DONTWAIT);
  }

  /**
   * A message failed. When it was a run, the path may not carry segments of that size, or the
   * interface may not cut at all: send its datagrams one by one and do not build such runs again.
   */
  #retrySingly(fd: number, message: number, errno: number): void {
    const { words } = this.#headers;
    const header = message * MMSGHDR.words;
    const count = words[header + MMSGHDR.vectorCountLow] ?? 1;
    if (count === 1) {
      this.#counters.udpSendFailed += 1;
      return;
    }
    const low = words[header + MMSGHDR.vectorLow] ?? 0;
    const high = words[header + MMSGHDR.vectorLow + 1] ?? 0;
    const vectors = high * 0x1_0000_0000 + low;
    const segment = this.#controls.words[message * CMSG_U16.words + CMSG_U16.value] ?? 0;
    words[header + MMSGHDR.vectorCountLow] = 1;
    words[header + MMSGHDR.controlLengthLow] = 0;
    let sent = 0;
    for (let index = 0; index < count; index += 1) {
      writeU64(words, header + MMSGHDR.vectorLow, vectors + index * IOVEC.words * 4);
      if (this.#sendMessages(fd, message, 1) === 1) sent += 1;
      else this.#counters.udpSendFailed += 1;
    }
    if (sent === 0) return; // Nothing gets there: the run was not at fault.
    const isTooLong = errno === EINVAL || errno === EMSGSIZE;
    this.#maxSegmentBytes = isTooLong ? Math.min(this.#maxSegmentBytes, segment - 1) : 0;
  }

  #datagramsBetween(first: number, end: number): number {
    let datagrams = 0;
    for (let message = first; message < end; message += 1) {
      datagrams += this.#headers.words[message * MMSGHDR.words + MMSGHDR.vectorCountLow] ?? 0;
    }
    return datagrams;
  }
}

function hashOf(fd: number, to: TransportAddress): number {
  const mixed = Math.imul(to.word3 ^ (to.port << 8) ^ to.word1 ^ (fd << 20), 0x9e3779b1);
  return (mixed >>> 16) & (LOOKUP_SLOTS - 1);
}

function isCongestion(errno: number): boolean {
  return errno === EAGAIN || errno === ENOBUFS || errno === ENOMEM;
}
