/**
 * The keys that can be translated, read off the English messages by the compiler.
 * @module
 */
import type callWords from './locales/en-call.json';
import type panelWords from './locales/en-panel.json';
import type problemWords from './locales/en-problem.json';
import type toolWords from './locales/en-tool.json';
import type testWords from './locales/en-test.json';
import type firstWords from './locales/en.json';
import type { Translate } from './translate.ts';

type PluralCategory = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other';
type WithoutCategory<Key> = Key extends `${infer Base}_${PluralCategory}` ? Base : Key;

/** A message of the app, without its plural category. */
export type MessageKey = WithoutCategory<
  | keyof typeof firstWords
  | keyof typeof callWords
  | keyof typeof panelWords
  | keyof typeof problemWords
  | keyof typeof toolWords
  | keyof typeof testWords
>;

/** The translator of the app. */
export type AppTranslate = Translate<MessageKey>;
