import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { announce, announcements, OVERLAP_MS } from './announcer.ts';

const texts = (): string[] => announcements.value.map(({ text }) => text);

describe('announcements', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    // What was said last stays: the first test begins as the others do.
    announce('before');
    vi.runAllTimers();
  });
  afterEach(() => void vi.useRealTimers());

  it('of one moment are all said, in their order', () => {
    announce('Muted');
    announce('Bob left');
    expect(texts()).toEqual(['before', 'Muted', 'Bob left']);
  });

  it('that say the same are two', () => {
    announce('Muted');
    announce('Muted');
    expect(texts().slice(1)).toEqual(['Muted', 'Muted']);
    expect(new Set(announcements.value.map(({ id }) => id)).size).toBe(3);
  });

  it('go some time after the next one has come; the last one stays', () => {
    announce('Muted');
    vi.advanceTimersByTime(OVERLAP_MS);
    expect(texts()).toEqual(['Muted']);
    announce('Bob left');
    vi.advanceTimersByTime(OVERLAP_MS - 1);
    announce('Eve left');
    expect(texts()).toEqual(['Muted', 'Bob left', 'Eve left']);
    vi.advanceTimersByTime(1);
    expect(texts()).toEqual(['Bob left', 'Eve left']);
    vi.runAllTimers();
    expect(texts()).toEqual(['Eve left']);
  });
});
