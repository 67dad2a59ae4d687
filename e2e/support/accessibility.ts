/**
 * Looks at a page with axe: everything it can prove to keep somebody out is an error.
 * @see https://github.com/dequelabs/axe-core
 * @module
 */
import axe from 'axe-core';
import type { TestPage } from '@parley/testkit';
import { expect } from 'vitest';

/**
 * What is run in the page, given as text: the program of axe knows nothing of this module. Axe takes the colour of a text
 * from -webkit-text-fill-color, of which Chromium does not tell what the system has made of it; so it is spelled out.
 */
const SEARCH = `async () => {
  // Colours that glide are looked at when they have arrived.
  const gliding = document.getAnimations().filter((one) => one instanceof CSSTransition);
  await Promise.all(gliding.map(({ finished }) => finished.catch(() => undefined)));
  const isForced = matchMedia('(forced-colors: active)').matches;
  const texts = isForced ? [...document.querySelectorAll('body *')].filter(({ style }) => style) : [];
  const colors = texts.map((element) => getComputedStyle(element).color);
  for (const [index, { style }] of texts.entries()) style.webkitTextFillColor = colors[index];
  const { violations } = await window.axe.run({ preload: false, resultTypes: ['violations'] });
  for (const { style } of texts) style.webkitTextFillColor = '';
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html));
}`;
const search = Object.assign((): Promise<string[]> => Promise.resolve([]), {
  toString: () => SEARCH,
});
/** A megabyte of text: it goes into a page once. */
const load = Object.assign((): boolean => true, {
  toString: () => `() => { ${axe.source}; return true; }`,
});

/** Fails with the rule and the element of each violation. */
export async function expectAccessible(page: TestPage, state: string): Promise<void> {
  const isLoaded = await page.evaluate(() => 'axe' in window, undefined);
  if (!isLoaded) await page.evaluate(load, undefined);
  expect(await page.evaluate(search, undefined), `accessibility of ${state}`).toEqual([]);
}
