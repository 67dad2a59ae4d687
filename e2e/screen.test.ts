import {
  eventually,
  expectConnected,
  expectPicture,
  expectSound,
  readCallConnections,
  readPlayers,
} from '@parley/testkit';
import type { BrowserName, BrowserOptions, TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { REMOTE_VIDEO, isSwitchedOn, joinApp, meetInApp } from './support/app-page.ts';
import { PEERS_FACE, joinPlain } from './support/plain-page.ts';
import { negotiated } from './support/sending.ts';
import { startServerHere, useStage } from './support/stage.ts';
import { expectLight } from './support/video.ts';

/** Who shares is Chromium: Firefox has no screen to share without a display. */
const VIEWERS: readonly BrowserName[] = ['chromium', 'firefox'];
const SCREEN_VIDEO = '[data-screen] video';
const SHARE = 'Share screen';
/** So often offers have to cross; each round may fail to make them. */
const MAX_ROUNDS = 8;

describe('a shared screen', () => {
  const stage = useStage(startServerHere);

  async function meet(
    second: BrowserName,
    options: BrowserOptions = {},
  ): Promise<[TestPage, TestPage]> {
    const room = stage.newRoom();
    const [ada, bob] = await Promise.all([stage.open('chromium', options), stage.open(second)]);
    await meetInApp(stage, room, { Ada: ada, Bob: bob });
    await Promise.all([expectConnected(ada), expectConnected(bob)]);
    await Promise.all([expectLight(ada, REMOTE_VIDEO), expectLight(bob, REMOTE_VIDEO)]);
    return [ada, bob];
  }

  it.each(VIEWERS)('is seen in %s beside the camera, and goes', async (second) => {
    const [ada, bob] = await meet(second);
    const [before] = await readCallConnections(ada);
    await ada.click('switch', SHARE);
    await expectLight(bob, SCREEN_VIDEO);
    await expectMoving(bob, 2);
    expect(await isSwitchedOn(ada, SHARE)).toBe(true);
    const [during] = await readCallConnections(ada);
    expect(offersSince(during, before), 'one negotiation').toBe(1);

    await ada.click('switch', SHARE);
    await expectNoScreen(bob);
    expect(await isSwitchedOn(ada, SHARE)).toBe(false);
    await Promise.all([expectPicture(bob), expectSound(bob)]);

    await ada.click('switch', SHARE);
    await expectLight(bob, SCREEN_VIDEO);
    await expectMoving(bob, 2);
    const [again] = await readCallConnections(ada);
    expect(negotiated(again), 'no negotiation for the second time').toEqual(negotiated(during));
  });

  it('of the whole system comes without its sound, which would be an echo', async () => {
    const [ada, bob] = await meet('chromium');
    await ada.click('switch', SHARE);
    await expectLight(bob, SCREEN_VIDEO);
    expect(await screenSoundPlayers(bob)).toBe(0);
    const [reading] = await readCallConnections(ada);
    expect(reading?.senders.map(({ kind }) => kind)).toEqual(['audio', 'video', 'video']);
  });

  it('of a tab brings its sound', async () => {
    const [ada, bob] = await meet('chromium', { screen: 'browser' });
    await ada.click('switch', SHARE);
    await expectLight(bob, SCREEN_VIDEO);
    await eventually('sound of the screen', () => screenSoundPlayers(bob), Boolean);
    const players = await readPlayers(bob);
    expect(players.filter(({ tracks }) => tracks[0]?.kind === 'audio')).toHaveLength(2);
  });

  it('can be shared by both at once', async () => {
    let crossings = 0;
    for (let round = 1; crossings === 0 && round <= MAX_ROUNDS; round += 1) {
      const [ada, bob] = await meet('chromium');
      await Promise.all([ada.click('switch', SHARE), bob.click('switch', SHARE)]);
      await Promise.all([expectLight(ada, SCREEN_VIDEO), expectLight(bob, SCREEN_VIDEO)]);
      await Promise.all([expectMoving(ada, 2), expectMoving(bob, 2)]);
      const readings = [...(await readCallConnections(ada)), ...(await readCallConnections(bob))];
      crossings = readings.reduce((sum, { offersTakenBack }) => sum + offersTakenBack, 0);
      await Promise.all([ada.close(), bob.close()]);
    }
    expect(crossings, 'offers that crossed').toBeGreaterThan(0);
  });

  it('is there for somebody who comes later', async () => {
    const room = stage.newRoom();
    const [ada, bob] = await Promise.all([stage.open('chromium'), stage.open('chromium')]);
    await joinApp(ada, stage, { room, name: 'Ada' });
    await ada.click('switch', SHARE);
    await joinApp(bob, stage, { room, name: 'Bob' });
    await expectLight(bob, SCREEN_VIDEO);
    await expectMoving(bob, 2);
  });

  it('takes the place of the camera on a page without the SDK', async () => {
    const room = stage.newRoom();
    const [ada, bob] = await Promise.all([stage.open('chromium'), stage.open('chromium')]);
    await joinApp(ada, stage, { room, name: 'Ada' });
    await joinPlain(bob, stage, room);
    await expectLight(bob, PEERS_FACE);
    const [before] = await readCallConnections(ada);
    await ada.click('switch', SHARE);
    const sentLabel = async (): Promise<string | undefined> => {
      const [reading] = await readCallConnections(ada);
      return reading?.senders.find(({ kind }) => kind === 'video')?.track?.label;
    };
    await eventually(
      'the screen is sent',
      sentLabel,
      (label) => label?.startsWith('screen') === true,
    );
    await expectMoving(bob, 1);
    await ada.click('switch', SHARE);
    await eventually(
      'the camera is sent',
      sentLabel,
      (label) => label?.startsWith('fake') === true,
    );
    await expectMoving(bob, 1);
    expect(negotiated((await readCallConnections(ada))[0])).toEqual(negotiated(before));
  });
});

interface Offers {
  readonly offersMade: number;
  readonly offersReceived: number;
}

function offersSince(now: Offers | undefined, before: Offers | undefined): number {
  const count = (offers: Offers | undefined): number =>
    (offers?.offersMade ?? 0) + (offers?.offersReceived ?? 0);
  return count(now) - count(before);
}

/** Waits until so many received pictures decode new frames. */
async function expectMoving(page: TestPage, count: number): Promise<void> {
  let before: Readonly<Record<string, number>> = {};
  await eventually(
    `new frames in ${count} pictures`,
    () => readFrames(page),
    (frames) => {
      const moving = Object.keys(frames).filter(
        (id) => (frames[id] ?? 0) > (before[id] ?? Infinity),
      );
      before = { ...frames };
      return moving.length === count;
    },
  );
}

/** Decoded frames of each received picture. */
async function readFrames(page: TestPage): Promise<Readonly<Record<string, number>>> {
  return page.evaluate(async () => {
    const frames: Record<string, number> = {};
    const connection = window.rtcProbe?.connections.findLast(
      ({ signalingState, remoteDescription }) =>
        signalingState !== 'closed' && remoteDescription !== null,
    );
    for (const entry of (await connection?.getStats())?.values() ?? []) {
      if (entry.type === 'inbound-rtp' && entry.kind === 'video') {
        frames[entry.id] = entry.framesDecoded ?? 0;
      }
    }
    return frames;
  }, undefined);
}

async function expectNoScreen(page: TestPage): Promise<void> {
  await eventually(
    'no screen in the page',
    () => page.evaluate(() => document.querySelector('[data-screen]') === null, undefined),
    Boolean,
  );
}

/** How many elements play the sound of a screen aloud. */
async function screenSoundPlayers(page: TestPage): Promise<number> {
  return page.evaluate(() => {
    const players = [...document.querySelectorAll<HTMLAudioElement>('[data-screen] audio')];
    return players.filter(({ muted, paused }) => !muted && !paused).length;
  }, undefined);
}
