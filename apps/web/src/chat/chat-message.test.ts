import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_MESSAGES, mergeMessages, parseHistory, parseMessage } from './chat-message.ts';

const message = (id: string, at: number) => ({ id, at, name: 'Ada', text: `text ${id}` });

describe('chat messages', () => {
  it('takes what it sends, and drops every other member', () => {
    expect(parseMessage({ ...message('a', 1), html: '<b>' })).toEqual(message('a', 1));
  });

  it.each([
    null,
    'text',
    {},
    { ...message('a', 1), text: ' ' },
    { ...message('a', 1), text: 'x'.repeat(4001) },
    { ...message('', 1) },
    { ...message('a', Number.NaN) },
    { ...message('a', 1), name: 7 },
  ])('takes nothing else: %j', (data) => {
    expect(parseMessage(data)).toBeUndefined();
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), (data) => {
        expect(parseHistory(data).length).toBeLessThanOrEqual(MAX_MESSAGES);
        expect(['object', 'undefined']).toContain(typeof parseMessage(data));
      }),
    );
  });

  it('merges by the time of writing, each message once', () => {
    const known = [message('b', 2), message('d', 4)];
    const merged = mergeMessages(known, [message('a', 1), message('b', 2), message('c', 3)]);
    expect(merged.map(({ id }) => id).join('')).toBe('abcd');
    expect(mergeMessages(known, [message('b', 2)])).toBe(known);
  });

  it('keeps no more than there is room for', () => {
    const many = Array.from({ length: MAX_MESSAGES + 5 }, (_, at) => message(`${at}`, at));
    expect(mergeMessages([], many)).toHaveLength(MAX_MESSAGES);
    expect(mergeMessages([], many)[0]?.id).toBe('5');
  });
});
