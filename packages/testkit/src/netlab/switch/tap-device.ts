/**
 * A network device whose cable ends in this process: what the host sends can be read here as Ethernet
 * frames, and frames written here arrive at the host. Needs the optional package `koffi`.
 * @see https://docs.kernel.org/networking/tuntap.html
 * @module
 */
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { declareNamespaceLibc, inNamespace } from '../namespace-entry.ts';
import type { NamespaceLibc } from '../namespace-entry.ts';

const TUN = '/dev/net/tun';
const TUNSETIFF = 0x4004_54ca;
const IFF_TAP = 0x0002;
/** Frames as they are, without four bytes of packet information in front. */
const IFF_NO_PI = 0x1000;
/** Layout of `struct ifreq`: the name, then the flags. */
const IFREQ = { bytes: 40, flagsOffset: 16, maxNameBytes: 15 } as const;

/** A frame of 1500 bytes and its head fit; nothing larger is ever sent, the device has no offloads. */
const MAX_FRAME_BYTES = 2_048;

/** What Node cannot do by itself. */
export interface TapLibc extends NamespaceLibc {
  ioctl(fd: number, request: number, argument: Buffer): number;
  watch(fd: number, onReadable: () => void): { close(): void };
}

/** The calls of this machine's libc. @throws when koffi is not installed */
export async function loadTapLibc(): Promise<TapLibc> {
  const { default: koffi } = await import('koffi');
  return {
    ...declareNamespaceLibc(koffi),
    ioctl: koffi.load(null).func('ioctl', 'int', ['int', 'ulong', 'void *']),
    watch: (fd, onReadable) => koffi.node.poll(fd, { readable: true }, () => onReadable()),
  };
}

/** Makes a device of this name in a network namespace, and opens its other end here. */
export function openTap(libc: TapLibc, namespace: string, device: string): TapDevice {
  return new TapDevice(
    libc,
    inNamespace(libc, namespace, () => createTap(libc, device)),
  );
}

function createTap(libc: TapLibc, device: string): number {
  if (device.length > IFREQ.maxNameBytes) throw new RangeError(`"${device}" is too long a name`);
  const fd = openSync(TUN, constants.O_RDWR | constants.O_NONBLOCK);
  const request = Buffer.alloc(IFREQ.bytes);
  request.write(device, 'ascii');
  request.writeUInt16LE(IFF_TAP | IFF_NO_PI, IFREQ.flagsOffset);
  if (libc.ioctl(fd, TUNSETIFF, request) === 0) return fd;
  const errno = libc.errno();
  closeSync(fd);
  throw new Error(`TUNSETIFF failed for ${device}, errno ${errno}`);
}

/** This end of the cable. The device disappears with the process. */
export class TapDevice {
  readonly #libc: TapLibc;
  readonly #fd: number;
  readonly #buffer = Buffer.alloc(MAX_FRAME_BYTES);
  #watch: { close(): void } | undefined;

  constructor(libc: TapLibc, fd: number) {
    this.#libc = libc;
    this.#fd = fd;
  }

  /** Calls back for every frame that the host sends, with memory of the callback's own. */
  listen(onFrame: (frame: Buffer) => void): void {
    // Kept in a field: a watch that nobody refers to is collected, and stops.
    this.#watch = this.#libc.watch(this.#fd, () => {
      for (let frame = this.#read(); frame !== undefined; frame = this.#read()) onFrame(frame);
    });
  }

  /** Delivers a frame to the host; it is lost when the host has its device down. */
  write(frame: Buffer): void {
    try {
      writeSync(this.#fd, frame);
    } catch (error) {
      if (!hasCode(error, 'EIO')) throw error;
    }
  }

  close(): void {
    this.#watch?.close();
    closeSync(this.#fd);
  }

  #read(): Buffer | undefined {
    try {
      const bytes = readSync(this.#fd, this.#buffer);
      return Buffer.from(this.#buffer.subarray(0, bytes));
    } catch (error) {
      if (hasCode(error, 'EAGAIN')) return undefined;
      throw error;
    }
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
