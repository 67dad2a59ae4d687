/**
 * Slots for the frames of one batch of all stream connections. A frame is copied out of its chunk,
 * because packets need head room that is theirs alone.
 * @module
 */
import { HEADROOM_BYTES } from '../../engine/packet-socket.ts';
import type { PacketSocket, ReceivedPacket } from '../../engine/packet-socket.ts';
import { copyAddress, emptyAddress } from '../../wire/transport-address.ts';
import type { TransportAddress } from '../../wire/transport-address.ts';

const SLOTS = 64;
const SLOT_BYTES = 2048;

/** A packet while it is being filled in. */
interface SlotPacket extends ReceivedPacket {
  offset: number;
  length: number;
  socket: PacketSocket;
}

/** One frame to store. */
export interface Frame {
  readonly bytes: Buffer;
  readonly offset: number;
  readonly length: number;
}

/** Memory for at most {@link SLOTS} packets between two ends of a batch. */
export class FrameArena {
  readonly #buffer: Buffer = Buffer.allocUnsafeSlow(SLOTS * SLOT_BYTES);
  readonly #packets: SlotPacket[] = [];
  #used = 0;

  /** True when the batch has to end before another frame fits. */
  get isFull(): boolean {
    return this.#used === SLOTS;
  }

  /** Copies `frame` into a free slot. */
  store(frame: Frame, socket: PacketSocket, from: TransportAddress): ReceivedPacket {
    const slot = this.#used;
    this.#used += 1;
    const packet = (this.#packets[slot] ??= {
      buffer: this.#buffer,
      offset: 0,
      length: 0,
      from: emptyAddress(),
      socket,
    });
    packet.offset = slot * SLOT_BYTES + HEADROOM_BYTES;
    packet.length = frame.length;
    packet.socket = socket;
    copyAddress(packet.from, from);
    frame.bytes.copy(this.#buffer, packet.offset, frame.offset, frame.offset + frame.length);
    return packet;
  }

  /** Frees all slots. */
  reset(): void {
    this.#used = 0;
  }
}
