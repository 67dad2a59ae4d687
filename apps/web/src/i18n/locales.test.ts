import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LOCALES } from './locale.ts';
import type { Messages } from './translate.ts';

const SOURCES = join(import.meta.dirname, '..');
const PLURAL_SUFFIX = /_(zero|one|two|few|many|other)$/u;

const messages = new Map(LOCALES.map((locale) => [locale as string, readMessages(locale)]));
const english = messages.get('en') ?? {};
const baseKeys = new Set(Object.keys(english).map((key) => key.replace(PLURAL_SUFFIX, '')));
const pluralKeys = new Set(
  Object.keys(english)
    .filter((key) => PLURAL_SUFFIX.test(key))
    .map((key) => key.replace(PLURAL_SUFFIX, '')),
);

function readMessages(locale: string): Messages {
  return Object.assign(
    {},
    ...['', '-call', '-panel', '-problem', '-tool', '-test'].map((part) => readFile(locale + part)),
  );
}

function readFile(name: string): Messages {
  const path = join(import.meta.dirname, 'locales', `${name}.json`);
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const entries = Object.entries(parsed ?? {});
  return Object.fromEntries(entries.map(([key, value]): [string, string] => [key, String(value)]));
}

/** Every key an app source mentions: all of them are written out as one string, never glued. */
function readUsedKeys(folder = /^/u): ReadonlySet<string> {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' });
  const sources = files.filter(
    (file) => folder.test(file) && /\.tsx?$/u.test(file) && !/\.test\.tsx?$/u.test(file),
  );
  const texts = sources.map((file) => readFileSync(join(SOURCES, file), 'utf8'));
  const literals = texts.join('\n').match(/["'][a-z]\w*(?:\.\w+)+["']/gu) ?? [];
  return new Set(literals.map((literal) => literal.slice(1, -1)));
}

function originalOf(key: string): string {
  return english[key] ?? english[key.replace(PLURAL_SUFFIX, '_other')] ?? '';
}

function placeholders(message: string): readonly string[] {
  return [...new Set(message.match(/\{\w+\}/gu) ?? [])].toSorted();
}

describe('messages', () => {
  it('has a text for every key in the sources, and no text without a use', () => {
    const used = readUsedKeys();
    const namespaces = new Set([...baseKeys].map((key) => key.split('.')[0]));
    const usedKeys = [...used].filter((key) => namespaces.has(key.split('.')[0]));
    expect(usedKeys.toSorted()).toEqual([...baseKeys].toSorted());
  });

  it.each([
    [
      'en-call',
      /^(?!call\/|twins\/|idle\/|invite\/|panel\/|signs\/|saving\/|recording\/|window\/|chat\/|details\/|settings\/)/u,
    ],
    ['en-panel', /^(?!call\/people-panel|call\/door-settings|chat\/|details\/|settings\/)/u],
    [
      'en-tool',
      /^(?!saving\/busy-card|twins\/twin-card|blur\/blur-panel|idle\/still-there-card|call\/muted-hint-card|call\/(?:locked|share)-problem|call\/door-toasts|invite\/qr-card|recording\/|call\/more-panel)/u,
    ],
    ['en-problem', /^(?!lobby\/media-problem)/u],
    ['en-test', /^(?!test\/)/u],
  ])('%s has no word that is needed where it has not been fetched', (file, outside) => {
    const own = Object.keys(readFile(file)).map((key) => key.replace(PLURAL_SUFFIX, ''));
    const elsewhere = readUsedKeys(outside);
    expect(own.filter((key) => elsewhere.has(key))).toEqual([]);
  });

  it.each([...messages])(
    '%s has exactly the keys of English, plurals by its own rules',
    (...args) => {
      const [locale, texts] = args;
      const { pluralCategories } = new Intl.PluralRules(locale).resolvedOptions();
      const expected = [...baseKeys].flatMap((key) =>
        pluralKeys.has(key) ? pluralCategories.map((category) => `${key}_${category}`) : [key],
      );
      expect(Object.keys(texts).toSorted()).toEqual(expected.toSorted());
    },
  );

  it.each([...messages])('%s uses the placeholders of English', (_locale, texts) => {
    // A singular may spell the number out or leave it away.
    const compared = Object.entries(texts).filter(([key]) => !key.endsWith('_one'));
    expect(compared.map(([key, text]) => ({ key, has: placeholders(text) }))).toEqual(
      compared.map(([key]) => ({ key, has: placeholders(originalOf(key)) })),
    );
  });

  it.each([...messages])('%s has no empty text and no stray white space', (_locale, texts) => {
    const untidy = Object.values(texts).filter(
      (text) => text === '' || text !== text.trim().replaceAll(/\s+/gu, ' '),
    );
    expect(untidy).toEqual([]);
  });
});
