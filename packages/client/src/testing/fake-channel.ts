/**
 * A data channel that the test opens, and whose messages it plays.
 * @module
 */
import { FakeTarget } from './fake-target.ts';
import { asDom } from './dom.ts';

/** See the module comment. */
export class FakeChannel extends FakeTarget {
  readonly label: string;
  readonly init: RTCDataChannelInit;
  readonly sent: string[] = [];
  bufferedAmount = 0;
  readyState: RTCDataChannelState = 'connecting';

  constructor(label: string, init: RTCDataChannelInit) {
    super();
    this.label = label;
    this.init = init;
  }

  get dom(): RTCDataChannel {
    return asDom('channel', this);
  }

  send(data: string): void {
    this.sent.push(data);
  }

  open(): void {
    this.readyState = 'open';
    this.dispatchEvent(new Event('open'));
  }

  deliver(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}
