import { describe, expect, it } from 'vitest';
import { Gate } from '../../test/fakes/gate.ts';
import { Sequence } from './sequence.ts';

describe('Sequence', () => {
  it('gives results in the order of the calls', async () => {
    const gate = new Gate();
    const sequence = new Sequence();
    const order: string[] = [];
    const slow = sequence.run(() => gate.opened.then(() => order.push('slow')));
    const quick = sequence.run(() => Promise.resolve(order.push('quick')));
    gate.open();
    await Promise.all([slow, quick]);
    expect(order).toEqual(['slow', 'quick']);
  });

  it('goes on after a failure, which only its own caller sees', async () => {
    const sequence = new Sequence();
    const failing = sequence.run(() => Promise.reject(new RangeError('no')));
    const next = sequence.run(() => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow(RangeError);
    await expect(next).resolves.toBe('yes');
  });
});
