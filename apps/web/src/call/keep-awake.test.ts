import { afterEach, describe, expect, it, vi } from 'vitest';
import { keepAwake } from './keep-awake.ts';

/** A page that can be hidden, in a browser that keeps the screen on. */
function openPage(): { readonly locks: { released: boolean }[]; show(isVisible: boolean): void } {
  const locks: { released: boolean }[] = [];
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('document', page);
  vi.stubGlobal('navigator', {
    wakeLock: {
      request: async () => {
        const lock = { released: false, release: async () => void (lock.released = true) };
        locks.push(lock);
        return lock;
      },
    },
  });
  return {
    locks,
    show: (isVisible) => {
      page.visibilityState = isVisible ? 'visible' : 'hidden';
      page.dispatchEvent(new Event('visibilitychange'));
    },
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('keepAwake', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('keeps the screen on, and again after the page was hidden', async () => {
    const page = openPage();
    const undo = keepAwake();
    await settle();
    expect(page.locks).toHaveLength(1);

    page.show(false);
    page.show(true);
    await settle();
    expect(page.locks).toHaveLength(2);
    undo();
    await settle();
    expect(page.locks.at(-1)?.released).toBe(true);
  });

  it('gives a lock back that comes after the call', async () => {
    const page = openPage();
    keepAwake()();
    await settle();
    expect(page.locks).toMatchObject([{ released: true }]);
    page.show(true);
    await settle();
    expect(page.locks).toHaveLength(1);
  });

  it('does nothing where a browser cannot', () => {
    openPage();
    vi.stubGlobal('navigator', {});
    expect(() => keepAwake()()).not.toThrow();
  });
});
