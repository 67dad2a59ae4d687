import { describe, expect, it } from 'vitest';
import { AVATAR_COLORS, avatarColor, initials } from './initials.ts';

describe('initials', () => {
  it.each([
    ['Ada Lovelace', 'AL'],
    ['  grace  brewster hopper ', 'GH'],
    ['ada', 'A'],
    ['Ada Lovelace (she/her)', 'AL'],
    ['Ada <b>x</b>', 'A'],
    ['김민수', '김'],
    ['👩‍👩‍👧 family', '👩‍👩‍👧F'],
    ['<b>x</b>', '<'],
    ['', ''],
  ])('of %j are %j', (name, expected) => {
    expect(initials(name)).toBe(expected);
  });
});

describe('avatarColor', () => {
  it('stays the same for a name and inside the palette', () => {
    for (const name of ['Ada', 'Grace', '민수', '', '👩‍👩‍👧']) {
      expect(avatarColor(name)).toBe(avatarColor(name));
      expect(avatarColor(name)).toBeGreaterThanOrEqual(0);
      expect(avatarColor(name)).toBeLessThan(AVATAR_COLORS);
    }
  });

  it('tells most names apart', () => {
    const names = Array.from({ length: 60 }, (_, index) => `Person ${index}`);
    expect(new Set(names.map((name) => avatarColor(name))).size).toBe(AVATAR_COLORS);
  });
});
