/**
 * The receiving half of one channel from one peer: puts messages together again, drops what comes a
 * second time, and says how far it has got once the application has taken the messages. On an
 * unreliable channel messages come in any order, and those that nobody takes in time are dropped.
 * Sans I/O.
 * @module
 */
import { FIRST, LAST, TEXT } from './frame.ts';
import { MAX_PAYLOAD_BYTES, MAX_QUEUED_BYTES } from './data-limits.ts';
import type { Frame } from './frame.ts';
import { joinBytes } from './join-bytes.ts';
import type { Message } from './outgoing-stream.ts';

/** One end of a named channel. */
export interface LaneReceiver {
  /** `release` is to be called once, when the message does not take up memory any more. */
  received(message: Message, release: () => void): void;
  /** The other side dropped what was sent: nobody there has opened the channel. */
  unheard(): void;
}

/** An ack goes out when so many frames have been taken; what the sender keeps in vain is not more. */
export const FRAMES_PER_ACK = 16;
/** Unreliable messages that the application may leave untaken. */
const MAX_UNTAKEN = 256;
/** Parts of the largest message. */
const MAX_PARTS: number = MAX_QUEUED_BYTES / MAX_PAYLOAD_BYTES;

/** See the module comment. */
export class IncomingStream {
  readonly receiver: LaneReceiver;
  readonly #isReliable: boolean;
  readonly #sendAck: (number: number) => void;
  /** Number of the frame that comes next; the first one of all has any number. */
  #next: number | undefined;
  #parts: Uint8Array[] | undefined;
  /** Messages that the application has not taken. */
  #untaken = 0;
  /** Every frame below has been taken; one below the other has been acknowledged. */
  #taken = 0;
  #acked = 0;

  constructor(isReliable: boolean, receiver: LaneReceiver, sendAck: (number: number) => void) {
    this.#isReliable = isReliable;
    this.receiver = receiver;
    this.#sendAck = sendAck;
  }

  /** Takes a frame. Of a reliable channel only the one that comes next is of interest. */
  receive(frame: Frame): void {
    const { number } = frame;
    const isWanted = this.#isReliable
      ? number === (this.#next ?? number)
      : this.#untaken < MAX_UNTAKEN;
    if (!isWanted) return;
    const next = number + 1;
    this.#next = next;
    const message = this.#assemble(frame);
    if (message !== undefined) {
      this.#untaken += 1;
      this.receiver.received(message, () => {
        this.#untaken -= 1;
        this.#take(next);
      });
    } else if (this.#untaken === 0) this.#take(next);
  }

  /** Says how far it has got; a new pipe needs that once more. */
  acknowledge(): void {
    this.#acked = this.#taken;
    if (this.#taken > 0) this.#sendAck(this.#taken);
  }

  /** Everything below `number` has been taken; behind it there may be parts of a message to come. */
  #take(number: number): void {
    this.#taken = this.#untaken > 0 ? number : (this.#next ?? number);
    if (this.#taken - this.#acked >= FRAMES_PER_ACK) this.acknowledge();
  }

  /** Adds a frame to the message it belongs to; returns the message when it is complete. */
  #assemble({ flags, payload }: Frame): Message | undefined {
    if (flags & FIRST) this.#parts = [];
    const parts = this.#parts;
    if (parts === undefined) return undefined; // the channel was opened in the middle of a message
    parts.push(payload);
    const isComplete = flags & LAST;
    if (isComplete || parts.length > MAX_PARTS) this.#parts = undefined;
    return isComplete ? { bytes: joinBytes(parts), isText: (flags & TEXT) > 0 } : undefined;
  }
}
