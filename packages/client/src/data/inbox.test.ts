import { describe, expect, it } from 'vitest';
import { Inbox } from './inbox.ts';

/** An inbox, and what has been taken from it. */
function open() {
  const taken: string[] = [];
  const inbox = new Inbox<string>();
  const push = (item: string): void => inbox.push(item, () => taken.push(item));
  return { inbox, push, taken };
}

describe('Inbox', () => {
  it('gives what came before and what comes after it was asked', async () => {
    const { inbox, push, taken } = open();
    push('a');
    expect(taken).toEqual([]);
    expect(await inbox.next()).toBe('a');
    const waiting = inbox.next();
    push('b');
    push('c');
    expect(await waiting).toBe('b');
    expect(taken).toEqual(['a', 'b']);
    expect(await inbox.next()).toBe('c');
  });

  it('ends when it is closed, after what had come already', async () => {
    const { inbox, push } = open();
    push('a');
    inbox.close();
    expect(await inbox.next()).toBe('a');
    expect(await inbox.next()).toBeUndefined();
  });

  it('ends for a reader that is waiting', async () => {
    const { inbox } = open();
    const waiting = inbox.next();
    inbox.close();
    expect(await waiting).toBeUndefined();
  });

  it('gives back the memory of what it drops', () => {
    const { inbox, push, taken } = open();
    for (const item of ['a', 'b']) push(item);
    inbox.drop();
    inbox.drop();
    expect(taken).toEqual(['a', 'b']);
  });
});
