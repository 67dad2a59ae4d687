/**
 * Looks at a page with axe: everything it can prove to keep somebody out is an error.
 * @see https://github.com/dequelabs/axe-core
 * @module
 */
import axe from 'axe-core';
import type { TestPage } from '@parley/testkit';
import { expect } from 'vitest';

/** What is run in the page, given as text: the program of axe knows nothing of this module. */
const SEARCH = `async () => {
  ${axe.source}
  const { violations } = await window.axe.run();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html));
}`;
const search = Object.assign((): Promise<string[]> => Promise.resolve([]), {
  toString: () => SEARCH,
});

/** Fails with the rule and the element of each violation. */
export async function expectAccessible(page: TestPage, state: string): Promise<void> {
  expect(await page.evaluate(search, undefined), `accessibility of ${state}`).toEqual([]);
}
