/**
 * The file descriptors that a relay thread has opened by plain system calls. They belong to the process: a
 * thread that is terminated or runs out of memory leaves them open, and its port taken. The record lies in
 * memory that both threads see, so that the main thread can close what was left.
 * @module
 */
import type { Libc } from '../transport/batch/libc.ts';

/** One byte for each number that a process may have; higher ones are not noted. */
const MAX_DESCRIPTORS = 65_536;
const CLOSED = 0;
const OPEN = 1;

/** See the module comment. */
export class DescriptorRecord {
  /** To be handed to the other thread. */
  readonly memory: Uint8Array<SharedArrayBuffer>;

  constructor(memory: Uint8Array<SharedArrayBuffer> = emptyMemory()) {
    this.memory = memory;
  }

  /** The same system calls, which note what they open and close. */
  noting(libc: Libc): Libc {
    const opened = (fd: number): number => {
      if (this.#fits(fd)) Atomics.store(this.memory, fd, OPEN);
      return fd;
    };
    return {
      ...libc,
      socket: (domain, type, protocol) => opened(libc.socket(domain, type, protocol)),
      epollCreate: (flags) => opened(libc.epollCreate(flags)),
      close: (fd) => {
        // Before the system gives the number to somebody else.
        if (this.#fits(fd)) Atomics.store(this.memory, fd, CLOSED);
        return libc.close(fd);
      },
    };
  }

  /** What is still open. Only to be asked when the thread is gone. */
  get left(): readonly number[] {
    return Array.from(this.memory.keys()).filter((fd) => this.memory[fd] === OPEN);
  }

  /** Closes what is still open. Only to be called when the thread is gone. */
  closeLeft({ close }: Pick<Libc, 'close'>): void {
    for (const fd of this.left) {
      this.memory[fd] = CLOSED;
      close(fd);
    }
  }

  #fits(fd: number): boolean {
    return fd >= 0 && fd < this.memory.length;
  }
}

function emptyMemory(): Uint8Array<SharedArrayBuffer> {
  return new Uint8Array(new SharedArrayBuffer(MAX_DESCRIPTORS));
}
