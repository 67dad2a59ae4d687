/**
 * UDP in batches on Linux: one wake-up reads up to 128 datagrams of all sockets with few calls, and
 * what the receiver sends meanwhile leaves together. Sockets share one epoll descriptor, which
 * Node's event loop watches.
 * @module
 */
import type {
  PacketReceiver,
  PacketSocket,
  UdpBackend,
  UdpBindOptions,
} from '../../engine/packet-socket.ts';
import { emptyTransportCounters } from '../transport-counters.ts';
import type { TransportCounters } from '../transport-counters.ts';
import { BatchSocket } from './batch-socket.ts';
import type { Libc, Watch } from './libc.ts';
import { EPOLLIN, EPOLL_CLOEXEC, EPOLL_CTL_ADD, epollEventLayout } from './linux-abi.ts';
import { allocateWords } from './native-memory.ts';
import type { NativeWords } from './native-memory.ts';
import { SCRATCH_WORDS, openUdpSocket, systemError } from './open-udp-socket.ts';
import { BATCH_SLOTS, ReceiveBlock } from './receive-block.ts';
import { SendQueue } from './send-queue.ts';

/** Sockets asked per `epoll_wait`. */
const MAX_EVENTS = 64;

/** Full batches per wake-up: the event loop gets its turn after about a thousand packets. */
const MAX_ROUNDS = 8;

/** A socket gets at least this many slots, or the batch ends first. */
const MIN_FREE_SLOTS = 16;

/** What the back end is built from. */
export interface BatchBackendOptions {
  readonly libc: Libc;
  /** @default counters nobody reads */
  readonly counters?: TransportCounters;
  /** Sends runs of equal datagrams as one message (UDP_SEGMENT). @default true */
  readonly segmentation?: boolean;
}

/** Creates the batch back end. It holds the process only while a socket is open. */
export function createBatchBackend(options: BatchBackendOptions): UdpBackend {
  const loop = new BatchLoop(options);
  return {
    name: 'batch',
    bind: async (bindOptions) => loop.bind(bindOptions),
  };
}

class BatchLoop {
  readonly #libc: Libc;
  readonly #counters: TransportCounters;
  readonly #received: ReceiveBlock;
  readonly #queue: SendQueue;
  readonly #sockets = new Map<number, BatchSocket>();
  readonly #unflushed: BatchSocket[] = [];
  readonly #receivers: PacketReceiver[] = [];
  readonly #events: NativeWords;
  readonly #scratch: NativeWords;
  readonly #eventLayout = epollEventLayout(process.arch);
  #poll: { readonly fd: number; readonly watch: Watch } | undefined;

  constructor({ libc, counters, segmentation }: BatchBackendOptions) {
    this.#libc = libc;
    this.#counters = counters ?? emptyTransportCounters();
    this.#received = new ReceiveBlock(libc);
    this.#queue = new SendQueue({
      libc,
      source: this.#received,
      counters: this.#counters,
      segmentation: segmentation ?? true,
    });
    this.#scratch = allocateWords(libc, SCRATCH_WORDS);
    this.#events = allocateWords(libc, MAX_EVENTS * this.#eventLayout.words);
  }

  bind(options: UdpBindOptions): PacketSocket {
    const { fd, local } = openUdpSocket(this.#libc, {
      ...options,
      reusePort: options.reusePort ?? false,
      scratch: this.#scratch,
    });
    const socket = new BatchSocket(fd, local, {
      receiver: options.receiver,
      queue: this.#queue,
      onUnflushed: (sender) => this.#unflushed.push(sender),
      onFull: () => this.#flushAll(),
      onClose: (closed) => this.#forget(closed),
    });
    this.#poll ??= this.#startPolling();
    this.#events.words[0] = EPOLLIN;
    this.#events.words[this.#eventLayout.dataLow] = socket.id;
    if (this.#libc.epollControl(this.#poll.fd, EPOLL_CTL_ADD, fd, this.#events.address) !== 0) {
      const error = systemError(this.#libc, 'epoll_ctl', options);
      this.#forget(socket);
      throw error;
    }
    this.#sockets.set(socket.id, socket);
    return socket;
  }

  #startPolling(): { fd: number; watch: Watch } {
    const fd = this.#libc.epollCreate(EPOLL_CLOEXEC);
    return { fd, watch: this.#libc.watch(fd, () => this.#onReadable()) };
  }

  #forget(socket: BatchSocket): void {
    this.#sockets.delete(socket.id);
    this.#libc.close(socket.fd);
    if (this.#sockets.size > 0 || this.#poll === undefined) return;
    this.#unflushed.length = 0;
    this.#poll.watch.close();
    this.#libc.close(this.#poll.fd);
    this.#poll = undefined;
  }

  #onReadable(): void {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      if (!this.#receiveRound()) return;
    }
  }

  /** Takes one batch of every readable socket. True when more is likely to be waiting. */
  #receiveRound(): boolean {
    if (this.#poll === undefined) return false;
    const { address, words } = this.#events;
    const ready = this.#libc.epollWait(this.#poll.fd, address, MAX_EVENTS, 0);
    let isMoreLikely = ready === MAX_EVENTS;
    for (let index = 0; index < ready; index += 1) {
      const id = words[index * this.#eventLayout.words + this.#eventLayout.dataLow] ?? 0;
      const socket = this.#sockets.get(id);
      if (socket !== undefined && this.#receiveFrom(socket)) isMoreLikely = true;
    }
    this.#endBatch();
    return isMoreLikely;
  }

  /** True when all free slots were filled. */
  #receiveFrom(socket: BatchSocket): boolean {
    if (BATCH_SLOTS - this.#received.used < MIN_FREE_SLOTS) this.#endBatch();
    const first = this.#received.used;
    const count = this.#received.receive(socket.fd, socket);
    const { receiver } = socket;
    if (count > 0 && !this.#receivers.includes(receiver)) this.#receivers.push(receiver);
    for (let slot = first; slot < first + count; slot += 1) {
      const packet = this.#received.packet(slot);
      if (packet === undefined || !socket.isOpen) continue;
      if (packet.length < 0) this.#counters.udpOversized += 1;
      else receiver.onPacket(packet);
    }
    return this.#received.used === BATCH_SLOTS;
  }

  #endBatch(): void {
    for (const receiver of this.#receivers) receiver.onBatchEnd();
    this.#receivers.length = 0;
    this.#flushAll(); // Whatever a receiver forgot: its slots are about to be filled again.
    this.#received.reset();
  }

  #flushAll(): void {
    if (this.#unflushed.length === 0) return;
    for (const socket of this.#unflushed) socket.flushListed();
    this.#unflushed.length = 0;
  }
}
