/**
 * The languages of the app, and which one a person reads. Pure.
 * @module
 */

/** A language the app speaks. */
export type Locale = 'en' | 'ko';

/** Every language with its own name for itself, in the order of the language menu. */
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = { en: 'English', ko: '한국어' };

/** All languages of the app. */
export const LOCALES: readonly Locale[] = ['en', 'ko'];

/** Narrows text from outside, such as a stored choice. */
export function isLocale(value: string | null | undefined): value is Locale {
  return LOCALES.some((locale) => locale === value);
}

/** The first of the `wanted` languages (`navigator.languages`) that the app speaks, or English. */
export function pickLocale(wanted: readonly string[]): Locale {
  const languages = wanted.map((tag) => tag.toLowerCase().split('-')[0]);
  return languages.find(isLocale) ?? 'en';
}
