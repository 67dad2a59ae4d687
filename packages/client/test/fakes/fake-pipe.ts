/**
 * Two ends of a pipe without a network. The test decides when messages arrive, and when they get lost.
 * @module
 */
import type { Lane } from '../../src/data/lane.ts';
import { LOW_WATER_BYTES } from '../../src/data/pipe.ts';
import type { Pipe } from '../../src/data/pipe.ts';

/** See the module comment. */
export class FakePipe implements Pipe {
  #isOpen = false;
  /** How many messages are to be refused from now on. */
  refusals = 0;
  /** Everything that was sent and not refused. */
  readonly sent: Uint8Array[] = [];
  bufferedBytes = 0;
  /** Sees each message as it is sent. */
  onSent: (message: Uint8Array) => void = () => {};
  readonly #weight: number;
  #isLost = false;
  #waiting: Uint8Array[] = [];
  #lane: Lane | undefined;
  #other: FakePipe | undefined;

  /** @param weight how many bytes each byte counts: a heavy pipe is full soon */
  constructor(weight = 1) {
    this.#weight = weight;
  }

  /** Both ends, not open yet. */
  static pair(weight?: number): [FakePipe, FakePipe] {
    const left = new FakePipe(weight);
    const right = new FakePipe(weight);
    left.#other = right;
    right.#other = left;
    return [left, right];
  }

  /** Messages under way. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Tells this lane what happens. */
  feed(lane: Lane): void {
    this.#lane = lane;
  }

  send(message: Uint8Array<ArrayBuffer>): boolean {
    if (!this.#isOpen) return false;
    if (this.refusals > 0) {
      this.refusals -= 1;
      return false;
    }
    const copy = message.slice();
    this.sent.push(copy);
    this.onSent(copy);
    if (this.#isLost) return true;
    this.#waiting.push(copy);
    this.bufferedBytes += copy.length * this.#weight;
    return true;
  }

  open(): void {
    this.#isOpen = true;
    this.#lane?.opened(this);
  }

  /** Lets the oldest messages arrive; returns how many there were. */
  deliver(count = Infinity): number {
    let delivered = 0;
    for (; delivered < count; delivered += 1) {
      const before = this.bufferedBytes;
      const message = this.#waiting.shift();
      if (message === undefined) break;
      this.bufferedBytes -= message.length * this.#weight;
      this.#other?.arrive(message);
      if (before > LOW_WATER_BYTES && this.bufferedBytes <= LOW_WATER_BYTES) this.drain();
    }
    return delivered;
  }

  /** What the other end, or a hostile one, has sent. */
  arrive(message: Uint8Array): void {
    this.#lane?.receive(message);
  }

  drain(): void {
    this.#lane?.drained();
  }

  /** Nothing gets through any more, and this end does not notice. */
  lose(): void {
    this.#isLost = true;
    this.#waiting = [];
    this.bufferedBytes = 0;
  }

  /** Nothing gets through any more, and this end knows. */
  cut(): void {
    this.lose();
    this.#isOpen = false;
  }
}
