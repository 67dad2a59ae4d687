import { describe, expect, it } from 'vitest';
import { settle } from '../testing/settle.ts';
import { OnDemand } from './on-demand.ts';
import type { Follow } from './on-demand.ts';

interface Count {
  readonly count: number;
}

function setUp(follow: Follow<Count> = () => Promise.resolve()) {
  const runs: { readonly set: (next: Count) => void; readonly signal: AbortSignal }[] = [];
  const store = new OnDemand<Count>({ count: 0 }, (set, signal) => {
    runs.push({ set, signal });
    return follow(set, signal);
  });
  return { store, runs };
}

describe('OnDemand', () => {
  it('does nothing until somebody watches', () => {
    const { store, runs } = setUp();
    expect(runs).toEqual([]);
    expect(store.snapshot).toEqual({ count: 0 });
  });

  it('follows once for many, and ends with the last one', () => {
    const { store, runs } = setUp();
    const [first, second] = [store.subscribe(() => {}), store.subscribe(() => {})];
    expect(runs).toHaveLength(1);
    runs[0]?.set({ count: 3 });
    expect(store.snapshot.count).toBe(3);
    first();
    expect(runs[0]?.signal.aborted).toBe(false);
    second();
    second();
    expect(runs[0]?.signal.aborted).toBe(true);
    expect(store.snapshot.count).toBe(0);
  });

  it('hears nothing of what has ended', () => {
    const { store, runs } = setUp();
    store.subscribe(() => {})();
    store.subscribe(() => {});
    runs[0]?.set({ count: 1 });
    expect(store.snapshot.count).toBe(0);
    runs[1]?.set({ count: 2 });
    expect(store.snapshot.count).toBe(2);
  });

  it('stays as it is when following fails', async () => {
    const { store } = setUp(() => Promise.reject(new Error('the code did not load')));
    store.subscribe(() => {});
    await settle();
    expect(store.snapshot).toEqual({ count: 0 });
  });
});
