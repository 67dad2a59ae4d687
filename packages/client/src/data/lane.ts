/**
 * A lane: one way of delivery to one peer, over a pipe that may be replaced at any moment. Many named
 * channels share a lane, in turns. On a reliable lane every message arrives exactly once and in order.
 * Sans I/O but for the pipe.
 * @module
 */
import { ACK, decodeFrame, encodeFrame, HELLO, UNHEARD } from './frame.ts';
import { IncomingStream } from './incoming-stream.ts';
import type { LaneReceiver } from './incoming-stream.ts';
import { OutgoingStream } from './outgoing-stream.ts';
import type { OutgoingMessage } from './outgoing-stream.ts';
import { HIGH_WATER_BYTES, LOW_WATER_BYTES } from './pipe.ts';
import type { Pipe } from './pipe.ts';

/** See the module comment. Its owner must `close` it. */
export class Lane {
  readonly #instance: number;
  readonly #windowFrames: number;
  readonly #outgoing = new Map<string, OutgoingStream>();
  readonly #incoming = new Map<string, IncomingStream>();
  /** The one that opened last. */
  #pipe: Pipe | undefined;
  #congested = false;
  #remoteInstance: number | undefined;
  #refusal: unknown;

  /**
   * @param instance any number that tells this object from one that takes its place
   * @param windowFrames most that one channel may have on its way; 0 makes the lane unreliable
   */
  constructor(instance: number, windowFrames: number) {
    this.#instance = instance;
    this.#windowFrames = windowFrames;
  }

  /**
   * Sends through this pipe from now on. What the pipe before had not delivered is sent again; the other
   * side drops what it has. What comes through an older one is heard as well.
   */
  opened(pipe: Pipe): void {
    this.#pipe = pipe;
    this.#send(HELLO, this.#instance);
    for (const stream of this.#incoming.values()) stream.acknowledge();
    for (const stream of this.#outgoing.values()) stream.rewind();
    this.drained();
  }

  /** The pipe can take more. */
  drained(): void {
    this.#congested = false;
    this.#pump();
  }

  /** Takes a message from a pipe. */
  receive(bytes: Uint8Array): void {
    const frame = decodeFrame(bytes);
    if (frame === undefined) return;
    const { flags, number, name } = frame;
    const incoming = this.#incoming.get(name);
    if (flags & HELLO) this.#meet(number);
    else if (flags & ACK) {
      if (flags & UNHEARD) incoming?.receiver.unheard();
      this.#outgoing.get(name)?.acknowledge(number);
      this.#pump();
    } else if (incoming === undefined) this.#send(ACK | UNHEARD, number + 1, name);
    else incoming.receive(frame);
  }

  /** Opens a channel; what comes for channels that are not open is dropped. */
  listen(name: string, receiver: LaneReceiver): void {
    const stream: IncomingStream = new IncomingStream(
      this.#windowFrames > 0,
      receiver,
      (number) => {
        // The application may take a message after the sender has been replaced by another one.
        if (this.#incoming.get(name) === stream) this.#send(ACK, number, name);
      },
    );
    this.#incoming.set(name, stream);
  }

  /** Sends a message as soon as it can be sent. */
  send(name: string, message: OutgoingMessage): void {
    if (this.#refusal !== undefined) return message.settle(this.#refusal);
    const stream = this.#outgoing.get(name) ?? new OutgoingStream(name, this.#windowFrames);
    this.#outgoing.set(name, stream);
    stream.push(message);
    this.#pump();
  }

  /** Takes a message back, as far as it has not been sent; it is not settled then. */
  withdraw(name: string, message: OutgoingMessage): void {
    this.#outgoing.get(name)?.withdraw(message);
    this.#pump();
  }

  /** Settles everything that waits, and all that is sent later, with `error`. */
  close(error: unknown): void {
    this.#refusal = error;
    this.#incoming.clear();
    for (const stream of this.#outgoing.values()) stream.close(error);
    this.#outgoing.clear();
  }

  /** Another object at the other end counts its frames anew. */
  #meet(instance: number): void {
    const before = this.#remoteInstance ?? instance;
    this.#remoteInstance = instance;
    if (instance === before) return;
    for (const [name, { receiver }] of this.#incoming) this.listen(name, receiver);
  }

  /** One frame of each channel in turn, for as long as the pipe takes them. */
  #pump(): void {
    for (let given = true; given;) {
      given = false;
      for (const stream of this.#outgoing.values()) given = this.#give(stream) || given;
    }
  }

  #give(stream: OutgoingStream): boolean {
    const pipe = this.#pipe;
    if (pipe === undefined || this.#congested) return false;
    const limitBytes = this.#windowFrames > 0 ? HIGH_WATER_BYTES : LOW_WATER_BYTES;
    this.#congested = pipe.bufferedBytes > limitBytes;
    const frame = this.#congested ? undefined : stream.peek();
    if (frame === undefined) return false;
    // A pipe that refuses says when it can take more, or another one comes.
    this.#congested = !pipe.send(frame);
    if (!this.#congested) stream.advance();
    return !this.#congested;
  }

  #send(flags: number, number: number, name?: string): void {
    this.#pipe?.send(encodeFrame(flags, number, name));
  }
}
