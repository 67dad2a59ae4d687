/**
 * What the page before a call costs: bytes that travel, and the time until Join can be pressed, in Chromium with an empty
 * cache; on the machine as it is, with a processor four times slower, and over a slow mobile network. `--rounds N`.
 * @module
 */
import { parseArgs } from 'node:util';
import { startServer } from '@parley/server';
import { findBrowser } from '@parley/testkit';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--no-first-run',
  '--disable-background-networking',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];
const KILOBYTE = 1000;
/** "Fast 3G" of the developer tools. */
const FAST_3G = { latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375 };
/** What comes after the person could join is fetched by then. */
const SETTLED_MS = 2_000;

interface Condition {
  readonly name: string;
  readonly cpuSlowdown: number;
  readonly network: typeof FAST_3G | undefined;
}

const CONDITIONS: readonly Condition[] = [
  { name: 'as it is', cpuSlowdown: 1, network: undefined },
  { name: 'CPU 4x slower', cpuSlowdown: 4, network: undefined },
  { name: 'Fast 3G', cpuSlowdown: 1, network: FAST_3G },
  { name: 'CPU 4x slower, Fast 3G', cpuSlowdown: 4, network: FAST_3G },
];

/** What others say of themselves; their pages are not loaded here. */
const PUBLISHED = [
  'MiroTalk P2P 1.9.11, files of its repository: one script of 625.7 kB (132 kB gzipped), 733 kB of its own scripts in all, and 17 scripts and 8 style sheets from four other hosts',
  'Jitsi Meet, performance hints of its webpack configuration: 3.5 MiB for the bundle of the app, uncompressed',
];

/** One visit. Times count from the beginning of the navigation. */
interface Visit {
  readonly paintMs: number;
  /** When Join was on screen and could be pressed. */
  readonly joinMs: number;
  /** What had come by then, headers included. */
  readonly bytes: number;
  readonly requests: number;
  /** Also what is fetched ahead for the call. */
  readonly allBytes: number;
}

const { values: args } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });

/** Notes when a button of the form can be pressed; runs before every script of the page. */
function watchForm(): void {
  const look = (): void => {
    const button = document.querySelector<HTMLButtonElement>('main form button[type="submit"]');
    if (button === null || button.disabled) return;
    performance.mark('can-join');
    observer.disconnect();
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { childList: true, subtree: true, attributes: true });
}

/** What the browser has noted, read in the page. */
function readTimes(): Omit<Visit, 'allBytes'> {
  const [paint] = performance.getEntriesByName('first-contentful-paint');
  const [mark] = performance.getEntriesByName('can-join');
  const paintMs = paint?.startTime ?? 0;
  const readyMs = mark?.startTime ?? 0;
  const files = performance
    .getEntries()
    .filter((entry) => entry instanceof PerformanceResourceTiming)
    .filter(({ responseEnd }) => responseEnd <= readyMs);
  const bytes = files.reduce((sum, { transferSize }) => sum + transferSize, 0);
  return { paintMs, joinMs: Math.max(paintMs, readyMs), bytes, requests: files.length };
}

async function visit(browser: Browser, url: string, condition: Condition): Promise<Visit> {
  const context = await browser.newContext();
  try {
    await context.addInitScript(watchForm);
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    const { network, cpuSlowdown } = condition;
    if (network !== undefined)
      await session.send('Network.emulateNetworkConditions', { offline: false, ...network });
    await session.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
    let allBytes = 0;
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      allBytes += encodedDataLength;
    });
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForFunction(() => performance.getEntriesByName('can-join').length > 0);
    await page.waitForTimeout(SETTLED_MS);
    return { ...(await page.evaluate(readTimes)), allBytes };
  } finally {
    await context.close();
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const server = await startServer({ port: 0, host: '127.0.0.1' });
const browser = await chromium.launch({ executablePath: findBrowser('chromium'), args: FLAGS });
try {
  console.log('condition                | bytes until Join | requests | first paint | Join');
  for (const condition of CONDITIONS) {
    const visits: Visit[] = [];
    for (let round = 0; round < Number(args.rounds); round += 1) {
      visits.push(await visit(browser, `${server.url}/r/page-load`, condition));
    }
    const middle = (read: (one: Visit) => number): number => median(visits.map(read));
    const cells = [
      condition.name.padEnd(24),
      `${(middle(({ bytes }) => bytes) / KILOBYTE).toFixed(1)} kB`.padEnd(16),
      String(middle(({ requests }) => requests)).padEnd(8),
      `${Math.round(middle(({ paintMs }) => paintMs))} ms`.padEnd(11),
      `${Math.round(middle(({ joinMs }) => joinMs))} ms`,
    ];
    console.log(cells.join(' | '));
    if (condition === CONDITIONS[0])
      console.log(
        `with what is fetched ahead for the call: ${(middle(({ allBytes }) => allBytes) / KILOBYTE).toFixed(1)} kB`,
      );
  }
  console.log('\nOthers, as published; not measured here:');
  for (const line of PUBLISHED) console.log(line);
} finally {
  await browser.close();
  await server.close();
}
