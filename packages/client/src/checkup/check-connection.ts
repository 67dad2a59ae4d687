/**
 * Everything a browser can find out about its way to a server, as a table that fills while it is made.
 * @module
 */
import { BROWSER_PLATFORM } from '../platform.ts';
import { gatherCandidates, judgeCandidates, judgeStun } from './candidate-checks.ts';
import type { CheckupContext } from './checkup-context.ts';
import { checkDevice, checkSpeaker } from './device-checks.ts';
import { CHECK_NAMES, finding } from './finding.ts';
import type { CheckName, Finding } from './finding.ts';
import { enterGuest } from './guests.ts';
import type { EnterGuest, Guest } from './guests.ts';
import { checkPage, checkSecureContext } from './page-checks.ts';
import type { PageAccess } from './page-checks.ts';
import { checkRelays } from './relay-checks.ts';
import type { Tell } from './relay-checks.ts';
import { roomOfToken } from './token-room.ts';

/** Options of {@link checkConnection}. */
export interface CheckConnectionOptions {
  /** Origin of the server. @default that of the page */
  readonly url?: string;
  /** Access token of the application, for a server that asks for one. It is not spent. @default none is shown */
  readonly token?: string;
  /** Called with all rows so far, in the order of the table, each time one has changed. */
  readonly onProgress?: (findings: readonly Finding[]) => void;
  /** Ends the checkup early; what was not looked at stays `running`. */
  readonly signal?: AbortSignal;
}

/** What is taken from the browser. */
export interface CheckupBrowser {
  readonly platform: CheckupContext['platform'];
  readonly page: PageAccess;
  readonly enterGuest: EnterGuest;
  readonly newRoom: () => string;
}

/** The way is open, and the door is not. */
const ABOUT_TOKENS = ['invitedOnly', 'invitationRefused'] as const;
const NETWORK = ['candidates', 'stun', 'turnUdp', 'turnTcp', 'turnTls', 'relayQuality'] as const;

/** Looks at the way to the server and at the devices. Never rejects: what goes wrong is a row. */
export function checkConnection(options: CheckConnectionOptions = {}): Promise<readonly Finding[]> {
  return runCheckup(options, {
    platform: BROWSER_PLATFORM,
    page: {
      fetch: (url, init) => fetch(url, init),
      unixMs: () => Date.now(),
      isSecure: isSecureContext,
    },
    enterGuest,
    newRoom: () => `checkup ${hexOf(crypto.getRandomValues(new Uint8Array(16)))}`,
  });
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @internal With a browser of the caller's choice. */
export async function runCheckup(
  options: CheckConnectionOptions,
  browser: CheckupBrowser,
): Promise<readonly Finding[]> {
  const { url = location.origin, signal = new AbortController().signal, onProgress } = options;
  const { token } = options;
  const context: CheckupContext = { url, token, platform: browser.platform, signal };
  const rows = new Map<CheckName, Finding>();
  const inOrder = (): readonly Finding[] => CHECK_NAMES.flatMap((name) => rows.get(name) ?? []);
  const tell: Tell = (row) => {
    rows.set(row.check, row);
    if (!signal.aborted) onProgress?.(inOrder());
  };
  await Promise.all([checkNetwork(context, browser, tell), checkDevices(context, tell)]);
  return inOrder();
}

async function checkNetwork(
  context: CheckupContext,
  browser: CheckupBrowser,
  tell: Tell,
): Promise<void> {
  tell(checkSecureContext(browser.page));
  tell(running('page'));
  for (const row of await checkPage(context, browser.page)) tell(row);
  const room = (context.token && roomOfToken(context.token)) ?? browser.newRoom();
  const guests: Guest[] = [];
  try {
    for (const transport of ['websocket', 'polling'] as const) {
      tell(running(transport));
      const guest = await browser.enterGuest(context, transport, room);
      guests.push(guest);
      tell(guest.finding);
    }
    await checkWays(context, guests, tell);
  } finally {
    for (const guest of guests) guest.close();
  }
}

async function checkWays(
  context: CheckupContext,
  guests: readonly Guest[],
  tell: Tell,
): Promise<void> {
  const told = guests.flatMap(({ iceServers }) => (iceServers === undefined ? [] : [iceServers]));
  const [first, second] = told;
  if (first === undefined) {
    const reasons = new Set(guests.map((guest) => guest.finding.reason));
    const reason = ABOUT_TOKENS.find((one) => reasons.has(one)) ?? 'nobodyLetIn';
    for (const name of NETWORK) tell(finding(name, 'skip', reason));
    return;
  }
  try {
    for (const name of NETWORK.slice(0, -1)) tell(running(name));
    const gathering = gatherCandidates(context, first).then((gathered) => {
      tell(judgeCandidates(gathered));
      return gathered;
    });
    // Where only one guest came in, nobody is there to relay to: it stands in for both.
    const relaying = checkRelays(context, [first, second ?? first], tell);
    const [gathered, reachesUdp] = await Promise.all([gathering, relaying]);
    tell(judgeStun(gathered, reachesUdp));
  } catch {
    tell(finding('candidates', 'fail', 'noWebrtc'));
    for (const name of NETWORK.slice(1)) tell(finding(name, 'skip', 'noWebrtc'));
  }
}

async function checkDevices({ platform }: CheckupContext, tell: Tell): Promise<void> {
  for (const source of ['camera', 'microphone'] as const) {
    tell(running(source));
    tell(await checkDevice(platform, source));
  }
  tell(await checkSpeaker(platform));
}

function running(check: CheckName): Finding {
  return finding(check, 'running', 'running');
}
