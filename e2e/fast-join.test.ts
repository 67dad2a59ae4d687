/** Joining with an offer made ahead: what is said, and that the call comes up whoever meets. */
import {
  eventually,
  expectConnected,
  expectPicture,
  expectSound,
  readCallConnections,
} from '@parley/testkit';
import type { BrowserName, TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { REMOTE_VIDEO, expectPeople, joinApp, joinAs, openRoom } from './support/app-page.ts';
import { joinPlain } from './support/plain-page.ts';
import { countSignals, watchSignals } from './support/sent-signals.ts';
import { startServerHere, useStage } from './support/stage.ts';
import { expectLight } from './support/video.ts';

const PAIRS: readonly (readonly [BrowserName, BrowserName])[] = [
  ['chromium', 'chromium'],
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
  ['firefox', 'firefox'],
];

describe('joining fast', () => {
  const stage = useStage(startServerHere);

  /** In the lobby, with an offer ready. */
  async function prepare(browser: BrowserName, room: string): Promise<TestPage> {
    const page = await stage.open(browser);
    await openRoom(page, stage, room);
    await expectOffer(page);
    await watchSignals(page);
    return page;
  }

  it.each(PAIRS)('%s is inside, %s brings its offer along', async (first, second) => {
    const room = stage.newRoom();
    const ada = await stage.open(first);
    await joinApp(ada, stage, { room, name: 'Ada' });
    await watchSignals(ada);
    const bob = await prepare(second, room);
    await joinAs(bob, 'Bob');
    await Promise.all([expectConnected(ada), expectConnected(bob)]);
    await Promise.all([
      expectPicture(ada),
      expectPicture(bob),
      expectSound(ada),
      expectSound(bob),
      expectLight(ada, REMOTE_VIDEO),
      expectLight(bob, REMOTE_VIDEO),
    ]);
    expect(await countSignals(bob)).toEqual({ 'join with offer': 1 });
    expect(await countSignals(ada)).toEqual({ answer: 1 });
    const [[answering], [offering]] = [
      await readCallConnections(ada),
      await readCallConnections(bob),
    ];
    expect([answering?.offersMade, answering?.offersReceived]).toEqual([0, 1]);
    expect([offering?.offersMade, offering?.offersReceived]).toEqual([1, 0]);
  });

  it('gives the offer to one of two inside; the other sends one', async () => {
    const room = stage.newRoom();
    const inside: TestPage[] = [];
    for (const name of ['Ada', 'Bob']) {
      const page = await stage.open('chromium');
      await joinApp(page, stage, { room, name });
      inside.push(page);
    }
    await Promise.all(inside.map((page) => expectConnected(page)));
    for (const page of inside) await watchSignals(page);
    const eve = await prepare('chromium', room);
    await joinAs(eve, 'Eve');
    await expectPeople(eve, ['Ada', 'Bob']);
    for (const page of [...inside, eve]) await expectPicture(page, 2);
    expect(await countSignals(eve)).toEqual({ 'join with offer': 1, answer: 1 });
    expect(await Promise.all(inside.map(countSignals))).toEqual([{ answer: 1 }, { offer: 1 }]);
  });

  // Of two pages of one Firefox the one behind stands still, and cannot press anything at once.
  const atOnce = PAIRS.filter((pair) => pair.includes('chromium'));
  it.each(atOnce)('%s and %s were both prepared and press Join at once', async (first, second) => {
    const room = stage.newRoom();
    const pages = [await prepare(first, room), await prepare(second, room)];
    await Promise.all(pages.map((page, index) => joinAs(page, index === 0 ? 'Ada' : 'Bob')));
    await Promise.all(pages.map((page) => expectConnected(page)));
    await Promise.all(pages.map((page) => expectPicture(page)));
    await Promise.all(pages.map((page) => expectLight(page, REMOTE_VIDEO)));
    for (const page of pages) {
      const connections = await readCallConnections(page);
      expect(connections.map(({ offersTakenBack }) => offersTakenBack)).toEqual([0]);
    }
  });

  it.each(['chromium', 'firefox'] as const)(
    '%s meets a page written by hand, which sends an offer as ever',
    async (browser) => {
      const room = stage.newRoom();
      const ada = await stage.open('chromium');
      await joinPlain(ada, stage, room);
      await watchSignals(ada);
      const bob = await prepare(browser, room);
      await joinAs(bob, 'Bob');
      await Promise.all([expectPicture(ada), expectPicture(bob), expectLight(bob, REMOTE_VIDEO)]);
      expect(await countSignals(ada)).toEqual({ offer: 1 });
      expect(await countSignals(bob)).toEqual({ 'join with offer': 1, answer: 1 });
    },
  );

  it('works without having been prepared', async () => {
    const room = stage.newRoom();
    const [ada, bob] = [await stage.open('chromium'), await stage.open('chromium')];
    await joinApp(ada, stage, { room, name: 'Ada' });
    await joinApp(bob, stage, { room, name: 'Bob' });
    await expectPicture(bob);
    await bob.click('button', 'Leave');
    await watchSignals(bob);
    await bob.click('button', 'Rejoin');
    await Promise.all([expectPicture(ada), expectPicture(bob)]);
    expect(await countSignals(bob)).toEqual({ join: 1, answer: 1 });
  });
});

/** Waits until the page has made an offer that nobody has got. */
async function expectOffer(page: TestPage): Promise<void> {
  await eventually(
    'an offer made ahead',
    () =>
      page.evaluate(() => {
        const made = window.rtcProbe?.connections ?? [];
        return made.some(
          ({ signalingState, iceGatheringState }) =>
            signalingState === 'have-local-offer' && iceGatheringState === 'complete',
        );
      }, undefined),
    Boolean,
  );
}
