/**
 * The look that a page gives the call in its frame: a few named colours and a radius. Values are checked one by one;
 * nothing that could name an address, a variable or a second property gets through. Pure.
 * @module
 */

/** What can be set, by the custom property `--parley-NAME` of the element. */
export const THEME_COLORS = [
  'accent',
  'on-accent',
  'canvas',
  'surface',
  'ink',
  'ink-soft',
  'line',
  'tile',
] as const;

/** Name of a colour that can be set. */
export type ThemeColor = (typeof THEME_COLORS)[number];

/** Colours as CSS writes them when it has worked them out, and a radius in pixels such as `12px`. */
export type Theme = { readonly [Name in ThemeColor | 'radius']?: string };

const HEX = /^#(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/iu;
/** One function, and in it numbers, percentages and the name of a colour space. */
const FUNCTION = /^(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\([a-z\d\s.,%/+-]{1,80}\)$/iu;
const RADIUS = /^\d{1,2}(?:\.\d{1,3})?px$/u;

const COLOR_NAMES: ReadonlySet<string> = new Set(THEME_COLORS);

/** Whether every member is one of ours and a value of its kind. Never throws. */
export function isTheme(value: unknown): value is Theme {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(([name, text]) => isThemeValue(name, text));
}

/** Whether this text may be set under this name. */
export function isThemeValue(name: string, text: unknown): text is string {
  if (typeof text !== 'string') return false;
  if (name === 'radius') return RADIUS.test(text);
  return COLOR_NAMES.has(name) && (HEX.test(text) || FUNCTION.test(text));
}
