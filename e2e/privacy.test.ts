import { eventually, expectPicture, expectSound, readOpenConnections } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import type * as Sdk from '@parley/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectPeople, expectText, joinAs } from './support/app-page.ts';
import { startHostileServer } from './support/hostile-server.ts';
import type { HostileServer } from './support/hostile-server.ts';
import { forge, sitBetween } from './support/middle-page.ts';
import { expectError, joinPlain } from './support/plain-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

/** Under test is the SDK itself, in a page without the app. */
declare global {
  interface Window {
    sdk?: typeof Sdk;
    joined?: Sdk.Room;
  }
}

const KEY = 'AAECAwQFBgcICQoLDA0ODw';

describe('a link with a key', () => {
  const stage = useStage(startServerHere);

  it('is what New call makes, and two people who have it see and hear each other', async () => {
    const [ada, bob] = await Promise.all([stage.open('chromium'), stage.open('firefox')]);
    await ada.goto(stage.server.url);
    await ada.click('button', 'New call');
    await expectText(ada, /Ready to (?:join|start)/u);
    const link = await ada.evaluate(() => location.href, undefined);
    expect(link).toMatch(/\/r\/[^#]+#k=[\w-]{22}$/u);
    await joinAs(ada, 'Ada');
    const shown = 'input[aria-label="Link to this call"]';
    expect(await ada.evaluate(readValue, shown)).toBe(link);
    await bob.goto(link);
    await joinAs(bob, 'Bob');
    await Promise.all([expectPeople(ada, ['Bob']), expectPeople(bob, ['Ada'])]);
    await Promise.all([expectPicture(ada), expectPicture(bob), expectSound(ada), expectSound(bob)]);
  });

  it('whoever opens it without its key is told so, and does not connect', async () => {
    const [ada, bob] = await Promise.all([stage.open('chromium'), stage.open('chromium')]);
    const room = stage.newRoom();
    const link = `${stage.server.url}/r/${encodeURIComponent(room)}`;
    await ada.goto(`${link}#k=${KEY}`);
    await joinAs(ada, 'Ada');
    await bob.goto(link);
    await joinAs(bob, 'Bob');
    await expectText(bob, /Your link is not complete/u);
    await expectText(ada, /Came without the key/u);
    await expectNothingReceived(ada, bob);
  });

  it('is not used when it is damaged', async () => {
    const ada = await stage.open('chromium');
    await ada.goto(`${stage.server.url}/r/${encodeURIComponent(stage.newRoom())}#k=cut`);
    await expectText(ada, /The link is damaged/u);
    await ada.click('button', 'Try again');
    await expectText(ada, /The link is damaged/u);
    expect(await ada.evaluate(() => document.querySelector('[data-peer]'), undefined)).toBeNull();
  });

  it('the tutorial page says in words that it has none', async () => {
    const [ada, plain] = await Promise.all([stage.open('chromium'), stage.open('chromium')]);
    const room = stage.newRoom();
    await ada.goto(`${stage.server.url}/r/${encodeURIComponent(room)}#k=${KEY}`);
    await joinAs(ada, 'Ada');
    await joinPlain(plain, stage, room);
    await expectError(plain, /key/u);
    await expectNothingReceived(ada, plain);
  });
});

describe('a hostile server', () => {
  let hostile: HostileServer;
  // Hooks at the end run backwards: the pages of the stage are closed before their server.
  afterEach(() => hostile.close());
  const stage = useStage(startServerHere);
  beforeEach(async () => {
    hostile = await startHostileServer(stage.server.url);
  });

  async function meet(key: string | undefined): Promise<readonly [TestPage, TestPage]> {
    const pages = [await stage.open('chromium'), await stage.open('firefox')] as const;
    const room = stage.newRoom();
    for (const page of pages) {
      await page.goto(`${hostile.url}/examples/plain/`);
      await page.evaluate(joinWithSdk, { room, key });
    }
    return pages;
  }

  it.each([undefined, KEY])(
    'CODE-4 as long as it is honest, codes are equal: key %s',
    async (key) => {
      const [ada, bob] = await meet(key);
      await Promise.all([expectPeerState(ada, /^connected/u), expectPeerState(bob, /^connected/u)]);
      const codes = await Promise.all([
        ada.evaluate(readCode, undefined),
        bob.evaluate(readCode, undefined),
      ]);
      expect(codes[0]).toMatch(/^\d{5}(?: \d{5}){5}$/u);
      expect(codes[1]).toBe(codes[0]);
    },
  );

  it('CODE-5 can be between two people without a key, and they see different codes', async () => {
    hostile.tamper = await sitBetween(await middle());
    const [ada, bob] = await meet(undefined);
    await Promise.all([expectPeerState(ada, /^connected/u), expectPeerState(bob, /^connected/u)]);
    const codes = await Promise.all([
      ada.evaluate(readCode, undefined),
      bob.evaluate(readCode, undefined),
    ]);
    expect(codes[0]).toMatch(/^\d{5}(?: \d{5}){5}$/u);
    expect(codes[1]).not.toBe(codes[0]);
  });

  it('SEAL-10 finds nothing to change when the link has a key', async () => {
    const inTheMiddle = await sitBetween(await middle());
    const seen: string[] = [];
    const events = new Set<string>();
    hostile.tamper = async (signal) => {
      const { event, payload } = signal;
      events.add(event);
      seen.push(JSON.stringify(payload));
      // Candidates cannot be told from descriptions any more: it passes on what it cannot read.
      return event === 'icecandidate' ? payload : inTheMiddle(signal);
    };
    const [ada, bob] = await meet(KEY);
    await Promise.all([expectPeerState(ada, /^connected/u), expectPeerState(bob, /^connected/u)]);
    // Candidates that come early travel in these.
    expect([...events]).toEqual(expect.arrayContaining(['offer', 'answer']));
    expect(seen.join(' ')).not.toMatch(/fingerprint|candidate:|v=0/u);
    const codes = await Promise.all([
      ada.evaluate(readCode, undefined),
      bob.evaluate(readCode, undefined),
    ]);
    expect(codes[1]).toBe(codes[0]);
  });

  it('SEAL-10 is refused with descriptions of its own when the link has a key', async () => {
    const own = await forge(await middle());
    hostile.tamper = ({ event }) => (event === 'icecandidate' ? null : { type: event, sdp: own });
    const [ada, bob] = await meet(KEY);
    await expectPeerState(bob, /^connecting ERR_SIGNAL_UNSEALED/u);
    await expectPeerState(ada, /^connecting/u);
    await expectNothingReceived(ada, bob);
  });

  it('CODE-4 without a key and with nobody between, swapped fingerprints connect nobody', async () => {
    hostile.tamper = ({ payload }) => JSON.parse(swapFingerprint(JSON.stringify(payload)));
    const [ada, bob] = await meet(undefined);
    await expectPeerState(ada, /^(?:connecting|failed)/u);
    await expectNothingReceived(ada, bob);
  });

  async function middle(): Promise<TestPage> {
    const page = await stage.open('chromium');
    await page.goto(`${stage.server.url}/examples/plain/`);
    return page;
  }
});

function readValue(selector: string): string {
  const field = document.querySelector(selector);
  return field instanceof HTMLInputElement ? field.value : '';
}

async function joinWithSdk(options: { room: string; key: string | undefined }): Promise<void> {
  // Not `import()`: the test runner would put its own in place of it.
  const script = document.createElement('script');
  script.type = 'module';
  // A module inside the page has no `load` event of its own.
  script.textContent = `
    import * as sdk from '/sdk/parley.js';
    window.sdk = sdk;
    dispatchEvent(new Event('sdkloaded'));`;
  const loaded = new Promise((resolve) => {
    addEventListener('sdkloaded', resolve, { once: true });
  });
  document.head.append(script);
  await loaded;
  if (window.sdk === undefined) throw new Error('no SDK');
  const client = window.sdk.createClient();
  await client.media.start({ camera: true, microphone: true });
  window.joined = await client.join(options.room, { key: options.key });
}

/** State of the only other person, and why something of theirs was refused. */
function readPeerState(): string {
  const { state = 'none', refusal } = window.joined?.snapshot.peers[0]?.snapshot ?? {};
  return `${state} ${refusal?.code ?? ''}`;
}

async function readCode(): Promise<string> {
  return (await window.joined?.snapshot.peers[0]?.safetyCode()) ?? 'nobody';
}

async function expectPeerState(page: TestPage, pattern: RegExp): Promise<void> {
  await eventually(
    `a peer that is ${pattern}`,
    () => page.evaluate(readPeerState, undefined),
    (state) => pattern.test(state),
  );
}

/** No sound and no picture has come, and no connection stands. */
async function expectNothingReceived(...pages: readonly TestPage[]): Promise<void> {
  for (const page of pages) {
    for (const { state, audio, video } of await readOpenConnections(page)) {
      expect(state).not.toBe('connected');
      expect([audio.packetsReceived, video.packetsReceived]).toEqual([0, 0]);
    }
  }
}

/** Turns every fingerprint into that of nobody. */
function swapFingerprint(text: string): string {
  return text.replaceAll(/(fingerprint:sha-256 )[0-9A-F]{2}:[0-9A-F]{2}/gu, '$100:00');
}
