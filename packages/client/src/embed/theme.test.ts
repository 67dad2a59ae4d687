import { expect, it } from 'vitest';
import { isTheme, isThemeValue } from './theme.ts';

it.each([
  '#fff',
  '#FFFFFF80',
  'rgb(1, 2, 3)',
  'rgba(1 2 3 / 50%)',
  'oklch(0.7 0.1 200deg)',
  'color(srgb 0.1 0.2 0.3)',
])('%s is a colour', (text) => {
  expect(isThemeValue('accent', text)).toBe(true);
});

it.each([
  'red',
  'var(--x)',
  'url(https://evil.example/)',
  'rgb(1,2,3); background: url(x)',
  'rgb(var(--x))',
  'rgb(1,2,3)}',
  '#ff',
  '',
  `rgb(${'1'.repeat(90)})`,
  7,
])('%s is none', (text) => {
  expect(isThemeValue('accent', text)).toBe(false);
});

it('a radius is a small length in pixels', () => {
  expect(['6px', '12.5px'].every((text) => isThemeValue('radius', text))).toBe(true);
  expect(['100px', '-1px', '1em', 'calc(1px)'].some((text) => isThemeValue('radius', text))).toBe(
    false,
  );
});

it('nothing else can be set', () => {
  expect(isTheme({ accent: '#123456', radius: '6px' })).toBe(true);
  expect(isTheme({ font: '#123456' })).toBe(false);
  expect(isTheme(undefined)).toBe(false);
});
