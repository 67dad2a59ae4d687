/**
 * Chromium through playwright-core.
 * @module
 */
import { writeFile } from 'node:fs/promises';
import { env } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Frame, Locator, Page } from 'playwright-core';
import { eventually } from '../eventually.ts';
import { pageScripts } from './page-scripts.ts';
import { DEVICE_COUNTS } from './fake-devices.ts';
import { findBrowser } from './find-browser.ts';
import { createTrustingHome } from './trusting-profile.ts';
import { evaluateAsJson } from './test-page.ts';
import type {
  AccessibleName,
  BrowserOptions,
  Look,
  PageOptions,
  Role,
  TestBrowser,
  TestPage,
} from './test-page.ts';

const ACTION_TIMEOUT_MS = 15_000;
/** Text stays clear. */
const WEBP_QUALITY = 80;

const BASE_FLAGS = [
  '--no-sandbox',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-precise-memory-info',
];

function flagsOf(options: BrowserOptions): string[] {
  const { cameras = 2, permission, autoplay, trustedOrigin, trustsTestServers } = options;
  const { screen = 'monitor', machineName } = options;
  return [
    ...BASE_FLAGS,
    `--use-fake-device-for-media-stream=device-count=${DEVICE_COUNTS[cameras]},display-media-type=${screen}`,
    ...(permission === 'denied' ? [] : ['--use-fake-ui-for-media-stream']),
    autoplay === 'blocked'
      ? '--autoplay-policy=document-user-activation-required'
      : '--autoplay-policy=no-user-gesture-required',
    ...(trustedOrigin === undefined
      ? []
      : [`--unsafely-treat-insecure-origin-as-secure=${trustedOrigin}`]),
    ...(machineName === undefined ? [] : [`--host-resolver-rules=MAP ${machineName} 127.0.0.1`]),
    ...(trustsTestServers === true ? ['--ignore-certificate-errors'] : []),
  ];
}

/** Starts Debian's Chromium without a window. */
export async function launchChromium(options: BrowserOptions): Promise<TestBrowser> {
  const executablePath = options.program ?? findBrowser('chromium');
  const { trustedAuthority } = options;
  const home = trustedAuthority && (await createTrustingHome(trustedAuthority));
  const browser = await chromium.launch({
    executablePath,
    args: flagsOf(options),
    ...(home && { env: { ...definedIn(env), HOME: home.folder } }),
  });
  browser.once('disconnected', () => void (home && home.remove()));
  return new Chromium(browser, options);
}

function definedIn(environment: NodeJS.ProcessEnv): { [name: string]: string } {
  const entries = Object.entries(environment);
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

class Chromium implements TestBrowser {
  readonly name = 'chromium';
  readonly #browser: Browser;
  readonly #options: BrowserOptions;

  constructor(browser: Browser, options: BrowserOptions) {
    this.#browser = browser;
    this.#options = options;
  }

  async newPage(pageOptions: PageOptions = {}): Promise<TestPage> {
    const options = { ...this.#options, ...pageOptions };
    const { trustsTestServers = false, language, viewport } = options;
    const { colorScheme = 'light', forcedColors = false } = options;
    const context = await this.#browser.newContext({
      ignoreHTTPSErrors: trustsTestServers,
      colorScheme,
      forcedColors: forcedColors ? 'active' : 'none',
      ...(language !== undefined && { locale: language }),
      ...(viewport !== undefined && { viewport, hasTouch: viewport.width < 600 }),
    });
    for (const script of pageScripts(options)) await context.addInitScript(script);
    const page = await context.newPage();
    page.setDefaultTimeout(ACTION_TIMEOUT_MS);
    return new ChromiumPage(context, page);
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}

class ChromiumPage implements TestPage {
  readonly browser = 'chromium';
  readonly requests: string[] = [];
  readonly errors: string[] = [];
  readonly #context: BrowserContext;
  readonly #page: Page;
  readonly #document: Frame;

  constructor(context: BrowserContext, page: Page, document: Frame = page.mainFrame()) {
    this.#context = context;
    this.#page = page;
    this.#document = document;
    page.on('request', (request) => this.requests.push(request.url()));
    page.on('websocket', (socket) => this.requests.push(socket.url()));
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }

  get isClosed(): boolean {
    return this.#page.isClosed();
  }

  async goto(url: string): Promise<void> {
    await this.#page.goto(url);
  }

  async evaluate<Arg, Result>(
    run: (arg: Arg) => Result | Promise<Result>,
    arg: Arg,
  ): Promise<Result> {
    return evaluateAsJson(run, arg, (expression) => this.#document.evaluate(expression));
  }

  async click(role: Role, name: AccessibleName): Promise<void> {
    await this.#find(role, name).click();
  }

  async press(key: string): Promise<void> {
    await this.#page.keyboard.press(key);
  }

  async fill(name: string, text: string): Promise<void> {
    await this.#find('textbox', name).fill(text);
  }

  async select(name: string, value: string): Promise<void> {
    await this.#find('combobox', name).selectOption(value);
  }

  async screenshot(path: `${string}.${'png' | 'webp'}`): Promise<void> {
    if (path.endsWith('.png')) {
      await this.#page.screenshot({ path });
      return;
    }
    const session = await this.#context.newCDPSession(this.#page);
    const picture = { format: 'webp', quality: WEBP_QUALITY } as const;
    const { data } = await session.send('Page.captureScreenshot', picture);
    await session.detach();
    await writeFile(path, data, 'base64');
  }

  async prefer(look: Look): Promise<void> {
    const isForced = look === 'forced colours';
    await this.#page.emulateMedia({
      colorScheme: look === 'dark' ? 'dark' : 'light',
      forcedColors: isForced ? 'active' : 'none',
    });
  }

  async duplicate(): Promise<TestPage> {
    const opened = this.#context.waitForEvent('page');
    await this.#page.evaluate(() => void window.open(location.href));
    const page = await opened;
    page.setDefaultTimeout(ACTION_TIMEOUT_MS);
    return new ChromiumPage(this.#context, page);
  }

  async frame(): Promise<TestPage> {
    const find = (): Frame | undefined => this.#document.childFrames()[0];
    const frame = await eventually('a frame in the page', find, Boolean);
    if (frame === undefined) throw new Error('The page has no frame.');
    return new ChromiumPage(this.#context, this.#page, frame);
  }

  async freeze(durationMs: number): Promise<void> {
    const session = await this.#context.newCDPSession(this.#page);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await pause(durationMs);
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await session.detach();
  }

  cover(): Promise<() => Promise<void>> {
    return Promise.reject(new Error('Chromium shows every page that is driven by a test.'));
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    await this.#page.close({ runBeforeUnload: false });
    if (this.#context.pages().length === 0) await this.#context.close();
  }

  #find(role: Role, name: AccessibleName): Locator {
    return this.#document.getByRole(role, { name, exact: true });
  }
}
