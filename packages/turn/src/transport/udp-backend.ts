/**
 * Chooses how UDP is done: in batches where the machine allows it, through `dgram` elsewhere.
 * @module
 */
import type { UdpBackend } from '../engine/packet-socket.ts';
import { createBatchBackend } from './batch/batch-backend.ts';
import { loadLibc } from './batch/libc.ts';
import type { Libc } from './batch/libc.ts';
import { passesSelfTest } from './batch/self-test.ts';
import { createDgramBackend } from './dgram-backend.ts';
import { emptyTransportCounters } from './transport-counters.ts';
import type { TransportCounters } from './transport-counters.ts';

/** `auto` takes `batch` where it works and `dgram` elsewhere. */
export type UdpBackendChoice = 'auto' | 'batch' | 'dgram';

/** Finds the system calls; `undefined` where there are none to be had. */
export type FindLibc = () => Promise<Libc | undefined>;

/** How to do UDP. */
export interface UdpBackendOptions {
  /** @default 'auto' */
  readonly backend?: UdpBackendChoice;
  /** @default counters nobody reads */
  readonly counters?: TransportCounters;
}

/**
 * Creates the back end all UDP sockets of one thread come from.
 *
 * @param findLibc how the system calls are found
 * @throws {Error} when `batch` is demanded and does not work on this machine
 */
export async function createUdpBackend(
  options: UdpBackendOptions = {},
  findLibc: FindLibc = loadLibc,
): Promise<UdpBackend> {
  const { backend = 'auto', counters = emptyTransportCounters() } = options;
  if (backend === 'dgram') return createDgramBackend(counters);
  const libc = await findLibc();
  if (libc !== undefined) {
    for (const segmentation of [true, false]) {
      if (await passesSelfTest(libc, segmentation)) {
        return createBatchBackend({ libc, counters, segmentation });
      }
    }
  }
  if (backend === 'auto') return createDgramBackend(counters);
  throw new Error('UDP in batches needs 64-bit Linux and the optional package "koffi"');
}
