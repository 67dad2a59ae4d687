/**
 * The sending half of one channel to one peer. Messages are cut into numbered frames. On a reliable
 * channel each frame is kept until the other side has taken it, so that a new pipe can be given what
 * the old one lost; on another one a message waits only until there is a newer one.
 * Sans I/O: hands out frames, never sends.
 * @module
 */
import { dataError } from './data-error.ts';
import { encodeFrame, FIRST, LAST, TEXT } from './frame.ts';
import { MAX_PAYLOAD_BYTES, MAX_QUEUED_BYTES } from './data-limits.ts';

/** A message, as bytes. */
export interface Message {
  readonly bytes: Uint8Array;
  /** The bytes are JSON text. */
  readonly isText: boolean;
}

/** A message on its way out. Its bytes must not change until it is settled. */
export interface OutgoingMessage extends Message {
  /** The browser has all of it, or never will for this reason. Only the first call counts. */
  readonly settle: (error?: unknown) => void;
}

/** A frame that the other side has not taken yet. */
interface KeptFrame {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The message that ends here, until it is settled. */
  message: OutgoingMessage | undefined;
}

/** See the module comment. */
export class OutgoingStream {
  readonly #name: string;
  readonly #windowFrames: number;
  #queue: OutgoingMessage[] = [];
  #queuedBytes = 0;
  /** How much of the first message in the queue has been cut off. */
  #cutBytes = 0;
  #kept: KeptFrame[] = [];
  /** How many of the kept frames the present pipe has been given. */
  #given = 0;
  #nextNumber = 0;

  /** @param windowFrames most that are kept at a time; 0 for an unreliable channel */
  constructor(name: string, windowFrames: number) {
    this.#name = name;
    this.#windowFrames = windowFrames;
  }

  /** Appends a message. */
  push(message: OutgoingMessage): void {
    const [waiting] = this.#queue;
    if (waiting !== undefined) {
      if (this.#windowFrames === 0) {
        this.withdraw(waiting);
        waiting.settle();
      } else if (this.#queuedBytes + message.bytes.length > MAX_QUEUED_BYTES) {
        const advice = 'Too much is waiting to be sent. Await send() before more.';
        return message.settle(dataError('ERR_DATA_BACKLOG', advice));
      }
    }
    this.#queue.push(message);
    this.#queuedBytes += message.bytes.length;
  }

  /** Takes a message back, unless its beginning has been sent. */
  withdraw(message: OutgoingMessage): void {
    const index = this.#queue.indexOf(message);
    if (index > 0 || (index === 0 && this.#cutBytes === 0)) this.#remove(index);
  }

  /** The frame to be sent next; `undefined` when there is none, or the other side must take some first. */
  peek(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#given === this.#kept.length) this.#cut();
    return this.#kept[this.#given]?.bytes;
  }

  /** The frame of `peek` has been sent. */
  advance(): void {
    const frame = this.#kept[this.#given];
    this.#given += 1;
    frame?.message?.settle();
    if (frame !== undefined) frame.message = undefined;
    if (this.#windowFrames === 0) this.acknowledge(this.#nextNumber);
  }

  /** The other side has taken every frame below `number`. */
  acknowledge(number: number): void {
    const taken = number - this.#nextNumber + this.#kept.length;
    if (!(taken > 0)) return;
    for (const { message } of this.#kept.splice(0, taken)) message?.settle();
    this.#given = Math.max(0, this.#given - taken);
  }

  /** A new pipe has been given nothing yet. */
  rewind(): void {
    this.#given = 0;
  }

  /** Settles everything that waits. */
  close(error: unknown): void {
    for (const message of [...this.#kept.map((frame) => frame.message), ...this.#queue]) {
      message?.settle(error);
    }
    this.#kept = [];
    this.#queue = [];
  }

  /** Cuts the next frame off the queue, unless too many are kept already. */
  #cut(): void {
    const [message] = this.#queue;
    if (
      message === undefined ||
      (this.#kept.length > 0 && this.#kept.length >= this.#windowFrames)
    ) {
      return;
    }
    const start = this.#cutBytes;
    this.#cutBytes += MAX_PAYLOAD_BYTES;
    const payload = message.bytes.subarray(start, this.#cutBytes);
    const isLast = this.#cutBytes >= message.bytes.length;
    const flags = (start > 0 ? 0 : FIRST) | (isLast ? LAST : 0) | (message.isText ? TEXT : 0);
    const bytes = encodeFrame(flags, this.#nextNumber, this.#name, payload);
    this.#nextNumber += 1;
    this.#kept.push({ bytes, message: isLast ? message : undefined });
    if (isLast) this.#remove(0);
  }

  #remove(index: number): void {
    const [message] = this.#queue.splice(index, 1);
    this.#queuedBytes -= message?.bytes.length ?? 0;
    if (index === 0) this.#cutBytes = 0;
  }
}
