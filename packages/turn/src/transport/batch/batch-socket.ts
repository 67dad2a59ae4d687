/**
 * One UDP socket of the batch back end. Kept small: open mode has one per allocation.
 * @module
 */
import type { PacketReceiver, PacketSocket } from '../../engine/packet-socket.ts';
import type { TransportAddress } from '../../wire/transport-address.ts';
import { nextSocketId } from '../socket-id.ts';
import { emptyChain } from './send-queue.ts';
import type { RunChain, SendQueue } from './send-queue.ts';

/** What the sockets of one receiver share with their back end. */
export interface BatchSocketOwner {
  readonly receiver: PacketReceiver;
  readonly queue: SendQueue;
  /** The socket has something to send. Called again only after `flushListed`. */
  onUnflushed(socket: BatchSocket): void;
  /** The queue is full: flush everybody. */
  onFull(): void;
  onClose(socket: BatchSocket): void;
}

/** A bound socket, readable through the back end's epoll descriptor. */
export class BatchSocket implements PacketSocket {
  readonly transport = 'udp';
  readonly id: number = nextSocketId();
  readonly local: TransportAddress;
  readonly #chain: RunChain;
  readonly #owner: BatchSocketOwner;
  #isListed = false;
  #open = true;

  constructor(fd: number, local: TransportAddress, owner: BatchSocketOwner) {
    this.local = local;
    this.#chain = emptyChain(fd);
    this.#owner = owner;
  }

  get fd(): number {
    return this.#chain.fd;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get receiver(): PacketReceiver {
    return this.#owner.receiver;
  }

  send(buffer: Buffer, offset: number, length: number, to: TransportAddress): void {
    if (!this.#open) return;
    const { queue } = this.#owner;
    if (queue.isFull) this.#owner.onFull();
    const index = queue.stage(buffer, offset, length);
    if (index < 0) return;
    queue.add(this.#chain, index, to);
    if (this.#isListed) return;
    this.#isListed = true;
    this.#owner.onUnflushed(this);
  }

  /** Flush by the back end, which takes the socket off its list. */
  flushListed(): void {
    this.#isListed = false;
    this.flush();
  }

  flush(): void {
    this.#owner.queue.flush(this.#chain);
  }

  close(): void {
    if (!this.#open) return;
    this.flush();
    this.#open = false;
    this.#owner.onClose(this);
    process.nextTick(() => this.#owner.receiver.onSocketClosed(this));
  }
}
