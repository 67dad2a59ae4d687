/**
 * The stage of a test file: one server, the browsers it needs, a fresh page for each person. Closes
 * everything, keeps a picture of each page when a test fails, and lets no page talk to a third party.
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launchBrowser, PAGE_OPTIONS, readConnections, readPlayers } from '@parley/testkit';
import type {
  BrowserName,
  BrowserOptions,
  PageOptions,
  TestBrowser,
  TestPage,
} from '@parley/testkit';
import { startServer } from '@parley/server';
import type { ParleyServer, ServerOptions } from '@parley/server';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

const ARTIFACTS = fileURLToPath(new URL('../artifacts/', import.meta.url));
const HOST = '127.0.0.1';
/** Name of this machine where a test needs one that browsers do not take for their own. */
export const MACHINE_NAME = 'calls.test';
const OUR_HOSTS: ReadonlySet<string> = new Set([HOST, 'localhost', MACHINE_NAME]);
/** Schemes that reach nobody. */
const INNER_SCHEMES = new Set(['data:', 'blob:', 'about:']);
/** STUN and TURN of the server under test. */
const OUR_ICE_SERVER =
  /^(?:stun|turn|turns):(?:127\.0\.0\.1|localhost|calls\.test):\d+(?:\?transport=(?:udp|tcp))?$/u;

/** A server as the stage needs it. */
interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** What a test file uses. */
export interface Stage<Server extends RunningServer = RunningServer> {
  readonly server: Server;
  /**
   * A page of a new person. A browser is started once per file, and once more for each set of options
   * that a page alone cannot have. Cameras give small pictures, unless the options say otherwise.
   */
  open(browser: BrowserName, options?: BrowserOptions): Promise<TestPage>;
  /** Another tab of the person who has this one. Chromium only. */
  duplicate(page: TestPage): Promise<TestPage>;
  /** A room name no other test has used. */
  newRoom(): string;
  /** Takes the server away, on a stage that {@link StageOptions.losesServer}. */
  stopServer(): Promise<void>;
}

/** Our server inside this process, where a test can look at its numbers. */
export function startServerHere(options: ServerOptions = {}): Promise<ParleyServer> {
  return startServer({ port: 0, host: HOST, ...options });
}

/** What a browser's console says of a server that does not answer. */
const UNREACHABLE = new RegExp(
  [
    'ERR_CONNECTION_(?:REFUSED|RESET|CLOSED)',
    'ERR_EMPTY_RESPONSE',
    'Connection closed before receiving a handshake response',
    'WebSocket is already in CLOSING or CLOSED state',
    'can’t establish a connection to the server',
    'was interrupted while the page was loading',
  ].join('|'),
  'u',
);

/** What it says of a frame that is refused. */
const FRAME_REFUSED = /frame-ancestors/u;

/** What it says of a request that the policy of the page does not allow. */
const REQUEST_REFUSED = /connect-src|violates the document's Content Security Policy/u;

/** How a stage is kept. */
interface StageOptions {
  /** Whether the test takes the server away: then a page may say that it cannot reach it. @default false */
  readonly losesServer?: boolean;
  /** Whether the test frames a page that may not be framed. @default false */
  readonly refusesFrames?: boolean;
  /** Whether the test forbids pages some of their requests. @default false */
  readonly refusesRequests?: boolean;
}

/** Of all stages of a test file, by what they were started with. */
const browsers = new Map<string, Promise<TestBrowser>>();

afterAll(async () => {
  const started = await Promise.allSettled(browsers.values());
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  await Promise.all(running.map((browser) => browser.close()));
});

/** A page in a browser with these options, which is started when there is none yet. */
async function openPage(name: BrowserName, options: BrowserOptions): Promise<TestPage> {
  const entries = Object.entries(options);
  const ofBrowser: BrowserOptions = Object.fromEntries(
    entries.filter(([option]) => !Object.hasOwn(PAGE_OPTIONS, option)),
  );
  const ofPage: PageOptions = Object.fromEntries(
    entries.filter(([option]) => Object.hasOwn(PAGE_OPTIONS, option)),
  );
  const key = JSON.stringify([name, ofBrowser]);
  const starting = browsers.get(key) ?? launchBrowser(name, ofBrowser);
  browsers.set(key, starting);
  return (await starting).newPage(ofPage);
}

/** Registers the hooks of a test file and returns its stage. */
export function useStage<Server extends RunningServer>(
  start: () => Promise<Server>,
  { losesServer = false, refusesFrames = false, refusesRequests = false }: StageOptions = {},
): Stage<Server> {
  const expected = [
    ...(losesServer ? [UNREACHABLE] : []),
    ...(refusesFrames ? [FRAME_REFUSED] : []),
    ...(refusesRequests ? [REQUEST_REFUSED] : []),
  ];
  const pages = new Set<TestPage>();
  let server: Server | undefined;
  let rooms = 0;

  beforeAll(async () => {
    server = await start();
  });

  afterEach(async ({ task }) => {
    const opened = [...pages];
    pages.clear();
    try {
      const readable = opened.filter((page) => !page.isClosed);
      if (task.result?.state === 'fail') await keepEvidence(task.name, readable);
      for (const page of opened) expectNoErrors(page, expected);
      await Promise.all(opened.map(expectNoThirdParty));
    } finally {
      await Promise.all(opened.map((page) => page.close()));
    }
  });

  afterAll(async () => server?.close());

  return {
    get server() {
      if (server === undefined) throw new Error('The server runs only during tests.');
      return server;
    },
    async open(name, options = {}) {
      const page = await openPage(name, { cameraSize: 'small', ...options });
      pages.add(page);
      return page;
    },
    async duplicate(page) {
      const tab = await page.duplicate();
      pages.add(tab);
      return tab;
    },
    newRoom() {
      rooms += 1;
      return `room ${rooms}`;
    },
    stopServer: async () => server?.close(),
  };
}

function expectNoErrors({ errors }: TestPage, expected: readonly RegExp[]): void {
  const unexpected = errors.filter((error) => !expected.some((pattern) => pattern.test(error)));
  expect(unexpected, 'errors in the page').toEqual([]);
}

/** Every address a page asked for, and every ICE server it was told to use, is on this machine. */
async function expectNoThirdParty(page: TestPage): Promise<void> {
  const foreign = page.requests.filter((address) => {
    const { protocol, hostname } = new URL(address);
    return !INNER_SCHEMES.has(protocol) && !OUR_HOSTS.has(hostname);
  });
  expect(foreign, 'requests to third parties').toEqual([]);
  const connections = page.isClosed ? [] : await readConnections(page);
  const iceServers = connections.flatMap(({ iceServerUrls }) => iceServerUrls);
  expect(
    iceServers.filter((url) => !OUR_ICE_SERVER.test(url)),
    'ICE servers of third parties',
  ).toEqual([]);
}

async function keepEvidence(test: string, pages: readonly TestPage[]): Promise<void> {
  mkdirSync(ARTIFACTS, { recursive: true });
  const name = test.replaceAll(/[^a-z0-9]+/giu, '-');
  for (const [index, page] of pages.entries()) {
    const path = `${ARTIFACTS}${name}-${index + 1}-${page.browser}` as const;
    await page.screenshot(`${path}.png`);
    const connections = await readConnections(page);
    const players = await readPlayers(page);
    const evidence = { errors: page.errors, requests: page.requests, players, connections };
    writeFileSync(`${path}.json`, JSON.stringify(evidence, undefined, 2));
  }
}
