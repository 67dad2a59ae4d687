import { FakeClock } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../clock.ts';
import type { AcmeOrder } from './acme-order.ts';
import { ORDER_LIMIT_MS, orderInTime } from './order-deadline.ts';
import type { PlaceOrder } from './order-deadline.ts';

const IDENTITY = { key: Buffer.from('key'), cert: Buffer.from('certificate') };

function setUp() {
  const time = new FakeClock();
  const clock: Clock = {
    now: time.now,
    unixSeconds: () => 0,
    setTimeout: time.setTimeout,
    clearTimeout: (timer) => {
      if (typeof timer === 'number') time.clearTimeout(timer);
    },
  };
  const proofs: (string | undefined)[] = [];
  const answers = new Map<string, string>();
  const order: AcmeOrder = {
    directoryUrl: 'https://acme.example/directory',
    accountKey: Buffer.alloc(0),
    email: undefined,
    name: 'calls.example.org',
    challenge: 'tls-alpn-01',
    place: {
      prove: (identity) => proofs.push(identity?.cert.toString()),
      answer: (token, text) => {
        if (text === undefined) answers.delete(token);
        else answers.set(token, text);
      },
    },
  };
  return { time, clock, proofs, answers, order };
}

describe('orderInTime', () => {
  it('gives what the authority gives, and leaves no timer behind', async () => {
    const { time, clock, order } = setUp();
    expect(await orderInTime(order, clock, async () => IDENTITY)).toBe(IDENTITY);
    expect(time.pendingTimers).toBe(0);
  });

  it('gives up after three minutes, says what to do, and takes everything back', async () => {
    const { time, clock, order, proofs, answers } = setUp();
    let finish: (() => void) | undefined;
    const slow: PlaceOrder = ({ place }) => {
      place.prove(IDENTITY);
      place.answer('token', 'text');
      return new Promise((_resolve, reject) => {
        finish = () => {
          place.prove(undefined);
          place.answer('late', 'text');
          reject(new Error('too late'));
        };
      });
    };
    const ordering = orderInTime(order, clock, slow);
    ordering.catch(() => {});
    time.advance(ORDER_LIMIT_MS - 1);
    expect([proofs, answers.size]).toEqual([['certificate'], 1]);
    time.advance(1);
    await expect(ordering).rejects.toMatchObject({
      code: 'ERR_ACME',
      message:
        'acme.example gave no certificate for calls.example.org: it has not finished after 180 seconds. ' +
        'Let the internet reach TCP port 443 of this machine, see whether the authority reports trouble, ' +
        'then start again in some minutes; a running server tries again by itself.',
    });
    expect([proofs, answers.size]).toEqual([['certificate', undefined], 0]);
    finish?.();
    expect([proofs.length, answers.size]).toEqual([2, 0]);
  });

  it('passes on why there is none', async () => {
    const { clock, order } = setUp();
    const ordering = orderInTime(order, clock, () => Promise.reject(new TypeError('refused')));
    await expect(ordering).rejects.toThrow('refused');
  });
});
