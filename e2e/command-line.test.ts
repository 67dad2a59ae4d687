import { expectPicture, expectSound, startServerProcess } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { expectPeople, expectText, joinAs } from './support/app-page.ts';
import { useStage } from './support/stage.ts';

/** Leaves a note in the page of what is put on its clipboard. */
async function keepCopies(page: TestPage): Promise<void> {
  await page.evaluate(() => {
    const writeText = navigator.clipboard.writeText.bind(navigator.clipboard);
    navigator.clipboard.writeText = (text) => {
      document.body.dataset['copied'] = text;
      return writeText(text);
    };
  }, undefined);
}

describe('the built server, started from the command line', () => {
  const stage = useStage(startServerProcess);

  it('somebody starts a call, sends the link, and somebody else opens it', async () => {
    const { url } = stage.server;
    const [ada, bob] = [await stage.open('chromium'), await stage.open('chromium')];
    await ada.goto(url);
    await ada.click('button', 'New call');
    await joinAs(ada, 'Ada');
    const link = await ada.evaluate(() => {
      return document.querySelector<HTMLInputElement>('[aria-label="Link to this call"]')?.value;
    }, undefined);
    expect(link?.slice(0, url.length + 3)).toBe(`${url}/r/`);

    await bob.goto(link ?? '');
    await joinAs(bob, 'Bob');
    await Promise.all([expectPeople(ada, ['Bob']), expectPeople(bob, ['Ada'])]);
    await Promise.all([expectPicture(ada), expectPicture(bob), expectSound(ada), expectSound(bob)]);
    await keepCopies(bob);
    await bob.click('button', 'Copy link');
    await expectText(bob, /Link copied/u);
    expect(await bob.evaluate(() => document.body.dataset['copied'], undefined)).toBe(link);
  });

  it('somebody types the name of a room', async () => {
    const page = await stage.open('chromium');
    await page.goto(stage.server.url);
    await page.fill('Room name or link', 'book club');
    await page.click('button', 'Go');
    await joinAs(page, 'Ada');
    expect(await page.evaluate(() => location.pathname, undefined)).toBe('/r/book%20club');
  });
});
