/**
 * What two pages do beside showing each other: they count aloud, and one sends a file. The other half
 * is in `pages/`.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { TestPage } from '@parley/testkit';

declare global {
  /** Defined by the pages of the first frame. */
  function loadScript(path: string): Promise<void>;
  /** Defined by `pages/talk.js`. */
  function startTalking(): Promise<void>;
  function stopTalking(): number;
  function readTalk(): Heard;
  function sendFile(mebibytes: number): Promise<string>;
  function receiveFile(): Promise<string>;
}

interface Heard {
  readonly received: number;
  readonly different: number;
  readonly isInOrder: boolean;
  /** Objects that stood for the other person, and those of them that have ended. */
  readonly others: number;
  readonly gone: number;
}

/** What became of everything that was said, of both directions. */
export interface TalkResult {
  readonly lost: number;
  readonly repeated: number;
  readonly isInOrder: boolean;
  /** Each page has held one object for the other person all the while. */
  readonly isSamePeer: boolean;
}

/** For what waits to be sent. */
const CATCH_UP_MS = 20_000;
const POLL_MS = 250;

type Pages = readonly [TestPage, TestPage];

/** Both begin to count, ten times in half a second. */
export async function startTalk(pages: Pages, page: string): Promise<void> {
  for (const one of pages) {
    await one.evaluate(async (name) => {
      await loadScript('/faults/talk.js');
      await loadScript(`/faults/${name}.js`);
    }, page);
  }
  // The one who calls opens the connection that the other one waits for.
  await Promise.all(pages.map((one) => one.evaluate(() => startTalking(), undefined)));
}

/** Both are silent, and have had time to hear what was said. */
export async function endTalk(pages: Pages): Promise<TalkResult> {
  const sent: number[] = [];
  for (const page of pages) sent.push(await page.evaluate(() => stopTalking(), undefined));
  const deadline = performance.now() + CATCH_UP_MS;
  let heard = await readHeard(pages);
  const isBehind = (): boolean =>
    heard.some(({ different }, index) => different < (sent[1 - index] ?? 0));
  while (isBehind() && performance.now() < deadline) {
    await pause(POLL_MS);
    heard = await readHeard(pages);
  }
  const sum = (count: (one: Heard, index: number) => number): number =>
    heard.reduce((total, one, index) => total + count(one, index), 0);
  return {
    lost: sum(({ different }, index) => (sent[1 - index] ?? 0) - different),
    repeated: sum(({ received, different }) => received - different),
    isInOrder: heard.every(({ isInOrder }) => isInOrder),
    isSamePeer: heard.every(({ others, gone }) => others === 1 && gone === 0),
  };
}

/** Sends a file from the second page to the first; resolves to whether it arrived as it is. */
export async function sendFileAcross([to, from]: Pages, mebibytes: number): Promise<boolean> {
  const receiving = to.evaluate(() => receiveFile(), undefined);
  const sending = from.evaluate((size) => sendFile(size), mebibytes);
  try {
    const [sent, received] = await Promise.all([sending, receiving]);
    return sent === received;
  } catch {
    return false; // the page tells why on its console
  }
}

function readHeard(pages: Pages): Promise<Heard[]> {
  return Promise.all(pages.map((page) => page.evaluate(() => readTalk(), undefined)));
}
