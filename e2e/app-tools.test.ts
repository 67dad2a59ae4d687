import {
  eventually,
  expectConnected,
  expectPicture,
  expectSilence,
  expectSound,
} from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { expectElement, expectText, isSwitchedOn, joinApp, meetInApp } from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

/** What a page shows in the element, as text. */
function textOf(page: TestPage, selector: string): Promise<string> {
  return page.evaluate(
    (target) => document.querySelector<HTMLElement>(target)?.innerText ?? '',
    selector,
  );
}

async function expectTextIn(page: TestPage, selector: string, wanted: RegExp): Promise<void> {
  await eventually(
    `${wanted} in ${selector}`,
    () => textOf(page, selector),
    (text) => wanted.test(text),
  );
}

/** Drops a file on the page. */
async function dropFile(page: TestPage, name: string, bytes: number): Promise<void> {
  await page.evaluate(
    ({ fileName, size }) => {
      const files = new DataTransfer();
      files.items.add(new File([new Uint8Array(size).fill(7)], fileName));
      const event = new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
    },
    { fileName: name, size: bytes },
  );
}

async function say(page: TestPage, text: string): Promise<void> {
  await page.fill('Message to everybody', text);
  await page.press('Enter');
}

describe('what people do in a call besides talking', () => {
  const stage = useStage(startServerHere);

  it('chat with links, history, unread messages; a file; a hand; reactions', async () => {
    const room = stage.newRoom();
    const [ada, bob] = await Promise.all([stage.open('chromium'), stage.open('firefox')]);
    await meetInApp(stage, room, { Ada: ada, Bob: bob });
    await Promise.all([expectConnected(ada), expectConnected(bob)]);

    await ada.click('button', 'Chat');
    await expectElement(ada, 'textarea');
    await say(ada, 'see https://example.org/a and javascript:alert(1)');
    await bob.click('button', 'Chat, 1 new message');
    await expectTextIn(bob, 'aside', /Ada[^]*see https:\/\/example\.org\/a and javascript:alert/u);
    const links = await bob.evaluate(
      () =>
        [...document.querySelectorAll('aside ol a')].map((link) => [
          link.getAttribute('href'),
          link.getAttribute('rel'),
        ]),
      undefined,
    );
    expect(links).toEqual([['https://example.org/a', 'noopener noreferrer nofollow']]);
    await say(bob, 'hello Ada');
    await expectTextIn(ada, 'aside', /Bob[^]*hello Ada/u);

    await dropFile(ada, 'plan.bin', 300_000);
    await bob.click('button', 'Accept');
    await expectTextIn(bob, 'aside', /plan\.bin[^]*received/u);
    await expectTextIn(ada, 'aside', /plan\.bin[^]*sent/u);
    await expectElement(bob, 'a[download="plan.bin"][href^="blob:"]');

    await bob.click('switch', 'Raise hand');
    await expectTextIn(ada, '[data-peer]', /Hand raised/u);
    await bob.click('button', 'Reactions');
    await bob.click('button', 'React with 🎉');
    await expectTextIn(ada, 'ul[aria-label^="Reactions"]', /🎉\s*Bob/u);

    const eve = await stage.open('chromium');
    await joinApp(eve, stage, { room, name: 'Eve' });
    await eve.click('button', 'Chat');
    await expectTextIn(eve, 'aside', /Ada[^]*see https[^]*Bob[^]*hello Ada/u);
    await expectText(eve, /Hand raised/u);
  });

  it('layouts, pin, own picture, connection in words, keys, and the hint for who talks while muted', async () => {
    const room = stage.newRoom();
    const names = ['Ada', 'Bob', 'Eve'];
    const [ada, bob, eve] = await Promise.all(names.map(() => stage.open('chromium')));
    if (ada === undefined || bob === undefined || eve === undefined) throw new Error('no pages');
    for (const [index, page] of [ada, bob, eve].entries()) {
      await joinApp(page, stage, { room, name: names[index] ?? '' });
    }
    await expectPicture(ada, 2);
    await expectElement(ada, 'ul[data-layout="grid"]');
    await ada.click('button', 'Pin Eve');
    await expectElement(ada, 'ul[data-layout="speaker"] > [data-main][aria-label="Eve"]');
    await ada.click('button', 'More');
    await ada.click('button', 'Grid');
    await expectElement(ada, 'ul[data-layout="grid"]');
    await ada.click('switch', 'Hide my own picture');
    await eventually(
      'no own picture',
      () => ada.evaluate(() => document.querySelectorAll('[data-self]').length, undefined),
      (count) => count === 0,
    );
    await ada.click('button', 'Connections');
    await expectTextIn(ada, 'aside', /direct in your network, [\d.]+ [kM]bit\/s, \d+ ms/u);
    await expectTextIn(ada, 'aside', /Safety code\s+(?:\d{5}\s*)+/u);
    const codes = await Promise.all(
      [ada, bob].map(async (page) => {
        if (page === bob) {
          await bob.click('button', 'More');
          await bob.click('button', 'Connections');
        }
        const other = page === ada ? 'Bob' : 'Ada';
        const section = `aside section[aria-label="Connection to ${other}"]`;
        await expectTextIn(page, section, /Safety code\s+\d/u);
        return /(?:\d{5}\s+)+/u.exec(await textOf(page, section))?.[0].trim();
      }),
    );
    expect(codes[0], 'both read the same code').toBe(codes[1]);

    await eve.click('switch', 'Camera');
    await bob.press('Escape');
    await bob.press('m');
    expect(await isSwitchedOn(bob, 'Microphone')).toBe(false);
    await expectTextIn(bob, 'main', /You are muted\. Press M/u);
    await ada.click('switch', 'Microphone');
    await eve.click('switch', 'Microphone');
    await Promise.all([expectSilence(ada, 2), expectSilence(eve, 2)]);
    await bob.press('m');
    await eve.click('switch', 'Microphone');
    await expectSound(ada, 2);
  });
});
