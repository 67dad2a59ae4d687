/**
 * Proves at start-up that the batch back end works on this machine: declarations of foreign
 * functions are checked by nobody, and sandboxes forbid single calls.
 * @module
 */
import type { PacketReceiver, PacketSocket, ReceivedPacket } from '../../engine/packet-socket.ts';
import { isSameAddress } from '../../wire/transport-address.ts';
import { createBatchBackend } from './batch-backend.ts';
import type { Libc } from './libc.ts';

/** Sizes of what is sent: two runs that can leave as one message each, the last one cut short. */
const SIZES = [700, 700, 700, 90, 1200, 1200];

/** Loopback answers in microseconds; this long means never. */
const PATIENCE_MS = 2000;

/**
 * Sends datagrams from one loopback socket to another and compares every byte.
 *
 * @returns false when anything differs, fails, or does not wake the event loop
 */
export async function passesSelfTest(libc: Libc, segmentation: boolean): Promise<boolean> {
  const backend = createBatchBackend({ libc, segmentation });
  const probe = new Probe();
  const opened: PacketSocket[] = [];
  try {
    const target = { host: '127.0.0.1', port: 0, family: 4, receiver: probe } as const;
    const [receiver, sender] = [await backend.bind(target), await backend.bind(target)];
    opened.push(receiver, sender);
    probe.expected = sender;
    for (const [index, size] of SIZES.entries()) {
      sender.send(Buffer.alloc(size, index + 1), 0, size, receiver.local);
    }
    sender.flush();
    return await probe.finished();
  } catch {
    return false;
  } finally {
    for (const socket of opened) socket.close();
  }
}

class Probe implements PacketReceiver {
  expected: PacketSocket | undefined;
  #received = 0;
  #settle: (isGood: boolean) => void = () => {};

  finished(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS, false);
      this.#settle = (isGood) => {
        clearTimeout(timer);
        resolve(isGood);
      };
    });
  }

  onPacket(packet: ReceivedPacket): void {
    const size = SIZES[this.#received] ?? 0;
    this.#received += 1;
    const { buffer, offset, length, from } = packet;
    const bytes = buffer.subarray(offset, offset + length);
    const isSender = this.expected !== undefined && isSameAddress(from, this.expected.local);
    const isWhole = bytes.equals(Buffer.alloc(size, this.#received));
    if (!isSender || !isWhole) this.#settle(false);
    else if (this.#received === SIZES.length) this.#settle(true);
  }

  onBatchEnd(): void {
    // Nothing is sent back.
  }

  onSocketClosed(): void {
    // The test closes its own sockets.
  }
}
