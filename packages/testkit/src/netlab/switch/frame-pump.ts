/**
 * Moves frames between the ports of a switch, through the queues of their cables, when they are due.
 * @module
 */
import { EthernetSwitch } from './ethernet-switch.ts';
import { FrameQueue } from './frame-queue.ts';
import type { CableShape } from './switch-messages.ts';

/** Timers of Node count whole milliseconds; a frame may leave so much early rather than late. */
const EARLY_MS = 0.5;

/** Where frames end: the host's own device. */
export interface FrameSink {
  write(frame: Buffer): void;
}

/** What a pump is built from. */
export interface FramePumpOptions {
  /** The device at each port. */
  readonly sinks: readonly FrameSink[];
  /** Milliseconds that only grow. */
  readonly now: () => number;
  readonly random: () => number;
  /** Calls back once after so many milliseconds. */
  readonly setTimer: (run: () => void, delayMs: number) => void;
}

interface Port {
  readonly sink: FrameSink;
  readonly up: FrameQueue<Buffer>;
  readonly down: FrameQueue<Buffer>;
}

/** The inside of a switch. */
export class FramePump {
  readonly #options: FramePumpOptions;
  readonly #switch: EthernetSwitch;
  readonly #ports: readonly Port[];
  /** When the earliest timer fires; infinite while there is none. */
  #wakeAtMs = Infinity;

  constructor(options: FramePumpOptions) {
    const { sinks, random } = options;
    this.#options = options;
    this.#switch = new EthernetSwitch(sinks.length);
    this.#ports = sinks.map((sink) => ({
      sink,
      up: new FrameQueue<Buffer>(random),
      down: new FrameQueue<Buffer>(random),
    }));
  }

  /** Changes a cable; holds from the next frame on. */
  shape(port: number, { up = {}, down = {} }: CableShape): void {
    const found = this.#ports[port];
    if (found === undefined) throw new RangeError(`The switch has no port ${port}`);
    found.up.shape = up;
    found.down.shape = down;
  }

  /** Takes a frame from the host at this port. */
  receive(port: number, frame: Buffer): void {
    this.#ports[port]?.up.push(frame, this.#options.now());
    this.#run();
  }

  /** Moves everything that is due, then waits for what is due next. */
  #run(): void {
    const byMs = this.#options.now() + EARLY_MS;
    for (const [index, { up }] of this.#ports.entries()) this.#takeIn(index, up, byMs);
    for (const { sink, down } of this.#ports) {
      for (let due = down.shift(byMs); due; due = down.shift(byMs)) sink.write(due.frame);
    }
    this.#wait();
  }

  #takeIn(index: number, up: FrameQueue<Buffer>, byMs: number): void {
    for (let due = up.shift(byMs); due; due = up.shift(byMs)) {
      const { frame, dueMs } = due;
      // From when it was due, not from now: the timer's error is made once, not once per cable.
      for (const port of this.#switch.route(frame, index))
        this.#ports[port]?.down.push(frame, dueMs);
    }
  }

  #wait(): void {
    const next = Math.min(
      ...this.#ports.flatMap(({ up, down }) => [
        up.nextDueMs ?? Infinity,
        down.nextDueMs ?? Infinity,
      ]),
    );
    if (next >= this.#wakeAtMs) return;
    this.#wakeAtMs = next;
    this.#options.setTimer(() => this.#wake(next), next - this.#options.now());
  }

  #wake(dueMs: number): void {
    // An earlier timer has been set since: it sets the next one itself.
    if (this.#wakeAtMs === dueMs) this.#wakeAtMs = Infinity;
    this.#run();
  }
}
