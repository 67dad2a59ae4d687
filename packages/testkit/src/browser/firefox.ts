/**
 * Firefox through puppeteer-core and WebDriver BiDi, the standard protocol that Firefox speaks itself.
 * @module
 */
import { launch } from 'puppeteer-core';
import type { Browser, BrowserContext, ElementHandle, Frame, KeyInput, Page } from 'puppeteer-core';
import { eventually } from '../eventually.ts';
import { pageScripts } from './page-scripts.ts';
import { findBrowser } from './find-browser.ts';
import { evaluateAsJson } from './test-page.ts';
import type {
  AccessibleName,
  BrowserOptions,
  PageOptions,
  Role,
  TestBrowser,
  TestPage,
  PressableKey,
} from './test-page.ts';
import { createTrustingProfile } from './trusting-profile.ts';
import type { Profile } from './trusting-profile.ts';

const ACTION_TIMEOUT_MS = 15_000;

/** Values of Firefox's `permissions.default.*` preferences. */
const DENY = 2;
/** Values of Firefox's `media.autoplay.default` preference. */
const AUTOPLAY = { allowed: 0, blocked: 1 } as const;

function preferencesOf(options: BrowserOptions): Record<string, unknown> {
  const {
    cameras = 1,
    permission = 'granted',
    autoplay = 'allowed',
    trustedOrigin,
    language,
  } = options;
  const refused = { 'permissions.default.camera': DENY, 'permissions.default.microphone': DENY };
  return {
    // The relay under test is on loopback, where Firefox does not look by itself.
    'media.peerconnection.ice.loopback': true,
    'media.navigator.streams.fake': cameras > 0,
    'media.navigator.permission.disabled': permission === 'granted',
    ...(permission === 'denied' ? refused : {}),
    'media.autoplay.default': AUTOPLAY[autoplay],
    ...(language === undefined ? {} : { 'intl.accept_languages': language }),
    ...(trustedOrigin === undefined
      ? {}
      : { 'dom.securecontext.allowlist': hostOf(trustedOrigin) }),
  };
}

/** As Firefox compares it: IPv6 without brackets. */
function hostOf(origin: string): string {
  return new URL(origin).hostname.replaceAll(/[[\]]/gu, '');
}

/** Starts Debian's Firefox ESR without a window. */
export async function launchFirefox(options: BrowserOptions): Promise<TestBrowser> {
  const executablePath = options.program ?? findBrowser('firefox');
  const extraPrefsFirefox = preferencesOf(options);
  const profile = options.trustsTestServers === true ? await createTrustingProfile() : undefined;
  const browser = await launch({
    browser: 'firefox',
    executablePath,
    extraPrefsFirefox,
    ...(profile !== undefined && { userDataDir: profile.folder }),
  });
  return new Firefox(browser, options, profile);
}

class Firefox implements TestBrowser {
  readonly name = 'firefox';
  readonly #browser: Browser;
  readonly #options: BrowserOptions;
  readonly #profile: Profile | undefined;

  constructor(browser: Browser, options: BrowserOptions, profile: Profile | undefined) {
    this.#browser = browser;
    this.#options = options;
    this.#profile = profile;
  }

  async newPage(pageOptions: PageOptions = {}): Promise<TestPage> {
    const options = { ...this.#options, ...pageOptions };
    const context = await this.#browser.createBrowserContext();
    const open = async (): Promise<Page> => {
      // A window, not a tab: Firefox lets the tabs behind another one stand still, and each page is a person.
      const page = await context.newPage({ type: 'window' });
      page.setDefaultTimeout(ACTION_TIMEOUT_MS);
      if (options.viewport !== undefined) await page.setViewport(options.viewport);
      for (const script of pageScripts(options)) await page.evaluateOnNewDocument(script);
      return page;
    };
    return new FirefoxPage({ context, open }, await open());
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#profile?.remove();
  }
}

/** What the library calls them. */
const KEY_NAMES = {
  Tab: 'Tab',
  Enter: 'Enter',
  Escape: 'Escape',
  ' ': ' ',
  m: 'KeyM',
  v: 'KeyV',
  c: 'KeyC',
  h: 'KeyH',
} as const satisfies Record<PressableKey, KeyInput>;

/** Whose page it is. */
interface Person {
  readonly context: BrowserContext;
  /** Another page of theirs. */
  readonly open: () => Promise<Page>;
}

class FirefoxPage implements TestPage {
  readonly browser = 'firefox';
  readonly requests: string[] = [];
  readonly errors: string[] = [];
  readonly #person: Person;
  readonly #page: Page;
  readonly #document: Frame;

  constructor(person: Person, page: Page, document: Frame = page.mainFrame()) {
    this.#person = person;
    this.#page = page;
    this.#document = document;
    page.on('request', (request) => this.requests.push(request.url()));
    page.on('pageerror', (error) => this.errors.push(String(error)));
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
    if (typeof name === 'string') {
      await this.#document.locator(selectorOf(role, name)).click();
    } else {
      await (await this.#findByPattern(role, name)).click();
    }
  }

  async press(key: PressableKey): Promise<void> {
    await this.#page.keyboard.press(KEY_NAMES[key]);
  }

  async fill(name: string, text: string): Promise<void> {
    // To see that it stands still takes frames, of which a page behind another one gets none.
    const field = this.#document.locator(selectorOf('textbox', name));
    await field.setWaitForStableBoundingBox(false).fill(text);
  }

  async select(name: string, value: string): Promise<void> {
    const selector = selectorOf('combobox', name);
    await this.#document.waitForSelector(selector);
    await this.#document.select(selector, value);
  }

  async screenshot(path: `${string}.${'png' | 'webp'}`): Promise<void> {
    await this.#page.screenshot({ path });
  }

  prefer(): Promise<void> {
    return Promise.reject(new Error('Firefox cannot be told what the system prefers.'));
  }

  async duplicate(): Promise<TestPage> {
    const url = this.#page.url();
    const memory = await this.#page.evaluate(() => JSON.stringify(sessionStorage));
    const page = await this.#person.open();
    // A place at the same address where nothing runs yet.
    await page.goto(new URL('/healthz', url).href);
    await page.evaluate((text) => Object.assign(sessionStorage, JSON.parse(text)), memory);
    await page.goto(url);
    return new FirefoxPage(this.#person, page);
  }

  async frame(): Promise<TestPage> {
    const find = (): Frame | undefined => this.#document.childFrames()[0];
    const frame = await eventually('a frame in the page', find, Boolean);
    if (frame === undefined) throw new Error('The page has no frame.');
    return new FirefoxPage(this.#person, this.#page, frame);
  }

  freeze(): Promise<void> {
    return Promise.reject(new Error('Firefox cannot be told to freeze a page.'));
  }

  async cover(): Promise<() => Promise<void>> {
    await this.#page.bringToFront(); // a new tab belongs to the window that was used last
    const tab = await this.#person.context.newPage();
    const isHidden = (): Promise<boolean> =>
      this.evaluate(() => document.visibilityState === 'hidden', undefined);
    await eventually('a page that nobody sees', isHidden, Boolean);
    return async () => {
      await tab.close();
      await this.#page.bringToFront();
    };
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    const { context } = this.#person;
    await this.#page.close({ runBeforeUnload: false });
    if ((await context.pages()).length === 0) await context.close();
  }

  /** BiDi finds accessible names only in full; patterns are matched here. */
  async #findByPattern(role: Role, pattern: RegExp): Promise<ElementHandle> {
    const find = async (): Promise<ElementHandle | undefined> => {
      for (const element of await this.#document.$$(`::-p-aria([role="${role}"])`)) {
        const name = await element.evaluate((node) => {
          return node.ariaLabel ?? (node.textContent ?? '').trim();
        });
        if (pattern.test(name) && (await element.isVisible())) return element;
      }
      return undefined;
    };
    const options = { deadlineMs: ACTION_TIMEOUT_MS };
    const found = await eventually(`a ${role} named ${pattern}`, find, Boolean, options);
    if (found === undefined) throw new Error(`No ${role} is named ${pattern}.`);
    return found;
  }
}

function selectorOf(role: Role, name: string): string {
  return `::-p-aria([name=${JSON.stringify(name)}][role="${role}"])`;
}
