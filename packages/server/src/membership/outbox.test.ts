import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Outbox } from './outbox.ts';

const LIMITS = { entries: 4, bytes: 100 };

function setUp(limits = LIMITS, seq?: number) {
  let now = 0;
  const outbox = new Outbox<string>(limits, () => now, seq);
  const add = (...signals: string[]): void => {
    for (const signal of signals) outbox.add(signal, 10);
  };
  const since = (lastSeen: number): string[] | undefined =>
    outbox.since(lastSeen)?.map(({ seq: number, signal }) => `${number}${signal}`);
  return { outbox, add, since, advance: (ms: number) => (now += ms) };
}

describe('Outbox', () => {
  it('SIG-62 numbers what is sent from 1 on', () => {
    const { outbox, add, since } = setUp();
    expect([outbox.add('a', 1), outbox.add('b', 1)]).toEqual([1, 2]);
    add('c');
    expect(since(1)).toEqual(['2b', '3c']);
    expect(since(3)).toEqual([]);
  });

  it('SIG-66 knows when something that was missed is not here any more', () => {
    const { add, since } = setUp();
    add('a', 'b', 'c', 'd', 'e', 'f');
    expect(since(2)).toEqual(['3c', '4d', '5e', '6f']);
    expect(since(1)).toBeUndefined();
    expect(since(7)).toBeUndefined();
  });

  it('SIG-66 has a limit in bytes', () => {
    const { outbox, since } = setUp();
    outbox.add('large', 60);
    outbox.add('larger', 70);
    expect(since(1)).toEqual(['2larger']);
    outbox.add('too large', 101);
    expect(since(2)).toBeUndefined();
    expect(since(3)).toEqual([]);
  });

  it('SIG-66 can be given more room, and less', () => {
    const { outbox, add, since } = setUp();
    outbox.limit({ entries: 6, bytes: 100 });
    add('a', 'b', 'c', 'd', 'e', 'f');
    expect(since(0)).toHaveLength(6);
    outbox.limit(LIMITS);
    expect(since(0)).toBeUndefined();
    expect(since(2)).toHaveLength(4);
  });

  it('SIG-66 forgets what has arrived long ago', () => {
    const { outbox, add, since, advance } = setUp();
    add('a');
    advance(1000);
    add('b');
    outbox.forgetOlderThan(999);
    expect(since(0)).toBeUndefined();
    expect(since(1)).toEqual(['2b']);
    outbox.forgetOlderThan(0);
    expect(since(1)).toEqual(['2b']);
  });

  it('SIG-67 goes on counting where another process has stopped', () => {
    const { outbox, add, since } = setUp(LIMITS, 7);
    add('a');
    expect(since(7)).toEqual(['8a']);
    expect(since(6)).toBeUndefined();
    outbox.restart(3);
    expect(outbox.add('b', 1)).toBe(9);
    outbox.restart(20);
    expect([since(9), since(20)]).toEqual([undefined, []]);
  });

  it('SIG-66 gives all of what was missed in order, or nothing', () => {
    const sizes = fc.array(fc.nat(60), { maxLength: 20 });
    fc.assert(
      fc.property(sizes, fc.nat(22), (all, lastSeen) => {
        const { outbox } = setUp();
        for (const [index, bytes] of all.entries()) outbox.add(`${index + 1}`, bytes);
        const missed = outbox.since(lastSeen);
        if (missed === undefined) return;
        const numbers = missed.map(({ seq }) => seq);
        expect(numbers).toEqual(all.map((_, index) => index + 1).slice(lastSeen));
        expect(missed.map(({ signal }) => Number(signal))).toEqual(numbers);
      }),
    );
  });
});
