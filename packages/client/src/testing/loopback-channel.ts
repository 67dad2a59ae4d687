/**
 * One end of a data channel whose other end is in the same process. While the way between the two is
 * cut, what is reliable waits, and what is not is lost.
 * @module
 */
import { FakeChannel } from './fake-channel.ts';

/** What is sent: text, or bytes. */
type Message = string | Uint8Array<ArrayBuffer>;

/** See the module comment. */
export class LoopbackChannel extends FakeChannel {
  binaryType: BinaryType = 'arraybuffer';
  bufferedAmountLowThreshold = 0;
  readonly #reaches: () => boolean;
  #other: LoopbackChannel | undefined;
  #waiting: Message[] = [];
  #isFlushing = false;

  /** @param reaches whether messages arrive at this moment */
  constructor(label: string, init: RTCDataChannelInit, reaches: () => boolean) {
    super(label, init);
    this.#reaches = reaches;
  }

  /** Joins it with the other end; both are open from now on. */
  join(other: LoopbackChannel): void {
    if (this.readyState !== 'connecting' || other.readyState !== 'connecting') return;
    this.#other = other;
    other.#other = this;
    this.open();
    other.open();
  }

  override send(data: Message): void {
    if (this.readyState !== 'open') throw new DOMException('not open', 'InvalidStateError');
    if (this.init.maxRetransmits === 0 && !this.#reaches()) return;
    this.#waiting.push(typeof data === 'string' ? data : data.slice());
    this.bufferedAmount += data.length;
    void this.flush();
  }

  /** Delivers what waits, each message in a turn of its own. */
  async flush(): Promise<void> {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    await Promise.resolve();
    while (this.#waiting.length > 0 && this.#reaches()) {
      this.#deliverNext();
      await Promise.resolve();
    }
    this.#isFlushing = false;
  }

  close(): void {
    this.readyState = 'closed';
    this.#waiting = [];
  }

  #deliverNext(): void {
    const message = this.#waiting.shift() ?? '';
    const before = this.bufferedAmount;
    this.bufferedAmount -= message.length;
    const other = this.#other;
    if (other?.readyState === 'open') {
      other.deliver(typeof message === 'string' ? message : message.buffer);
    }
    const threshold = this.bufferedAmountLowThreshold;
    if (before > threshold && this.bufferedAmount <= threshold) {
      this.dispatchEvent(new Event('bufferedamountlow'));
    }
  }
}
