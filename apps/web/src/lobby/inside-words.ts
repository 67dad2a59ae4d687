/**
 * Who is already inside, in one sentence. Pure.
 * @module
 */
import type { Inside } from '@parley/client';
import type { AppTranslate } from '../i18n/message-key.ts';

/** More names would not be read. */
const MAX_NAMES = 3;

/** The sentence in this language; people who gave no name are counted. */
export function insideWords(t: AppTranslate, { count, names }: Inside, locale: string): string {
  if (count === 0) return t('lobby.inside.nobody');
  const named = names.slice(0, MAX_NAMES);
  const others = count - named.length;
  if (named.length === 0) return t('lobby.inside.count', { count });
  const list = others === 0 ? named : [...named, t('lobby.inside.others', { count: others })];
  const people = new Intl.ListFormat(locale, { type: 'conjunction' }).format(list);
  return t('lobby.inside', { count, people });
}
