import { describe, expect, it, vi } from 'vitest';
import { Store } from './observable.ts';

class Counter extends Store<{ readonly count: number; readonly label: string }> {
  constructor() {
    super({ count: 0, label: '' });
  }

  set(count: number): void {
    this.update({ count });
  }
}

describe('Store', () => {
  it('gives a new frozen snapshot after a change', () => {
    const counter = new Counter();
    const before = counter.snapshot;
    counter.set(1);
    expect(counter.snapshot).toEqual({ count: 1, label: '' });
    expect(before).toEqual({ count: 0, label: '' });
    expect(Object.isFrozen(counter.snapshot)).toBe(true);
  });

  it('keeps the snapshot and stays silent when nothing has changed', () => {
    const counter = new Counter();
    const before = counter.snapshot;
    const onChange = vi.fn<() => void>();
    counter.subscribe(onChange);
    counter.set(0);
    expect(counter.snapshot).toBe(before);
    expect(onChange).not.toHaveBeenCalled();
  });

  it('shows the new snapshot to those it tells', () => {
    const counter = new Counter();
    const seen: number[] = [];
    counter.subscribe(() => seen.push(counter.snapshot.count));
    counter.set(1);
    counter.set(2);
    expect(seen).toEqual([1, 2]);
  });

  it('subscribe() returns its own undo, also when the same function subscribed twice', () => {
    const counter = new Counter();
    const onChange = vi.fn<() => void>();
    const undo = counter.subscribe(onChange);
    counter.subscribe(onChange);
    undo();
    counter.set(1);
    expect(onChange).toHaveBeenCalledTimes(1);
  });
});
