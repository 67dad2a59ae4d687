/**
 * Two connections that carry nothing but data channels: those with the same id are joined. The test
 * opens them, and decides when messages arrive.
 * @module
 */
import type { PipeConnection } from '../../src/data/peer-pipes.ts';
import { asDom } from '../../src/testing/dom.ts';

/** One end of a data channel. */
export class DataChannelEnd extends EventTarget {
  readonly init: RTCDataChannelInit;
  readyState: RTCDataChannelState = 'connecting';
  binaryType = 'blob';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  /** Makes `send` throw, as a browser does whose queue is full. */
  isFull = false;
  other: DataChannelEnd | undefined;
  #waiting: ArrayBuffer[] = [];

  constructor(init: RTCDataChannelInit) {
    super();
    this.init = init;
  }

  send(data: Uint8Array<ArrayBuffer>): void {
    if (this.readyState !== 'open') throw new DOMException('not open', 'InvalidStateError');
    if (this.isFull) throw new DOMException('queue full', 'OperationError');
    this.#waiting.push(data.slice().buffer);
    this.bufferedAmount += data.length;
  }

  open(): void {
    this.readyState = 'open';
    this.dispatchEvent(new Event('open'));
  }

  close(): void {
    this.readyState = 'closed';
    this.#waiting = [];
  }

  /** Lets arrive what was sent; returns how many messages there were. */
  deliver(): number {
    const waiting = this.#waiting;
    const before = this.bufferedAmount;
    this.#waiting = [];
    this.bufferedAmount = 0;
    for (const data of waiting) this.other?.arrive(data);
    const isLow = before > this.bufferedAmountLowThreshold;
    if (isLow && this.readyState === 'open') this.dispatchEvent(new Event('bufferedamountlow'));
    return waiting.length;
  }

  arrive(data: unknown): void {
    if (this.readyState !== 'closed') this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

/** One end of a connection. */
export class DataConnection implements PipeConnection {
  readonly channels = new Map<number, DataChannelEnd>();
  #other: DataConnection | undefined;

  /** Two ends of one connection. */
  static pair(): [DataConnection, DataConnection] {
    const [left, right] = [new DataConnection(), new DataConnection()];
    left.#other = right;
    right.#other = left;
    return [left, right];
  }

  createDataChannel(_label: string, init: RTCDataChannelInit = {}): RTCDataChannel {
    const end = new DataChannelEnd(init);
    const id = init.id ?? -1;
    const other = this.#other?.channels.get(id);
    if (other !== undefined) {
      end.other = other;
      other.other = end;
    }
    this.channels.set(id, end);
    return asDom('channel', end);
  }

  open(): void {
    for (const channel of this.channels.values()) channel.open();
  }

  close(): void {
    for (const channel of this.channels.values()) channel.close();
  }

  deliver(): number {
    return [...this.channels.values()].reduce((sum, channel) => sum + channel.deliver(), 0);
  }
}
