import { expect, it } from 'vitest';
import { isLocale, pickLocale } from './locale.ts';

it('pickLocale takes the first language it speaks, whatever the region', () => {
  expect(pickLocale(['ko-KR', 'en-US'])).toBe('ko');
  expect(pickLocale(['de', 'KO', 'en'])).toBe('ko');
  expect(pickLocale(['en-GB', 'ko'])).toBe('en');
});

it('pickLocale falls back to English', () => {
  expect(pickLocale([])).toBe('en');
  expect(pickLocale(['tlh', 'kok-IN'])).toBe('en');
});

it('isLocale accepts only what the app speaks', () => {
  expect(isLocale('ko')).toBe(true);
  expect(isLocale('fr')).toBe(false);
  expect(isLocale(null)).toBe(false);
});
