/**
 * One small interface over two automation libraries, so that a test is written once and runs in
 * Chromium and in Firefox.
 * @module
 */
import type { RelayTransport } from '../rtc/force-relay.ts';
import type { CameraSize } from '../rtc/small-camera.ts';
import type { BrowserName } from './find-browser.ts';

/** ARIA roles of the things a person can use. */
export type Role = 'button' | 'switch' | 'textbox' | 'combobox' | 'link';

/** An accessible name, in full or as a pattern. */
export type AccessibleName = string | RegExp;

/** How the fake devices of a browser behave. */
export interface BrowserOptions {
  /** Cameras that can be used in a call. Firefox has one fake camera at most. @default 2 */
  readonly cameras?: 0 | 1 | 2;
  /** How large the pictures of cameras are: as the page asks for them, or 320 x 180. @default 'as asked' */
  readonly cameraSize?: CameraSize;
  /** Draws somebody in place of what the fake cameras give, in this hue, 0 to 359. */
  readonly drawnPerson?: number;
  /**
   * What a page gets when it asks for a screen: the whole of it, or this tab alone. Firefox shares none
   * without a display. @default 'monitor'
   */
  readonly screen?: 'monitor' | 'browser';
  /** Whether pages may use camera and microphone. @default 'granted' */
  readonly permission?: 'granted' | 'denied';
  /** Whether sound may start without a click. @default 'allowed' */
  readonly autoplay?: 'allowed' | 'blocked';
  /** Lets calls use nothing but a relay, reached in this way. @default every way is open */
  readonly relay?: RelayTransport;
  /** Whether the certificate of our test servers is accepted. @default false */
  readonly trustsTestServers?: boolean;
  /** An authority (PEM) that is trusted as those of the system are. Chromium only. @default none */
  readonly trustedAuthority?: string;
  /** Whether websockets work. Blocked, they cannot be opened, as in Safari on a self-signed certificate. @default 'open' */
  readonly webSockets?: 'open' | 'blocked';
  /** Program to start in place of the installed browser, such as one on a host of the laboratory. */
  readonly program?: string;
  /** Size of the page in CSS pixels. @default that of the library */
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Chromium only. @default 'light' */
  readonly colorScheme?: 'light' | 'dark';
  /** Whether the system replaces the colours of pages; Chromium only. @default false */
  readonly forcedColors?: boolean;
  /** Preferred language of the person, such as `ko-KR`. @default that of the machine */
  readonly language?: string;
  /** Origin without TLS whose pages may use camera and microphone all the same. @default none */
  readonly trustedOrigin?: string;
  /**
   * A name that leads to this machine; a page there is as far from secure as one anywhere in a network. Chromium only.
   * @default none
   */
  readonly machineName?: string;
}

/** How one page differs from what its browser was started with. */
export type PageOptions = Pick<
  BrowserOptions,
  | 'cameraSize'
  | 'colorScheme'
  | 'drawnPerson'
  | 'forcedColors'
  | 'relay'
  | 'viewport'
  | 'webSockets'
>;

/** Names of what may differ between the pages of one browser. */
export const PAGE_OPTIONS: { readonly [Name in keyof Required<PageOptions>]: true } = {
  cameraSize: true,
  colorScheme: true,
  drawnPerson: true,
  forcedColors: true,
  relay: true,
  viewport: true,
  webSockets: true,
};

/** What somebody has set in their system. */
export type Look = 'light' | 'dark' | 'forced colours';

/** A browser process. Its owner must `close` it. */
export interface TestBrowser {
  readonly name: BrowserName;
  /** A page of a person of their own: no storage is shared with other pages. */
  newPage(options?: PageOptions): Promise<TestPage>;
  close(): Promise<void>;
}

/** Keys that tests press, as `KeyboardEvent.key` names them. */
export type PressableKey = 'Tab' | 'Enter' | 'Escape' | ' ' | 'm' | 'v' | 'c' | 'h';

/** A page as a person uses it. Elements are found by role and accessible name, never by CSS. */
export interface TestPage {
  readonly browser: BrowserName;
  /** Addresses of everything the page asked for so far: documents, scripts, sockets. */
  readonly requests: readonly string[];
  /** What went wrong in the page so far: uncaught errors and errors in the console. */
  readonly errors: readonly string[];
  /** True once `close` was called: nothing can be read from the page any more. */
  readonly isClosed: boolean;
  goto(url: string): Promise<void>;
  /**
   * Runs a function inside the page. It sees nothing of the test around it but `arg`; both `arg` and
   * the result travel as JSON.
   */
  evaluate<Arg, Result>(run: (arg: Arg) => Result | Promise<Result>, arg: Arg): Promise<Result>;
  /** Waits until the element can be clicked, then clicks it as a mouse does. */
  click(role: Role, name: AccessibleName): Promise<void>;
  /** Presses and releases one key, named as in `KeyboardEvent.key`, on what has the focus. */
  press(key: PressableKey): Promise<void>;
  fill(name: string, text: string): Promise<void>;
  /** Chooses the option with this value in a list. */
  select(name: string, value: string): Promise<void>;
  /** WebP is small, for pictures that are kept; Chromium only. */
  screenshot(path: `${string}.${'png' | 'webp'}`): Promise<void>;
  /** Changes what the system prefers, on the page as it is. @throws in Firefox, which knows no such command */
  prefer(look: Look): Promise<void>;
  /**
   * Another tab of the same person at the same address, as browsers duplicate one: it has the same storage, and a copy of
   * what the tab remembers. It is closed with the last one of them.
   */
  duplicate(): Promise<TestPage>;
  /** What is in the page's only frame, used as a page is; waits until there is one. Closing it closes the page. */
  frame(): Promise<TestPage>;
  /**
   * Stops the page for a time, as browsers do with pages that nobody looks at: no script runs.
   * @throws in Firefox, which knows no such command
   */
  freeze(durationMs: number): Promise<void>;
  /**
   * Opens another tab in front, so that nobody sees the page; resolves to what closes that tab.
   * @throws in Chromium, whose pages are seen for as long as a test drives them
   */
  cover(): Promise<() => Promise<void>>;
  /** Closes the tab without letting the page say goodbye. Idempotent. */
  close(): Promise<void>;
}

/** Runs a function in a page, given the library's way to evaluate a text there. */
export async function evaluateAsJson<Arg, Result>(
  run: (arg: Arg) => Result | Promise<Result>,
  arg: Arg,
  evaluateText: (expression: string) => Promise<unknown>,
): Promise<Result> {
  const call = `(${run.toString()})(${JSON.stringify(arg)})`;
  const json = await evaluateText(`(async () => JSON.stringify({ result: await ${call} }))()`);
  if (typeof json !== 'string') throw new TypeError(`The page answered ${String(json)}, not JSON`);
  const { result }: { result: Result } = JSON.parse(json);
  return result;
}
