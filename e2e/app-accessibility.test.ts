import type { ParleyServer } from '@parley/server';
import type { TestPage } from '@parley/testkit';
import { describe, it } from 'vitest';
import { expectAccessible } from './support/accessibility.ts';
import { startServerHere, useStage } from './support/stage.ts';
import { tour } from './support/tour.ts';

/** Some forty looks at some twenty states. */
const TIMEOUT_MS = 300_000;

/** Structure is the same in every look; colours are not. */
async function expectForEverybody(page: TestPage, state: string): Promise<void> {
  await expectAccessible(page, `${state}, light`);
  for (const look of ['dark', 'forced colours'] as const) {
    await page.prefer(look);
    await expectAccessible(page, `${state}, ${look}`, 'colours');
  }
  await page.prefer('light');
}

describe.each(['en', 'ko'] as const)('nothing that axe objects to, in %s', (language) => {
  let server: ParleyServer | undefined;
  const stage = useStage(
    async () => {
      server = await startServerHere();
      return { url: server.url, close: async () => server?.close() };
    },
    { losesServer: true },
  );

  it(
    'in any state of the app, light, dark, and in colours of the system',
    async () => {
      await tour({
        stage,
        language,
        viewer: { language: language === 'en' ? 'en-GB' : 'ko-KR' },
        others: [{}, {}],
        stopServer: async () => server?.close(),
        visit: (state, page) => expectForEverybody(page, `${state}, ${language}`),
      });
    },
    TIMEOUT_MS,
  );
});
