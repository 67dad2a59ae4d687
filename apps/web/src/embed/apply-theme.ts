/**
 * The look that a page around the call has given it.
 * @module
 */
import { THEME_COLORS } from '@parley/client/embed';
import type { Theme } from '@parley/client/embed';

/** Where custom properties are set. */
export interface Styled {
  readonly style: Pick<CSSStyleDeclaration, 'setProperty' | 'removeProperty'>;
}

/** Shades that follow from a colour, so that a page need not know them. */
const FOLLOWING: { readonly [name: string]: Readonly<Record<string, string>> } = {
  accent: {
    '--accent-hover': 'color-mix(in srgb, var(--accent) 85%, var(--ink))',
    '--accent-soft': 'color-mix(in srgb, var(--accent) 16%, var(--surface))',
  },
  surface: {
    '--surface-sunk': 'color-mix(in srgb, var(--surface) 93%, var(--ink))',
    '--surface-hover': 'color-mix(in srgb, var(--surface) 88%, var(--ink))',
  },
};

const NAMES = [...THEME_COLORS, 'radius'] as const;

/** Sets what the theme names, and takes back what it does not name any more. */
export function applyTheme({ style }: Styled, theme: Theme): void {
  for (const name of NAMES) {
    const value = theme[name];
    const all = { [`--${name}`]: value ?? '', ...FOLLOWING[name] };
    for (const [property, text] of Object.entries(all)) {
      if (value === undefined) style.removeProperty(property);
      else style.setProperty(property, text);
    }
  }
}
