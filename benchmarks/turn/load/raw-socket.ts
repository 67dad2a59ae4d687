/**
 * A UDP socket for making load: prepared messages go out with one call, and what comes in is
 * counted without being looked at. Much cheaper per packet than any server it is pointed at.
 * @module
 */
import type { Libc } from '../../../packages/turn/src/transport/batch/libc.ts';
import {
  CMSG_U16,
  IOVEC,
  MMSGHDR,
  MSG_DONTWAIT,
  SOCKADDR,
  SOL_UDP,
  UDP_SEGMENT,
} from '../../../packages/turn/src/transport/batch/linux-abi.ts';
import {
  allocateWords,
  writeU64,
} from '../../../packages/turn/src/transport/batch/native-memory.ts';
import type { NativeWords } from '../../../packages/turn/src/transport/batch/native-memory.ts';
import {
  SCRATCH_WORDS,
  openUdpSocket,
} from '../../../packages/turn/src/transport/batch/open-udp-socket.ts';
import { writeSockaddr } from '../../../packages/turn/src/transport/batch/sockaddr.ts';
import type { TransportAddress } from '../../../packages/turn/src/wire/transport-address.ts';

/** Where clients are. */
export const CLIENT_HOST = '127.0.0.1';
/** Where plain peers are: a relay must not reach the addresses of its own machine, and this is none. */
export const PEER_HOST = '127.0.0.2';

/** Datagrams counted per call. */
const DRAIN_SLOTS = 256;
/** Bytes of each, when somebody looks. */
const SLOT_BYTES = 2048;
/** Bytes of each that are copied when nobody does. */
const COUNTED_BYTES = 16;

/** Datagrams of equal size to one destination, as one message. */
export interface Burst {
  readonly to: TransportAddress;
  /** One or more datagrams, each of `segmentBytes`. */
  readonly bytes: Buffer;
  readonly segmentBytes: number;
}

/** Bursts ready to be sent, any number of times. */
export interface PreparedBursts {
  readonly headers: NativeWords;
  readonly count: number;
  /** Datagrams in all. */
  readonly datagrams: number;
  /** The bytes of each burst; what is written here goes out with the next `send`. */
  readonly payloads: readonly Buffer[];
  /** Kept from the garbage collector, which does not know that the system reads it. */
  readonly memory: readonly unknown[];
}

/** Slots shared by all sockets of the process: what is in them lasts until the next call. */
export class DrainBlock {
  readonly headers: NativeWords;
  readonly bytes: Buffer = Buffer.allocUnsafeSlow(DRAIN_SLOTS * SLOT_BYTES);
  readonly #vectors: NativeWords;
  #looking = 0;

  constructor(libc: Libc) {
    this.headers = allocateWords(libc, DRAIN_SLOTS * MMSGHDR.words);
    this.#vectors = allocateWords(libc, DRAIN_SLOTS * IOVEC.words);
    const base = libc.addressOf(this.bytes.buffer);
    for (let slot = 0; slot < DRAIN_SLOTS; slot += 1) {
      const header = slot * MMSGHDR.words;
      const vector = slot * IOVEC.words;
      writeU64(this.#vectors.words, vector + IOVEC.baseLow, base + slot * SLOT_BYTES);
      writeU64(this.headers.words, header + MMSGHDR.vectorLow, this.#vectors.address + vector * 4);
      writeU64(this.headers.words, header + MMSGHDR.vectorCountLow, 1);
    }
    this.look(COUNTED_BYTES);
  }

  /** Sets how many bytes of each datagram are copied. */
  look(bytes: number): void {
    if (bytes === this.#looking) return;
    this.#looking = bytes;
    for (let slot = 0; slot < DRAIN_SLOTS; slot += 1) {
      this.#vectors.words[slot * IOVEC.words + IOVEC.lengthLow] = bytes;
    }
  }

  /** The bytes of one received datagram, valid until the next call. */
  datagram(slot: number): Buffer {
    const length = this.headers.words[slot * MMSGHDR.words + MMSGHDR.transferred] ?? 0;
    return this.bytes.subarray(slot * SLOT_BYTES, slot * SLOT_BYTES + length);
  }
}

/** A bound socket. */
export class RawSocket {
  readonly address: TransportAddress;
  readonly #libc: Libc;
  readonly #fd: number;
  readonly #drain: DrainBlock;

  /** `port` 0 takes a free one. */
  constructor(libc: Libc, drain: DrainBlock, { host = CLIENT_HOST, port = 0 } = {}) {
    const scratch = allocateWords(libc, SCRATCH_WORDS);
    const bind = { host, port, family: 4, reusePort: false, scratch } as const;
    const { fd, local } = openUdpSocket(libc, bind);
    this.#libc = libc;
    this.#fd = fd;
    this.#drain = drain;
    this.address = local;
  }

  get fd(): number {
    return this.#fd;
  }

  /** Builds messages once. */
  prepare(bursts: readonly Burst[]): PreparedBursts {
    const libc = this.#libc;
    const headers = allocateWords(libc, bursts.length * MMSGHDR.words);
    const names = allocateWords(libc, bursts.length * SOCKADDR.words);
    const vectors = allocateWords(libc, bursts.length * IOVEC.words);
    const controls = allocateWords(libc, bursts.length * CMSG_U16.words);
    const payloads = bursts.map(({ bytes }) => copyOf(bytes));
    let datagrams = 0;
    for (const [index, { to, bytes, segmentBytes }] of bursts.entries()) {
      const header = index * MMSGHDR.words;
      const name = index * SOCKADDR.words;
      const vector = index * IOVEC.words;
      const control = index * CMSG_U16.words;
      const count = bytes.length / segmentBytes;
      datagrams += count;
      headers.words[header + MMSGHDR.nameLength] = writeSockaddr(names.words, name, to);
      writeU64(headers.words, header + MMSGHDR.nameLow, names.address + name * 4);
      writeU64(headers.words, header + MMSGHDR.vectorLow, vectors.address + vector * 4);
      writeU64(headers.words, header + MMSGHDR.vectorCountLow, 1);
      const payload = payloads[index]?.buffer ?? new ArrayBuffer(0);
      writeU64(vectors.words, vector + IOVEC.baseLow, libc.addressOf(payload));
      writeU64(vectors.words, vector + IOVEC.lengthLow, bytes.length);
      writeU64(headers.words, header + MMSGHDR.controlLow, controls.address + control * 4);
      if (count === 1) continue;
      headers.words[header + MMSGHDR.controlLengthLow] = CMSG_U16.words * 4;
      controls.words.set([CMSG_U16.bytes, 0, SOL_UDP, UDP_SEGMENT, segmentBytes], control);
    }
    const memory = [names, vectors, controls];
    return { headers, count: bursts.length, datagrams, payloads, memory };
  }

  /** Sends all of `prepared`; whatever the system does not take is not sent again. */
  send(prepared: PreparedBursts): void {
    let done = 0;
    while (done < prepared.count) {
      const headers = prepared.headers.address + done * MMSGHDR.words * 4;
      const sent = this.#libc.sendmmsg(this.#fd, headers, prepared.count - done, 0);
      if (sent <= 0) throw new Error(`sendmmsg failed with error ${this.#libc.errno()}`);
      done += sent;
    }
  }

  /** Takes up to 256 waiting datagrams and returns how many there were. */
  drain(): number {
    const { headers } = this.#drain;
    this.#drain.look(COUNTED_BYTES);
    const count = this.#libc.recvmmsg(this.#fd, headers.address, DRAIN_SLOTS, MSG_DONTWAIT, 0);
    return Math.max(count, 0);
  }

  /** The waiting datagram, if any: for conversations, not for load. */
  receive(): Buffer | undefined {
    this.#drain.look(SLOT_BYTES);
    const { headers } = this.#drain;
    const count = this.#libc.recvmmsg(this.#fd, headers.address, 1, MSG_DONTWAIT, 0);
    return count === 1 ? this.#drain.datagram(0) : undefined;
  }

  /** The first bytes of a datagram that `drain` counted; valid until the next call. */
  datagram(slot: number): Buffer {
    return this.#drain.datagram(slot);
  }

  close(): void {
    this.#libc.close(this.#fd);
  }
}

/** A copy in memory of its own, which stays where it is. */
function copyOf(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
