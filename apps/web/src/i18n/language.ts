/**
 * The language on screen: chosen from the browser's list, switched by the person, remembered.
 * @module
 */
import { computed, effect, signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import { readPreference, writePreference } from '../ui/preferences.ts';
import english from './locales/en.json' with { type: 'json' };
import { isLocale, pickLocale } from './locale.ts';
import type { Locale } from './locale.ts';
import type { AppTranslate, MessageKey } from './message-key.ts';
import { createTranslate } from './translate.ts';
import type { Messages } from './translate.ts';

/** English comes with the app; every other language is fetched when somebody reads it. */
const LOADERS: Readonly<Record<Locale, () => Promise<Messages>>> = {
  en: () => Promise.resolve(english),
  ko: async () => (await import('./locales/ko.json')).default,
};

const current = signal<{ readonly locale: Locale; readonly messages: Messages }>({
  locale: 'en',
  messages: english,
});
const translate = computed(() =>
  createTranslate<MessageKey>(current.value.locale, current.value.messages),
);

/** The language on screen. */
export const locale: ReadonlySignal<Locale> = computed(() => current.value.locale);

/** Translates; a component that calls it is drawn again when the language changes. */
export const t: AppTranslate = (key, parameters) => translate.value(key, parameters);

/** Loads the language this person reads and keeps `<html lang>` in step. Call once, before drawing. */
export async function startLanguage(): Promise<void> {
  const stored = readPreference('locale');
  const wanted = isLocale(stored) ? stored : pickLocale(navigator.languages);
  effect(() => {
    document.documentElement.lang = locale.value;
  });
  await showLanguage(wanted).catch(() => undefined); // Without its messages English stays.
}

/** Switches to `wanted` and remembers it. */
export async function chooseLanguage(wanted: Locale): Promise<void> {
  writePreference('locale', wanted);
  await showLanguage(wanted);
}

async function showLanguage(wanted: Locale): Promise<void> {
  current.value = { locale: wanted, messages: await LOADERS[wanted]() };
}
