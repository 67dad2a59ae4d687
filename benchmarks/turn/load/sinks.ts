/**
 * Many sockets of which a few have something: asks the system which, instead of asking each.
 * @module
 */
import type { Libc } from '../../../packages/turn/src/transport/batch/libc.ts';
import {
  EPOLLIN,
  EPOLL_CLOEXEC,
  EPOLL_CTL_ADD,
  epollEventLayout,
} from '../../../packages/turn/src/transport/batch/linux-abi.ts';
import { allocateWords } from '../../../packages/turn/src/transport/batch/native-memory.ts';
import type { NativeWords } from '../../../packages/turn/src/transport/batch/native-memory.ts';
import type { RawSocket } from './raw-socket.ts';

const MAX_EVENTS = 1024;

/** Where packets come out of a server. */
export class Sinks {
  readonly #libc: Libc;
  readonly #sockets: readonly RawSocket[];
  readonly #epoll: number;
  readonly #events: NativeWords;
  readonly #layout = epollEventLayout(process.arch);

  constructor(libc: Libc, sockets: readonly RawSocket[]) {
    this.#libc = libc;
    this.#sockets = sockets;
    this.#epoll = libc.epollCreate(EPOLL_CLOEXEC);
    this.#events = allocateWords(libc, MAX_EVENTS * this.#layout.words);
    for (const [index, { fd }] of sockets.entries()) {
      this.#events.words[0] = EPOLLIN;
      this.#events.words[this.#layout.dataLow] = index;
      libc.epollControl(this.#epoll, EPOLL_CTL_ADD, fd, this.#events.address);
    }
  }

  /** Takes what waits at the sockets and returns how much it was. */
  drain(): number {
    const { address, words } = this.#events;
    const ready = this.#libc.epollWait(this.#epoll, address, MAX_EVENTS, 0);
    let datagrams = 0;
    for (let event = 0; event < ready; event += 1) {
      const index = words[event * this.#layout.words + this.#layout.dataLow] ?? 0;
      datagrams += this.#sockets[index]?.drain() ?? 0;
    }
    return datagrams;
  }
}
