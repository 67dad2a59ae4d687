import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SOURCES = fileURLToPath(new URL('../', import.meta.url));
const COMMENT = /\/\*[^]*?\*\//gu;
/** The innermost blocks: selectors, and declarations. */
const RULE = /(?<selectors>[^{}]+)\{(?<declarations>[^{}]*)\}/gu;
const PHYSICAL = /^(?:left|right|(?:margin|padding|border)-(?:left|right)(?:-\w+)?|float|clear)$/u;
const CORNER = /^border-(?:top|bottom)-(?:left|right)-radius$/u;
const FOUR_SIDES = /^(?:margin|padding|inset|border-width|border-color|border-style)$/u;
const RTL = ':dir(rtl)';

interface Declaration {
  readonly selector: string;
  readonly property: string;
  readonly value: string;
}

function declarationsIn(css: string): readonly Declaration[] {
  return [...css.replaceAll(COMMENT, '').matchAll(RULE)].flatMap(({ groups }) => {
    const { selectors = '', declarations = '' } = groups ?? {};
    return selectors.split(/,(?![^(]*\))/u).flatMap((selector) =>
      declarations.split(';').flatMap((text) => {
        const [property = '', value = ''] = text.split(/:(?<rest>.*)/su);
        return property.trim() === ''
          ? []
          : [{ selector: selector.trim(), property: property.trim(), value: value.trim() }];
      }),
    );
  });
}

const INNERMOST = /\([^()]*\)/gu;

/** Values of a shorthand; what stands inside a function is part of one. */
function valuesOf(text: string): readonly string[] {
  const flat = text.replaceAll(INNERMOST, '');
  return flat === text ? text.trim().split(/\s+/u) : valuesOf(flat);
}

/** Whether left and right differ. */
function isOneSided({ property, value }: Declaration): boolean {
  if (PHYSICAL.test(property) || CORNER.test(property)) return true;
  if (property === 'text-align') return value === 'left' || value === 'right';
  const [first, second, third, fourth] = valuesOf(value);
  if (FOUR_SIDES.test(property)) return fourth !== undefined && second !== fourth;
  if (property !== 'border-radius') return false;
  return second !== undefined && (first !== second || (third ?? first) !== (fourth ?? second));
}

function sameForRtl(one: Declaration, all: readonly Declaration[]): boolean {
  if (one.selector.includes(RTL)) return true;
  return all.some(
    ({ selector, property }) =>
      property === one.property &&
      selector.includes(RTL) &&
      selector.replace(RTL, '') === one.selector,
  );
}

it('what is on the left is on the right where people read from there', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.css'),
  );
  expect(files.length).toBeGreaterThan(20);
  const wrong = files.flatMap((name) => {
    const all = declarationsIn(readFileSync(SOURCES + name, 'utf8'));
    return all
      .filter((one) => isOneSided(one) && !sameForRtl(one, all))
      .map(({ selector, property, value }) => `${name}: ${selector} { ${property}: ${value} }`);
  });
  expect(wrong).toEqual([]);
});

it.each([
  ['a { margin-left: 1px }', 1],
  ['a { padding: 1px 2px 3px 4px }', 1],
  ['a { padding: 1px 2px 3px 2px }', 0],
  ['a { inset: auto 0 max(1px, env(x)) 0 }', 0],
  ['@media (width > 1px) { a { border-radius: 0 9px 9px 0 } }', 1],
  ['a { inset: 0 1px 0 auto } a:dir(rtl) { inset: 0 auto 0 1px }', 0],
  ['a { text-align: right }', 1],
  ['a { margin-inline: 1px 2px }', 0],
])('%s has %i of them', (css, count) => {
  const all = declarationsIn(css);
  expect(all.filter((one) => isOneSided(one) && !sameForRtl(one, all))).toHaveLength(count);
});
