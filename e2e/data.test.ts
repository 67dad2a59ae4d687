import type { Room } from '@parley/client';
import type { BrowserName, TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import {
  chooseFile,
  digestChosen,
  expectHere,
  expectIn,
  joinExample,
} from './support/data-page.ts';
import type { DataExample } from './support/data-page.ts';
import { callWithinPage } from './support/page-signaling.ts';
import { loadSdk } from './support/sdk-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

const PAIRS: readonly (readonly [BrowserName, BrowserName])[] = [
  ['chromium', 'chromium'],
  ['chromium', 'firefox'],
];
const STATES = '#transfers .state';
const MEBIBYTE = 1024 * 1024;

describe('data between two people', () => {
  const stage = useStage(startServerHere);

  async function meet(
    example: DataExample,
    [first, second]: readonly [BrowserName, BrowserName],
  ): Promise<[TestPage, TestPage]> {
    const room = stage.newRoom();
    const [ada, bob] = await Promise.all([stage.open(first), stage.open(second)]);
    await joinExample(ada, stage, { example, room, name: 'Ada' });
    await joinExample(bob, stage, { example, room, name: 'Bob' });
    await Promise.all([expectHere(ada, 'Bob'), expectHere(bob, 'Ada')]);
    return [ada, bob];
  }

  it.each(PAIRS)('%s and %s: the example talks', async (...pair) => {
    const [ada, bob] = await meet('data-only', pair);
    await ada.fill('Message', 'hello');
    await ada.click('button', 'Send');
    await expectIn(bob, '#messages', /Ada: hello/u);
    await bob.click('button', 'Ask what time it is there');
    await expectIn(bob, '#messages', /Ada: Here it is .*\d/u);
    await bob.click('button', 'Leave');
    await expectIn(ada, '#status', /alone/u);
  });

  it.each(PAIRS)(
    '%s and %s: 1,000 messages each way arrive once and in order, over an ICE restart',
    async (...pair) => {
      const pages = await meet('data-only', pair);
      await Promise.all(pages.map((page) => page.evaluate(collectCount, undefined)));
      const results = await Promise.all(pages.map((page) => page.evaluate(count, 1_000)));
      for (const received of results) expect(received).toEqual([...Array(1_000).keys()]);
    },
  );

  it.each(['chromium', 'firefox'] as const)(
    '%s: two clients of one page meet by the signaling that the page brings, and the server knows of nobody',
    async (browser) => {
      const page = await stage.open(browser);
      await loadSdk(page, stage.server.url);
      const call = await page.evaluate(callWithinPage, undefined);
      expect(call).toMatchObject({ heard: 'peer-1: hello', left: 'Ada: left' });
      expect(call.frames).toBeGreaterThan(0);
      expect(stage.server.stats).toMatchObject({ connections: 0, peers: 0 });
    },
  );

  it.each(PAIRS)('%s and %s: requests are answered, or fail with a code', async (...pair) => {
    const [ada, bob] = await meet('data-only', pair);
    await bob.evaluate(() => {
      const room: Room = Reflect.get(globalThis, 'room');
      room.handle<number>('double', (value) => value * 2);
      room.handle('never', () => new Promise(() => {}));
    }, undefined);
    const outcomes = await ada.evaluate(async () => {
      const room: Room = Reflect.get(globalThis, 'room');
      const to = room.snapshot.peers[0]?.id;
      if (to === undefined) return [];
      const asked = await Promise.allSettled([
        room.request('double', 21, { to }),
        room.request('unknown', 1, { to }),
        room.request('never', 1, { to, timeoutMs: 500 }),
        room.request('never', 1, { to, signal: AbortSignal.timeout(500) }),
      ]);
      return asked.map((one) =>
        one.status === 'fulfilled' ? one.value : (one.reason.code ?? one.reason.name),
      );
    }, undefined);
    // The code of a DOMException is a number: 23 is that of a TimeoutError.
    expect(outcomes).toEqual([42, 'ERR_REQUEST_UNHANDLED', 'ERR_REQUEST_TIMEOUT', 23]);

    const asking = ada.evaluate(async () => {
      const room: Room = Reflect.get(globalThis, 'room');
      const to = room.snapshot.peers[0]?.id;
      if (to === undefined) return undefined;
      return room.request('never', 1, { to }).catch((error) => error.code);
    }, undefined);
    await bob.click('button', 'Leave');
    expect(await asking).toBe('ERR_PEER_LEFT');
  });

  it.each(PAIRS)('%s sends 50 MB to %s: right checksum, flat memory', async (...pair) => {
    const [ada, bob] = await meet('file-drop', pair);
    await chooseFile(ada, 'film.bin', 50);
    const sha256 = await digestChosen(ada);
    await expectIn(bob, '#transfers', /film\.bin from Ada/u);
    await bob.evaluate(watchMemory, undefined);
    await bob.click('button', 'Accept');
    const done = new RegExp(`SHA-256 ${sha256}`, 'u');
    await Promise.all([expectIn(ada, STATES, done), expectIn(bob, STATES, done)]);
    const samples = await bob.evaluate(
      () => document.body.dataset['heap']?.split(' ').map(Number) ?? [],
      undefined,
    );
    // What is garbage goes now and then; a file that is kept would stay.
    const [before = 0] = samples;
    const kept = Math.min(...samples.slice(samples.length / 2)) - before;
    console.log(
      `${bob.browser}: the heap of the receiver kept ${(kept / MEBIBYTE).toFixed(1)} MiB`,
    );
    expect(kept).toBeLessThan(20 * MEBIBYTE);
  });

  it.each(PAIRS)('%s and %s: either side ends a transfer', async (...pair) => {
    const [ada, bob] = await meet('file-drop', pair);
    await chooseFile(ada, 'one.bin', 1);
    await expectIn(bob, '#transfers', /one\.bin/u);
    await bob.click('button', 'Decline');
    await expectIn(ada, STATES, /ERR_FILE_REJECTED/u);

    await chooseFile(ada, 'two.bin', 200);
    await expectIn(bob, '#transfers', /two\.bin/u);
    await bob.click('button', 'Accept');
    await expectIn(bob, STATES, /\d kB/u);
    await bob.click('button', 'Cancel');
    await expectIn(bob, STATES, /You have cancelled/u);
    await expectIn(ada, STATES, /ERR_FILE_CANCELLED/u);

    await chooseFile(bob, 'three.bin', 200);
    await expectIn(ada, '#transfers', /three\.bin/u);
    await ada.click('button', 'Accept');
    await expectIn(bob, STATES, /\d kB/u);
    await bob.click('button', 'Cancel');
    // It cancelled one before, as the sender; this one it was receiving.
    await expectIn(ada, STATES, /ERR_FILE_CANCELLED[^]*ERR_FILE_CANCELLED/u);
  });

  it.each(PAIRS)('%s and %s: who leaves in the middle ends the transfer', async (...pair) => {
    const [ada, bob] = await meet('file-drop', pair);
    await chooseFile(ada, 'film.bin', 200);
    await expectIn(bob, '#transfers', /film\.bin/u);
    await bob.click('button', 'Accept');
    await expectIn(ada, STATES, /\d kB/u);
    await bob.click('button', 'Leave');
    await expectIn(ada, STATES, /ERR_PEER_LEFT/u);
  });
});

/** Runs in a page: remembers what comes on the channel `count`. */
function collectCount(): void {
  const room: Room = Reflect.get(globalThis, 'room');
  const received: number[] = [];
  Reflect.set(globalThis, 'received', received);
  room.channel<number>('count').on('message', ({ data }) => received.push(data));
}

/** Runs in a page: sends numbers, restarts ICE in the middle, waits for those of the other side. */
async function count(total: number): Promise<readonly number[]> {
  const room: Room = Reflect.get(globalThis, 'room');
  const received: readonly number[] = Reflect.get(globalThis, 'received');
  const channel = room.channel<number>('count');
  for (let number = 0; number < total; number += 1) {
    if (number === total / 2) room.snapshot.peers[0]?.connection.restartIce();
    await channel.send(number);
    if (number % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  for (let waited = 0; received.length < total && waited < 200; waited += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return received;
}

/** Runs in a page: notes the size of its heap, 0 where the browser does not tell. */
function watchMemory(): void {
  const samples: number[] = [];
  setInterval(() => {
    samples.push(Number(Reflect.get(performance, 'memory')?.usedJSHeapSize ?? 0));
    document.body.dataset['heap'] = samples.join(' ');
  }, 50);
}
