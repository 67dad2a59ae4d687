/**
 * The examples that exchange data, as people use them.
 * @module
 */
import { eventually } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import type { Stage } from './stage.ts';

/** Examples with a room of the SDK. */
export type DataExample = 'data-only' | 'file-drop';

/** Who opens which example and joins which room. */
export interface JoiningExample {
  readonly example: DataExample;
  readonly room: string;
  readonly name: string;
}

/** Opens an example and joins; resolves when the page shows the room. */
export async function joinExample(
  page: TestPage,
  stage: Stage,
  { example, room, name }: JoiningExample,
): Promise<void> {
  await page.goto(`${stage.server.url}/examples/${example}/`);
  await page.fill('Room name', room);
  await page.fill('Your name', name);
  await page.click('button', 'Join');
  await expectIn(page, '#status', /alone|Here/u);
}

/** Waits until the page shows exactly these people. */
export async function expectHere(page: TestPage, ...names: readonly string[]): Promise<void> {
  await expectIn(page, '#status', new RegExp(`^Here: ${names.join(', ')}$`, 'u'));
}

/** Waits for a text inside the elements that match the selector. */
export async function expectIn(page: TestPage, selector: string, pattern: RegExp): Promise<string> {
  return eventually(
    `${pattern} in ${selector}`,
    () =>
      page.evaluate((target) => {
        const found = [...document.querySelectorAll(target)];
        return found.map((element) => element.textContent).join('\n');
      }, selector),
    (text) => pattern.test(text),
    { deadlineMs: 60_000 },
  );
}

/** Chooses a file of so many mebibytes in the page that sends. */
export async function chooseFile(page: TestPage, name: string, mebibytes: number): Promise<void> {
  await page.evaluate(
    (wanted) => {
      const block = new Uint8Array(1024 * 1024);
      for (let at = 0; at < block.length; at += 65_536) {
        crypto.getRandomValues(block.subarray(at, at + 65_536));
      }
      const file = new File(
        Array.from({ length: wanted.mebibytes }, () => block),
        wanted.name,
      );
      Reflect.set(globalThis, 'chosen', file);
      const picker = document.querySelector('input[type=file]');
      if (!(picker instanceof HTMLInputElement)) throw new Error('no list of files');
      const transfer = new DataTransfer();
      transfer.items.add(file);
      picker.files = transfer.files;
      picker.dispatchEvent(new Event('change'));
    },
    { name, mebibytes },
  );
}

/** SHA-256 of the file that was chosen last. */
export async function digestChosen(page: TestPage): Promise<string> {
  return page.evaluate(async () => {
    const file: File = Reflect.get(globalThis, 'chosen');
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }, undefined);
}
