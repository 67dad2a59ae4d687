/**
 * Gathers the bytes of many connections and hands them to another thread in one message: a message
 * costs as much as relaying several packets.
 * @module
 */
import type { StreamBytes } from './thread-messages.ts';

/** Hands over `data`; the buffers are given away with it. */
export type Deliver = (data: readonly StreamBytes[], buffers: readonly ArrayBuffer[]) => void;

/** One direction between two threads. */
export class ByteCourier {
  readonly #deliver: Deliver;
  readonly #schedule: (task: () => void) => unknown;
  #waiting: StreamBytes[] = [];

  /** `schedule` says how long to gather, for instance until the end of this turn. */
  constructor(deliver: Deliver, schedule: (task: () => void) => unknown) {
    this.#deliver = deliver;
    this.#schedule = schedule;
  }

  /** Takes bytes, which belong to nobody else from now on. */
  add(stream: number, bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#waiting.length === 0) this.#schedule(() => this.#leave());
    this.#waiting.push({ stream, bytes });
  }

  #leave(): void {
    const data = this.#waiting;
    this.#waiting = [];
    this.#deliver(
      data,
      data.map(({ bytes }) => bytes.buffer),
    );
  }
}
