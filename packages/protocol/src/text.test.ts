import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DISPLAY_NAME_LENGTH, MAX_ROOM_NAME_LENGTH } from './limits.ts';
import { cleanDisplayName, parseRoomName } from './text.ts';

const ANY_TEXT = fc.string({ unit: 'binary', maxLength: 300 });
/** Code points that like to break text handling, mixed with ordinary ones. */
const NASTY_UNITS = [
  'a',
  'é',
  'e\u0301',
  '가',
  '👩',
  '\u200d',
  '\u200c',
  '\u202e',
  '\ufe0f',
  '\ud800',
  '\udc00',
  '\u0000',
  '\n',
  '\u2028',
  '\ufeff',
  '\u3164',
  '\u2800',
  '\u0301',
  '<',
  '&',
  ' ',
  '\u00a0',
];
const NASTY_TEXT = fc
  .array(fc.constantFrom(...NASTY_UNITS), { maxLength: 120 })
  .map((units) => units.join(''));

describe('parseRoomName', () => {
  it.each([
    ['daily', 'daily'],
    ['  daily \n', 'daily'],
    ['two\u00a0 words', 'two words'],
    ['e\u0301te\u0301', 'été'],
    ['수학 교실', '수학 교실'],
    ['❤\ufe0f', '❤\ufe0f'],
    ['<b>', '<b>'],
    ['__proto__', '__proto__'],
    ['x'.repeat(MAX_ROOM_NAME_LENGTH), 'x'.repeat(MAX_ROOM_NAME_LENGTH)],
  ])('SIG-12 takes %j as %j', (text, name) => {
    expect(parseRoomName(text)).toBe(name);
  });

  it.each([
    ['nothing', ''],
    ['white space only', ' \t\n\u00a0'],
    ['a control character', 'a\u0000b'],
    ['a bidi override', 'abc\u202edef'],
    ['a zero-width space', 'a\u200bb'],
    ['a lone surrogate', 'a\ud800'],
    ['a private-use character', '\ue000'],
    ['a Hangul filler', '\u3164'],
    ['a blank Braille cell alone', '\u2800'],
    ['a variation selector alone', '\ufe0f'],
    ['a combining mark alone', '\u0301'],
    ['one character too many', 'x'.repeat(MAX_ROOM_NAME_LENGTH + 1)],
    ['a megabyte', 'x'.repeat(1_000_000)],
    ['a number', 7],
    ['null', null],
    ['undefined', undefined],
    ['an object', { room: 'daily' }],
    ['an array', ['daily']],
  ])('SIG-12 refuses %s', (_what, value) => {
    expect(parseRoomName(value)).toBeUndefined();
  });

  it('SIG-12 is stable: a name it returned is returned again', () => {
    fc.assert(
      fc.property(fc.oneof(ANY_TEXT, NASTY_TEXT), (text) => {
        const name = parseRoomName(text);
        expect(parseRoomName(name)).toBe(name);
      }),
    );
  });
});

describe('cleanDisplayName', () => {
  it.each([
    ['plain text', 'Ada', 'Ada'],
    ['markup, as text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['Hangul, composed', '\u1112\u1161\u11ab', '한'],
    ['white space, folded', '  Ada \t\r\n Lovelace ', 'Ada Lovelace'],
    ['controls, as white space', 'Ada\u0000\u0007Lovelace', 'Ada Lovelace'],
    ['no bidi override', 'Ada\u202egpj.exe', 'Adagpj.exe'],
    ['no zero-width space', 'A\u200bd\ufeffa', 'Ada'],
    ['an emoji family', '👩\u200d👩\u200d👧', '👩\u200d👩\u200d👧'],
    ['an emoji with skin and heart', '👩🏽\u200d❤\ufe0f\u200d👨🏿', '👩🏽\u200d❤\ufe0f\u200d👨🏿'],
    ['a Persian name', 'علی\u200cرضا', 'علی\u200cرضا'],
    ['a Sinhala name', 'ශ්\u200dරී', 'ශ්\u200dරී'],
    ['no joiners in a row', '👩\u200d\u200d👧', '👩👧'],
    ['nothing', '', ''],
    ['nothing visible', '\u200b\u202e\ufeff \u3164\u2800\ufe0f', ''],
    ['joiners alone', '\u200d\u200c', ''],
    ['lone surrogates', '\ud800Ada\udc00', 'Ada'],
  ])('SIG-13 keeps %s', (_what, text, name) => {
    expect(cleanDisplayName(text)).toBe(name);
  });

  it('SIG-13 cuts a long name, never in the middle of a character', () => {
    const odd = `x${'👩'.repeat(MAX_DISPLAY_NAME_LENGTH)}`;
    const name = cleanDisplayName(odd);
    expect(name).toBe(`x${'👩'.repeat(31)}`);
    expect(name.length).toBeLessThanOrEqual(MAX_DISPLAY_NAME_LENGTH);
  });

  it('SIG-13 leaves no joiner at the cut', () => {
    expect(cleanDisplayName(`${'x'.repeat(61)}👩\u200d👧`)).toBe(`${'x'.repeat(61)}👩`);
  });

  it('SIG-13 gives short well-formed text without invisible characters, whatever comes in', () => {
    fc.assert(
      fc.property(fc.oneof(ANY_TEXT, NASTY_TEXT), (text) => {
        const name = cleanDisplayName(text);
        expect(name.length).toBeLessThanOrEqual(MAX_DISPLAY_NAME_LENGTH);
        expect(name).toBe(name.normalize('NFC'));
        expect(name).not.toMatch(
          /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200b\ufeff]/u,
        );
        expect(cleanDisplayName(name)).toBe(name);
      }),
      { numRuns: 1000 },
    );
  });
});
