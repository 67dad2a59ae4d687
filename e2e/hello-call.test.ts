import { expectPicture, expectSound } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { expectText } from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';
import { expectLight } from './support/video.ts';

describe('examples/hello-call', () => {
  const stage = useStage(startServerHere);

  it('two people see and hear each other', async () => {
    const pages = [await stage.open('chromium'), await stage.open('firefox')];
    for (const page of pages) {
      await page.goto(`${stage.server.url}/examples/hello-call/`);
      await page.click('button', 'Join');
      await expectText(page, /You are in the call/u);
    }
    for (const page of pages) {
      await Promise.all([
        expectPicture(page),
        expectSound(page),
        expectLight(page, '#people video'),
      ]);
      expect(await page.evaluate(() => document.querySelectorAll('video').length, undefined)).toBe(
        1,
      );
    }
  });
});
