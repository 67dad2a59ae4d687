/**
 * Slots that one `recvmmsg` fills with as many datagrams as are waiting. Packet objects, addresses
 * and structures are built once; receiving allocates nothing.
 * @module
 */
import type { PacketSocket, ReceivedPacket } from '../../engine/packet-socket.ts';
import { HEADROOM_BYTES } from '../../engine/packet-socket.ts';
import { emptyAddress } from '../../wire/transport-address.ts';
import type { TransportAddress } from '../../wire/transport-address.ts';
import { MAX_DATAGRAM_BYTES } from '../transport-counters.ts';
import type { Libc } from './libc.ts';
import { IOVEC, MMSGHDR, MSG_DONTWAIT, MSG_TRUNC, SOCKADDR } from './linux-abi.ts';
import { allocateWords, writeU64 } from './native-memory.ts';
import type { NativeWords } from './native-memory.ts';
import { readSockaddr } from './sockaddr.ts';

/** Datagrams per batch. More would leave the processor's cache without saving more calls. */
export const BATCH_SLOTS = 128;

/** Head room, the longest datagram, and tail room; a power of two. */
export const SLOT_BYTES = 2048;

/** A received packet while it is being filled in. */
export interface SlotPacket extends ReceivedPacket {
  readonly buffer: Buffer;
  offset: number;
  /** -1 marks a datagram that did not fit. */
  length: number;
  readonly from: TransportAddress;
  socket: PacketSocket;
}

/** The slots of one back end. */
export class ReceiveBlock {
  readonly buffer: Buffer = Buffer.allocUnsafeSlow(BATCH_SLOTS * SLOT_BYTES);
  /** Address of the first byte of {@link buffer}. */
  readonly address: number;
  readonly #libc: Libc;
  readonly #headers: NativeWords;
  readonly #vectors: NativeWords;
  readonly #names: NativeWords;
  readonly #packets: SlotPacket[] = [];
  #used = 0;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.address = libc.addressOf(this.buffer.buffer);
    this.#headers = allocateWords(libc, BATCH_SLOTS * MMSGHDR.words);
    this.#vectors = allocateWords(libc, BATCH_SLOTS * IOVEC.words);
    this.#names = allocateWords(libc, BATCH_SLOTS * SOCKADDR.words);
    for (let slot = 0; slot < BATCH_SLOTS; slot += 1) this.#prepare(slot);
  }

  /** Slots filled since the last {@link reset}. */
  get used(): number {
    return this.#used;
  }

  /** The packet in `slot`. */
  packet(slot: number): SlotPacket | undefined {
    return this.#packets[slot];
  }

  /** Forgets all packets; their slots can be filled again. */
  reset(): void {
    this.#used = 0;
  }

  /** Fills free slots with what waits at `fd`. Returns the number of them; 0 also on any error. */
  receive(fd: number, socket: PacketSocket): number {
    const first = this.#used;
    const headers = this.#headers.address + first * MMSGHDR.words * 4;
    const count = this.#libc.recvmmsg(fd, headers, BATCH_SLOTS - first, MSG_DONTWAIT, 0);
    if (count <= 0) return 0; // Nothing there, or an error of one datagram (ICMP): the next may come.
    this.#used = first + count;
    for (let slot = first; slot < this.#used; slot += 1) this.#read(slot, socket);
    return count;
  }

  #prepare(slot: number): void {
    const { words } = this.#headers;
    const header = slot * MMSGHDR.words;
    const vector = slot * IOVEC.words;
    const slotAddress = this.address + slot * SLOT_BYTES + HEADROOM_BYTES;
    writeU64(this.#vectors.words, vector + IOVEC.baseLow, slotAddress);
    writeU64(this.#vectors.words, vector + IOVEC.lengthLow, MAX_DATAGRAM_BYTES);
    writeU64(words, header + MMSGHDR.nameLow, this.#names.address + slot * SOCKADDR.words * 4);
    writeU64(words, header + MMSGHDR.vectorLow, this.#vectors.address + vector * 4);
    writeU64(words, header + MMSGHDR.vectorCountLow, 1);
    words[header + MMSGHDR.nameLength] = SOCKADDR.ipv6Bytes;
  }

  #read(slot: number, socket: PacketSocket): void {
    const packet = (this.#packets[slot] ??= this.#createPacket(socket));
    const { words } = this.#headers;
    const header = slot * MMSGHDR.words;
    const truncated = ((words[header + MMSGHDR.flags] ?? 0) & MSG_TRUNC) !== 0;
    packet.offset = slot * SLOT_BYTES + HEADROOM_BYTES;
    packet.length = truncated ? -1 : (words[header + MMSGHDR.transferred] ?? 0);
    packet.socket = socket;
    readSockaddr(this.#names.words, slot * SOCKADDR.words, packet.from);
    words[header + MMSGHDR.nameLength] = SOCKADDR.ipv6Bytes; // The system wrote the real length here.
  }

  #createPacket(socket: PacketSocket): SlotPacket {
    return { buffer: this.buffer, offset: 0, length: 0, from: emptyAddress(), socket };
  }
}
