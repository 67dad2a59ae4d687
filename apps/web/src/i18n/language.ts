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

/**
 * Words that belong together. `call`: those of the call itself, which nobody needs before they have
 * joined. `panel`: those of the panels beside the people. `problem`: help for devices that do not start.
 * `tool`: those of what is wanted in few calls, such as a recording. `test`: those of the test of the connection.
 */
type Part = 'first' | 'call' | 'panel' | 'problem' | 'tool' | 'test';

/** The first words of English come with the app; everything else is fetched when somebody reads it. */
const LOADERS: Readonly<Record<Locale, Readonly<Record<Part, () => Promise<Messages>>>>> = {
  en: {
    first: () => Promise.resolve(english),
    call: async () => (await import('./locales/en-call.json')).default,
    panel: async () => (await import('./locales/en-panel.json')).default,
    problem: async () => (await import('./locales/en-problem.json')).default,
    tool: async () => (await import('./locales/en-tool.json')).default,
    test: async () => (await import('./locales/en-test.json')).default,
  },
  ko: {
    first: async () => (await import('./locales/ko.json')).default,
    call: async () => (await import('./locales/ko-call.json')).default,
    panel: async () => (await import('./locales/ko-panel.json')).default,
    problem: async () => (await import('./locales/ko-problem.json')).default,
    tool: async () => (await import('./locales/ko-tool.json')).default,
    test: async () => (await import('./locales/ko-test.json')).default,
  },
};

const parts = new Set<Part>(['first']);

const current = signal<{ readonly locale: Locale; readonly messages: Messages }>({
  locale: 'en',
  messages: english,
});
const translate = computed(() =>
  createTranslate<MessageKey>(current.value.locale, current.value.messages),
);

/** What was asked for last: it counts, whichever is fetched first. */
let wantedLocale: Locale = current.value.locale;

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

/** Fetches words besides the first ones. Rejects when they cannot be fetched. */
export async function loadWords(...wanted: readonly Part[]): Promise<void> {
  for (const part of wanted) parts.add(part);
  await showLanguage(wantedLocale);
}

/** A part of the app that is being fetched, once the words that it shows are there, too. */
export async function withWords<Module>(
  fetched: Promise<Module>,
  ...wanted: readonly Part[]
): Promise<Module> {
  const [module] = await Promise.all([fetched, loadWords(...wanted)]);
  return module;
}

async function showLanguage(wanted: Locale): Promise<void> {
  wantedLocale = wanted;
  try {
    const loaded = await Promise.all([...parts].map((part) => LOADERS[wanted][part]()));
    if (wanted !== wantedLocale) return;
    // Words that were asked for later may have come earlier: they stay.
    const { locale: shown, messages } = current.value;
    const kept = shown === wanted ? messages : {};
    current.value = { locale: wanted, messages: Object.assign({}, kept, ...loaded) };
  } catch (error) {
    if (wanted === wantedLocale) wantedLocale = current.value.locale;
    throw error;
  }
}
