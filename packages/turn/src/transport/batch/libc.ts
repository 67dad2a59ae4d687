/**
 * The C library's socket calls through the optional `koffi` package. The only file that knows koffi:
 * nobody checks these declarations, a wrong pointer ends the process, and `koffi.node.poll` is not
 * documented as stable. Hence the self-test before the first use.
 * @see https://koffi.dev/functions
 * @module
 */

import type Koffi from 'koffi';

/** Libc calls. Pointers are numbers; -1 means failure, then `errno()` says why. */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: number, length: number): number;
  getsockname(fd: number, address: number, length: number): number;
  setsockopt(
    ...args: [fd: number, level: number, name: number, value: number, length: number]
  ): number;
  close(fd: number): number;
  recvmmsg(
    ...args: [fd: number, headers: number, count: number, flags: number, timeout: number]
  ): number;
  sendmmsg(fd: number, headers: number, count: number, flags: number): number;
  epollCreate(flags: number): number;
  epollControl(epoll: number, operation: number, fd: number, event: number): number;
  epollWait(epoll: number, events: number, capacity: number, timeoutMs: number): number;
  errno(): number;
  /** Address of the first byte. The memory must be off the JavaScript heap and kept referenced. */
  addressOf(memory: ArrayBufferLike): number;
  /** Calls back on Node's event loop whenever `fd` is readable, and keeps the process alive. */
  watch(fd: number, onReadable: () => void): Watch;
}

/** A running watch. */
export interface Watch {
  close(): void;
}

/** The calls of this machine's libc, or `undefined` where koffi or 64-bit Linux is missing. */
export async function loadLibc(): Promise<Libc | undefined> {
  if (process.platform !== 'linux') return undefined;
  if (process.arch !== 'x64' && process.arch !== 'arm64') return undefined;
  try {
    const { default: koffi } = await import('koffi');
    return declare(koffi);
  } catch {
    return undefined; // Not installed, no binary for this machine, or a symbol is missing.
  }
}

function declare(koffi: typeof Koffi): Libc {
  const library = koffi.load(null);
  const int = 'int';
  const pointer = 'uintptr_t';
  return {
    socket: library.func('socket', int, [int, int, int]),
    bind: library.func('bind', int, [int, pointer, 'uint']),
    getsockname: library.func('getsockname', int, [int, pointer, pointer]),
    setsockopt: library.func('setsockopt', int, [int, int, int, pointer, 'uint']),
    close: library.func('close', int, [int]),
    recvmmsg: library.func('recvmmsg', int, [int, pointer, 'uint', int, pointer]),
    sendmmsg: library.func('sendmmsg', int, [int, pointer, 'uint', int]),
    epollCreate: library.func('epoll_create1', int, [int]),
    epollControl: library.func('epoll_ctl', int, [int, int, int, pointer]),
    epollWait: library.func('epoll_wait', int, [int, pointer, int, int]),
    errno: () => koffi.errno(),
    addressOf: (memory) => Number(koffi.address(memory)),
    watch: (fd, onReadable) => koffi.node.poll(fd, { readable: true }, () => onReadable()),
  };
}
