import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import type { ParleyServer } from '@parley/server';
import { afterAll, describe, expect, it } from 'vitest';
import { expectAccessible } from './support/accessibility.ts';
import { expectText } from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

const BUILT = fileURLToPath(new URL('../packages/server/public/', import.meta.url));

/** Waits until the offline page is kept, and this page would get it. */
async function expectKept(page: TestPage): Promise<void> {
  const find = (): Promise<boolean> =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      return registration?.active?.state === 'activated';
    }, undefined);
  await eventually('a service worker', find, Boolean);
}

/** Waits until the page has opened itself again; while it does so, it cannot be asked. */
async function expectReopened(page: TestPage, words: RegExp): Promise<void> {
  await eventually(
    `the app with ${words}`,
    () => page.evaluate(() => document.body.innerText, undefined).catch(() => ''),
    (text) => words.test(text),
  );
}

describe('an app whose server is away', () => {
  const deploy = mkdtempSync(join(tmpdir(), 'parley-deploy-'));
  let server: ParleyServer | undefined;

  const start = async (edition: string): Promise<void> => {
    const publicDir = join(deploy, edition);
    cpSync(BUILT, publicDir, { recursive: true });
    const page = readFileSync(join(publicDir, 'index.html'), 'utf8');
    writeFileSync(
      join(publicDir, 'index.html'),
      page.replace('<html', `<html data-edition="${edition}"`),
    );
    server = await startServerHere({ port: server?.port ?? 0, publicDir });
  };
  const stage = useStage(
    async () => {
      await start('first');
      return { url: server?.url ?? '', close: async () => server?.close() };
    },
    { losesServer: true },
  );

  afterAll(() => rmSync(deploy, { recursive: true, force: true }));

  it.each([
    ['chromium', 'en-GB', /You are offline/u, /New call/u],
    ['firefox', 'ko-KR', /오프라인이에요/u, /새 통화/u],
  ] as const)(
    'says so, and is the newest one when it is back, in %s',
    async (browser, language, says, home) => {
      const page = await stage.open(browser, { language });
      await page.goto(stage.server.url);
      await expectText(page, home);
      await expectKept(page);

      await server?.close();
      await page.goto(`${stage.server.url}/`);
      await expectText(page, says);
      await expectAccessible(page, 'offline');
      const edition = `after ${browser}`.replace(' ', '-');
      await start(edition);
      await expectReopened(page, home);
      const shown = await page.evaluate(
        () => document.documentElement.dataset['edition'],
        undefined,
      );
      expect(shown, 'the app of the last deploy').toBe(edition);
    },
  );
});
