/**
 * Turns message keys into sentences. Messages are flat JSON; `{name}` is replaced by a parameter,
 * and a message whose text depends on a number is written once per plural category of the language,
 * as `key_one`, `key_other` and so on. Pure.
 * @see https://unicode.org/reports/tr35/tr35-numbers.html#Language_Plural_Rules
 * @module
 */

/** Messages of one language. */
export type Messages = Readonly<Record<string, string>>;

/** Values for the placeholders of a message. `count` also chooses the plural form. */
type Parameters = Readonly<Record<string, string | number>>;

/** The text of a message. Parameters go in as they are: it is text, never markup. */
export type Translate<Key extends string> = (key: Key, parameters?: Parameters) => string;

const PLACEHOLDER = /\{(\w+)\}/gu;

/** Builds the translator of one language. A key without a message comes back as it is. */
export function createTranslate<Key extends string>(
  locale: string,
  messages: Messages,
): Translate<Key> {
  const plural = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale);

  const format = (value: string | number | undefined, placeholder: string): string => {
    if (value === undefined) return placeholder;
    return typeof value === 'number' ? number.format(value) : value;
  };

  return (key, parameters = {}) => {
    const { count } = parameters;
    const pluralKey = typeof count === 'number' ? `${key}_${plural.select(count)}` : key;
    const message = messages[pluralKey] ?? messages[key] ?? key;
    return message.replace(PLACEHOLDER, (placeholder, name: string) =>
      format(parameters[name], placeholder),
    );
  };
}
