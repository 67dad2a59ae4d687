import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, TLS_IDENTITY } from '@parley/testkit';
import type { BrowserName, TestPage } from '@parley/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { expectAccessible } from './support/accessibility.ts';
import { mintToken } from './support/access-token.ts';
import { expectInCall } from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

const BROWSERS: readonly BrowserName[] = ['chromium', 'firefox'];

/** A row of the table as somebody reads it. */
interface Row {
  readonly status: string;
  readonly text: string;
}

const folder = mkdtempSync(join(tmpdir(), 'parley-test-page-'));
const files = { tlsCert: join(folder, 'cert.pem'), tlsKey: join(folder, 'key.pem') };
writeFileSync(files.tlsCert, TLS_IDENTITY.cert);
writeFileSync(files.tlsKey, TLS_IDENTITY.key);
/** Takes packets and says nothing. */
const blackHole = createSocket('udp4').bind(0, '127.0.0.1');
afterAll(() => {
  blackHole.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Presses the button and waits for the end; the rows by what was looked at. */
async function runTest(page: TestPage, start: string, again: string): Promise<Map<string, Row>> {
  await page.click('button', start);
  await eventually(
    'the end of the test',
    () => page.evaluate(() => document.querySelector('main')?.innerText ?? '', undefined),
    (text) => text.includes(again),
    { deadlineMs: 60_000 },
  );
  const rows = await page.evaluate(() => {
    return [...document.querySelectorAll<HTMLElement>('tr[data-check]')].map((row) => {
      const { check = '', status = '' } = row.dataset;
      return [check, { status, text: row.innerText }] as const;
    });
  }, undefined);
  return new Map(rows);
}

const statusesOf = (rows: ReadonlyMap<string, Row>): Record<string, string> =>
  Object.fromEntries([...rows].map(([check, { status }]) => [check, status]));

/** The one sentence above the table. */
function verdictOf(page: TestPage): Promise<string> {
  return page.evaluate(() => document.querySelector('main output')?.textContent ?? '', undefined);
}

/** How far the page can be scrolled sideways, in CSS pixels. */
function overflowOf(page: TestPage): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    undefined,
  );
}

/** From now on nothing that the page sends by UDP arrives. */
async function blockUdp(page: TestPage): Promise<void> {
  await page.evaluate((port) => {
    const lead = (url: string): string =>
      /^stun:|transport=udp/u.test(url) ? url.replace(/:\d+(?=\?|$)/u, `:${port}`) : url;
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor({ iceServers = [], ...rest }: RTCConfiguration = {}) {
        const blocked = iceServers.map((server) => ({
          ...server,
          urls: [server.urls].flat().map(lead),
        }));
        super({ ...rest, iceServers: blocked });
      }
    };
  }, blackHole.address().port);
}

describe('the test of connection and devices', () => {
  const stage = useStage(async () => {
    const server = await startServerHere({ ...files });
    return Object.assign(server, { url: server.url.replace('127.0.0.1', 'localhost') });
  });
  const open = async (browser: BrowserName): Promise<TestPage> => {
    const page = await stage.open(browser, { trustsTestServers: true });
    await page.goto(`${stage.server.url}/test`);
    return page;
  };

  it.each(BROWSERS)('finds that everything works in %s, over UDP, TCP and TLS', async (browser) => {
    const page = await open(browser);
    const rows = await runTest(page, 'Start the test', 'Test again');
    const { relayQuality, speaker, ...certain } = statusesOf(rows);
    expect(certain).toEqual({
      page: 'ok',
      secureContext: 'ok',
      clock: 'ok',
      websocket: 'ok',
      polling: 'ok',
      candidates: 'ok',
      stun: 'ok',
      turnUdp: 'ok',
      turnTcp: 'ok',
      turnTls: 'ok',
      camera: 'ok',
      microphone: 'ok',
    });
    // How much a busy machine carries, and whether it has a loudspeaker, is its own affair.
    expect(relayQuality).toMatch(/^(?:ok|warn)$/u);
    expect(speaker).toMatch(/^(?:ok|skip)$/u);
    expect(rows.get('relayQuality')?.text).toMatch(/[1-9][\d,]* kbit\/s/u);
    await expectAccessible(page, `the test in ${browser}`);
    await page.click('button', 'Copy report');
    await page.click('button', 'Report copied');
    expect(stage.server.stats.rooms, 'nobody has been in a room').toBe(0);
  });

  it('names what to do where UDP is blocked', async () => {
    const tables = await Promise.all(
      BROWSERS.map(async (browser) => {
        const page = await open(browser);
        await blockUdp(page);
        return runTest(page, 'Start the test', 'Test again');
      }),
    );
    for (const rows of tables) {
      const { stun, turnUdp, turnTcp, turnTls } = statusesOf(rows);
      expect({ stun, turnUdp }).toEqual({ stun: 'fail', turnUdp: 'fail' });
      expect({ turnTcp, turnTls }).toEqual({ turnTcp: 'ok', turnTls: 'ok' });
      expect(rows.get('turnUdp')?.text).toMatch(/lets no UDP out, or UDP port \d+ of the server/u);
    }
  });
});

describe('the test of a server that asks for access tokens', () => {
  const apiKey = 'what-the-application-shows-to-get-tokens';
  const secret = 'the key that an application shares with us';
  const stage = useStage(() => startServerHere({ auth: { secret, apiKey } }));

  it('TOKEN-13 tries the relay for those who were invited, and says so to others', async () => {
    const { url } = stage.server;
    const page = await stage.open('chromium');
    await page.goto(`${url}/test`);
    const outside = await runTest(page, 'Start the test', 'Test again');
    expect(statusesOf(outside)).toMatchObject({ websocket: 'ok', polling: 'ok', turnUdp: 'skip' });
    expect(await verdictOf(page)).toMatch(/The relay is for people with an invitation/u);

    const room = stage.newRoom();
    const token = await mintToken(url, apiKey, { room, name: 'Ada' });
    await page.goto(`${url}/r/${encodeURIComponent(room)}#t=${token}`);
    await page.click('button', /^Join|^Start/u);
    await expectInCall(page);
    await page.click('button', 'More');
    await page.click('button', 'Settings');
    const address = await eventually(
      'a link to the test',
      () =>
        page.evaluate(
          () => document.querySelector<HTMLAnchorElement>('a[href^="/test"]')?.href ?? '',
          undefined,
        ),
      (href) => href !== '',
    );
    await page.goto(address);
    const inside = await runTest(page, 'Start the test', 'Test again');
    expect(statusesOf(inside)).toMatchObject({ stun: 'ok', turnUdp: 'ok', turnTcp: 'ok' });
    expect(await page.evaluate(() => location.href, undefined)).toBe(`${url}/test`);

    await page.goto('about:blank');
    await page.goto(`${url}/test#t=ey.forged.token`);
    await runTest(page, 'Start the test', 'Test again');
    expect(await verdictOf(page)).toMatch(/Your invitation has ended, or was good for one time/u);
  });
});

describe('the test of a server without a relay', () => {
  const stage = useStage(() => startServerHere({ relay: 'off' }));

  const visit = async (browser: BrowserName): Promise<[TestPage, Map<string, Row>]> => {
    const page = await stage.open(browser, {
      language: 'ko-KR',
      permission: 'denied',
      viewport: { width: 360, height: 740 },
    });
    await page.goto(`${stage.server.url}/test`);
    return [page, await runTest(page, '테스트 시작', '다시 테스트')];
  };

  it('says so in Korean, on a phone, without devices', async () => {
    for (const [page, rows] of await Promise.all(BROWSERS.map(visit))) {
      expect(rows.get('turnUdp')).toMatchObject({
        status: 'warn',
        text: expect.stringContaining('--relay off 없이 시작'),
      });
      expect(rows.get('stun')?.status).toBe('ok');
      expect(rows.get('camera')).toMatchObject({
        status: 'fail',
        text: expect.stringContaining('브라우저가 카메라를 막고 있어요'),
      });
      expect(await overflowOf(page)).toBe(0);
      await expectAccessible(page, `the test on a phone in ${page.browser}`);
    }
  });
});
