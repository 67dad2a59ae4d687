/**
 * A socket that keeps what is sent through it, and hands packets to a receiver the way the real
 * ones do: in a slot with head room and tail room, followed by the end of the batch.
 * @module
 */
import { HEADROOM_BYTES, TAILROOM_BYTES } from '../src/engine/packet-socket.ts';
import type { PacketReceiver, PacketSocket, PacketTransport } from '../src/engine/packet-socket.ts';
import { parseAddress } from '../src/wire/address-text.ts';
import { copyAddress, emptyAddress } from '../src/wire/transport-address.ts';
import type { TransportAddress } from '../src/wire/transport-address.ts';

/** One packet that left. */
export interface SentPacket {
  readonly bytes: Buffer;
  readonly to: TransportAddress;
}

interface Queued {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly length: number;
  readonly to: TransportAddress;
}

let lastId = 0;

/** Reads bytes only at `flush`, so that a test sees it when they were overwritten before. */
export class FakeSocket implements PacketSocket {
  readonly transport: PacketTransport;
  readonly id: number;
  readonly local: TransportAddress;
  readonly sent: SentPacket[] = [];
  isClosed = false;
  readonly #receiver: PacketReceiver;
  #queue: Queued[] = [];

  constructor(
    receiver: PacketReceiver,
    transport: PacketTransport = 'udp',
    local = '198.51.100.1',
  ) {
    lastId += 1;
    this.id = lastId;
    this.transport = transport;
    this.local = parseAddress(local, 3478) ?? emptyAddress();
    this.#receiver = receiver;
  }

  send(buffer: Buffer, offset: number, length: number, to: TransportAddress): void {
    const target = emptyAddress();
    copyAddress(target, to);
    this.#queue.push({ buffer, offset, length, to: target });
  }

  flush(): void {
    for (const { buffer, offset, length, to } of this.#queue) {
      this.sent.push({ bytes: Buffer.from(buffer.subarray(offset, offset + length)), to });
    }
    this.#queue = [];
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#receiver.onSocketClosed(this);
  }

  /** Delivers packets as one batch. */
  receive(from: TransportAddress, ...packets: readonly Uint8Array[]): void {
    for (const bytes of packets) {
      const buffer = Buffer.alloc(HEADROOM_BYTES + bytes.length + TAILROOM_BYTES, 0xee);
      buffer.set(bytes, HEADROOM_BYTES);
      const packet = { buffer, offset: HEADROOM_BYTES, length: bytes.length, from, socket: this };
      this.#receiver.onPacket(packet);
    }
    this.#receiver.onBatchEnd();
  }

  /** What was sent since the last call. */
  take(): SentPacket[] {
    return this.sent.splice(0);
  }
}
