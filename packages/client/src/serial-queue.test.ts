import { describe, expect, it } from 'vitest';
import { SerialQueue } from './serial-queue.ts';

describe('SerialQueue', () => {
  it('starts a task when the one before is over', async () => {
    const log: string[] = [];
    const queue = new SerialQueue(() => {});
    void queue.add(async () => {
      log.push('first starts');
      await Promise.resolve();
      log.push('first ends');
    });
    await queue.add(() => Promise.resolve(void log.push('second')));
    expect(log).toEqual(['first starts', 'first ends', 'second']);
  });

  it('reports what a task throws and goes on', async () => {
    const errors: unknown[] = [];
    const log: string[] = [];
    const queue = new SerialQueue((error) => errors.push(error));
    void queue.add(() => Promise.reject(new Error('no')));
    await queue.add(() => Promise.resolve(void log.push('next')));
    expect(errors).toEqual([new Error('no')]);
    expect(log).toEqual(['next']);
  });

  it('starts nothing and reports nothing after close()', async () => {
    const errors: unknown[] = [];
    const log: string[] = [];
    const queue = new SerialQueue((error) => errors.push(error));
    const running = queue.add(async () => {
      await Promise.resolve();
      throw new Error('the connection is closed');
    });
    const waiting = queue.add(() => Promise.resolve(void log.push('never')));
    await Promise.resolve();
    queue.close();
    await Promise.all([running, waiting]);
    expect(errors).toEqual([]);
    expect(log).toEqual([]);
  });
});
