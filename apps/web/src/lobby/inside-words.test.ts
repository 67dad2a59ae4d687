import { expect, it } from 'vitest';
import english from '../i18n/locales/en.json' with { type: 'json' };
import korean from '../i18n/locales/ko.json' with { type: 'json' };
import type { MessageKey } from '../i18n/message-key.ts';
import { createTranslate } from '../i18n/translate.ts';
import { insideWords } from './inside-words.ts';

const en = createTranslate<MessageKey>('en', english);
const ko = createTranslate<MessageKey>('ko', korean);

it.each([
  [0, [], 'Nobody else is here yet.'],
  [1, ['Ada'], 'Ada is here.'],
  [2, ['Ada', 'Bob'], 'Ada and Bob are here.'],
  [2, ['Ada'], 'Ada and 1 other are here.'],
  [1, [], '1 person is here.'],
  [3, [], '3 people are here.'],
  [9, ['Ada', 'Bob', 'Cyd', 'Dan'], 'Ada, Bob, Cyd, and 6 others are here.'],
])('%i inside, named %j: %s', (count, names, sentence) => {
  expect(insideWords(en, { count, names }, 'en')).toBe(sentence);
});

it('in Korean', () => {
  expect(insideWords(ko, { count: 0, names: [] }, 'ko')).toBe('아직 아무도 없어요.');
  expect(insideWords(ko, { count: 3, names: ['민지', '하준'] }, 'ko')).toContain('민지');
});
