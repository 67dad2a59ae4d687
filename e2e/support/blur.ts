/**
 * The switch that blurs the background, in the lobby or in the settings.
 * @module
 */
import { eventually } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { expectElement } from './app-page.ts';

const SWITCH = 'input[name="blur"]';

/** Turns it on, or off. */
export async function toggleBlur(page: TestPage): Promise<void> {
  await expectElement(page, SWITCH);
  await page.evaluate((target) => {
    const box = document.querySelector<HTMLInputElement>(target);
    if (box === null) throw new Error('no switch that blurs the background');
    box.click();
  }, SWITCH);
}

/** What the switch says, and whether it is on. */
export async function readBlur(page: TestPage): Promise<{ isOn: boolean; note: string }> {
  await expectElement(page, SWITCH);
  return page.evaluate((target) => {
    const box = document.querySelector<HTMLInputElement>(target);
    return {
      isOn: box?.checked === true,
      note: box?.closest('label')?.nextElementSibling?.textContent ?? '',
    };
  }, SWITCH);
}

/** Waits until what is sent and shown is made by the program that blurs: everything has been fetched. */
export async function expectBlurred(page: TestPage): Promise<void> {
  await eventually(
    'a blurred background',
    () => readBlur(page),
    ({ isOn, note }) => isOn && !/Fetching/u.test(note),
  );
}
