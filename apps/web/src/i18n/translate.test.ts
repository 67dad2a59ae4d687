import { describe, expect, it } from 'vitest';
import { createTranslate } from './translate.ts';

const english = createTranslate<string>('en', {
  hello: 'Hello {name}, {name}!',
  people_one: '{count} person in {room}',
  people_other: '{count} people in {room}',
});

describe('createTranslate', () => {
  it('fills every occurrence of a placeholder', () => {
    expect(english('hello', { name: 'Ada' })).toBe('Hello Ada, Ada!');
  });

  it('chooses the plural form of the language', () => {
    expect(english('people', { count: 1, room: 'A' })).toBe('1 person in A');
    expect(english('people', { count: 0, room: 'A' })).toBe('0 people in A');
    const korean = createTranslate<string>('ko', { people_other: '{count}명' });
    expect(korean('people', { count: 1 })).toBe('1명');
  });

  it('writes numbers as the language does', () => {
    expect(english('people', { count: 1234, room: 'A' })).toBe('1,234 people in A');
  });

  it('does not read a value again: no placeholder or replacement pattern in it works', () => {
    expect(english('hello', { name: '{name} $& <b>' })).toBe('Hello {name} $& <b>, {name} $& <b>!');
  });

  it('shows what is missing instead of failing', () => {
    expect(english('unheard.of')).toBe('unheard.of');
    expect(english('hello')).toBe('Hello {name}, {name}!');
  });
});
