/**
 * Choosing another device from a list, in any of our pages.
 * @module
 */
import type { TestPage } from '@parley/testkit';

/** Chooses the entry with this text from the list with this accessible name. */
export async function chooseDevice(page: TestPage, list: string, device: string): Promise<void> {
  const value = await page.evaluate((label) => {
    const options = [...document.querySelectorAll('option')];
    return options.find((option) => option.label === label)?.value;
  }, device);
  if (value === undefined) throw new Error(`No list of the page has "${device}".`);
  await page.select(list, value);
}
