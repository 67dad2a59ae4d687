import { expect, it } from 'vitest';
import { asDom } from '../testing/dom.ts';
import { measureFlow } from './flow.ts';

/** One end of a channel that loses every tenth message. */
class LossyEnd extends EventTarget {
  readonly readyState = 'open';
  bufferedAmount = 0;
  other: EventTarget = this;
  sent = 0;

  send(data: unknown): void {
    this.sent += 1;
    if (this.sent % 10 !== 0) this.other.dispatchEvent(new MessageEvent('message', { data }));
  }
}

/** Time passes when somebody waits. */
function hurriedPlatform(): {
  now: () => number;
  setTimer: (call: () => void, ms: number) => () => void;
} {
  let now = 0;
  return {
    now: () => now,
    setTimer: (call, delayMs) => {
      queueMicrotask(() => {
        now += delayMs;
        call();
      });
      return () => {};
    },
  };
}

const channelOf = (end: LossyEnd): RTCDataChannel => asDom('channel', end);

it('counts what arrives of what a call would send', async () => {
  const [near, far] = [new LossyEnd(), new LossyEnd()];
  near.other = far;
  const context = {
    url: '',
    token: undefined,
    signal: new AbortController().signal,
    platform: {
      ...hurriedPlatform(),
      mediaDevices: undefined,
      createConnection: (): never => {
        throw new Error('not here');
      },
    },
  };
  const pair = { near: channelOf(near), far: channelOf(far), roundTripMs: 1, close: () => {} };
  const { kilobits, lossPercent } = await measureFlow(context, pair);
  expect(lossPercent).toBeCloseTo(10, 0);
  expect(kilobits).toBeGreaterThan(2150);
  expect(kilobits).toBeLessThan(2300);
  near.bufferedAmount = 1_000_000;
  expect(await measureFlow(context, pair)).toEqual({ kilobits: 0, lossPercent: 100 });
});
