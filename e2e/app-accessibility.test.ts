import type { TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from './support/accessibility.ts';
import { startServerHere, useStage } from './support/stage.ts';
import { tour } from './support/tour.ts';

/** Some sixty looks at some twenty states. */
const TIMEOUT_MS = 300_000;

/** What a page says to a server that is away, and what it says when it goes. */
const TALK = /\/(?:socket\.io\/|leave$)/u;

/** Every rule in every look: colours differ, and what they hide or show. */
async function expectForEverybody(page: TestPage, state: string): Promise<void> {
  for (const look of ['light', 'dark', 'forced colours'] as const) {
    await page.prefer(look);
    await expectAccessible(page, `${state}, ${look}`);
  }
  await page.prefer('light');
}

describe.each(['en', 'ko'] as const)('nothing that axe objects to, in %s', (language) => {
  const stage = useStage(startServerHere, { losesServer: true });

  it(
    'in any state of the app, light, dark, and in colours of the system; without a server it is asked for nothing that is seen',
    async () => {
      let asked = 0;
      await tour({
        stage,
        language,
        viewer: { language: language === 'en' ? 'en-GB' : 'ko-KR' },
        others: [{}, {}],
        visit: async (state, page) => {
          await expectForEverybody(page, `${state}, ${language}`);
          if (state === 'grid') asked = page.requests.length;
          if (state !== 'left') return;
          const since = page.requests.slice(asked);
          expect(since.filter((address) => !TALK.test(address))).toEqual([]);
        },
      });
    },
    TIMEOUT_MS,
  );
});
