/**
 * What a page really receives: picture and sound that flow, or that have stopped. Every expectation
 * looks again and again until it holds or the deadline is over, and covers every open connection to
 * another person, so that in a call of three both others are looked at.
 * @module
 */
import type { TestPage } from '../browser/test-page.ts';
import { eventually } from '../eventually.ts';
import { checkGrowth, checkStandstill } from './media-flow.ts';
import type { FlowCheck } from './media-flow.ts';
import { isAudible, isShown, readPlayers } from './players.ts';
import type { PlayerReading } from './players.ts';
import { readConnection } from './connection-reading.ts';
import type { ConnectionReading } from './connection-reading.ts';

/** Decoded frames that count as a picture that moves. */
const MIN_FRAMES = 6;
/** A picture that shows no new frame for so long stands still. */
const STILL_PICTURE_MS = 1_000;
/** Chromium's fake microphone beeps twice a second; anything shorter could lie between two beeps. */
const SILENCE_MS = 1_200;
/** Less energy than this is nothing to hear; fake microphones deliver 0.01 to 0.3 a second, silence 0. */
const MIN_SOUND_ENERGY = 1e-4;

/** Every connection the page has made, also those that are closed. */
export async function readConnections(page: TestPage): Promise<ConnectionReading[]> {
  const records = await page.evaluate(() => {
    if (window.rtcProbe === undefined) throw new Error('The probe is not in this page');
    return window.rtcProbe.read();
  }, undefined);
  return records.map(readConnection);
}

/** The connections that are not closed. */
export async function readOpenConnections(page: TestPage): Promise<ConnectionReading[]> {
  const connections = await readConnections(page);
  return connections.filter(({ state }) => state !== 'closed');
}

/** The open connections that have somebody at the other end. */
export async function readCallConnections(page: TestPage): Promise<ConnectionReading[]> {
  const connections = await readOpenConnections(page);
  return connections.filter(({ hasPeer }) => hasPeer);
}

/** Waits for `count` open connections to others, each of which is connected. */
export async function expectConnected(page: TestPage, count = 1): Promise<ConnectionReading[]> {
  return eventually(
    `${count} open connections, all connected`,
    () => readCallConnections(page),
    (open) => open.length === count && open.every(({ state }) => state === 'connected'),
  );
}

/** Waits until new frames have been decoded on each of `count` open connections, and are shown. */
export async function expectPicture(page: TestPage, count = 1): Promise<void> {
  const check = checkGrowth(count, { read: framesOf, atLeast: MIN_FRAMES });
  await Promise.all([
    expectFlow(page, `new frames decoded on each of ${count} connections`, check),
    expectPlayers(page, { what: 'a moving picture', count, isPlaying: isShown }),
  ]);
}

/** Waits until new sound has come in on each of `count` open connections, and is played aloud. */
export async function expectSound(page: TestPage, count = 1): Promise<void> {
  const check = checkGrowth(count, { read: energyOf, atLeast: MIN_SOUND_ENERGY });
  await Promise.all([
    expectFlow(page, `sound on each of ${count} connections`, check),
    expectPlayers(page, { what: 'sound played aloud', count, isPlaying: isAudible }),
  ]);
}

/** Waits until no connection decodes frames any more, while sound packets still arrive. */
export async function expectNoPicture(page: TestPage, count = 1): Promise<void> {
  const check = checkStandstill(count, {
    read: framesOf,
    tolerance: 0,
    windowMs: STILL_PICTURE_MS,
  });
  await expectFlow(page, `no new frames on each of ${count} live connections`, check);
}

/** Waits until nothing is heard any more, although sound packets still arrive. */
export async function expectSilence(page: TestPage, count = 1): Promise<void> {
  const check = checkStandstill(count, {
    read: energyOf,
    tolerance: MIN_SOUND_ENERGY,
    windowMs: SILENCE_MS,
  });
  await expectFlow(page, `silence on each of ${count} live connections`, check);
}

function framesOf({ video }: ConnectionReading): number {
  return video.framesDecoded;
}

function energyOf({ audio }: ConnectionReading): number {
  return audio.totalEnergy;
}

async function expectFlow(page: TestPage, what: string, check: FlowCheck): Promise<void> {
  await eventually(what, () => readCallConnections(page), check);
}

interface PlayerRule {
  readonly what: string;
  readonly count: number;
  readonly isPlaying: (player: PlayerReading, before: PlayerReading | undefined) => boolean;
}

async function expectPlayers(
  page: TestPage,
  { what, count, isPlaying }: PlayerRule,
): Promise<void> {
  let before: readonly PlayerReading[] = [];
  await eventually(
    `${what} in ${count} elements`,
    () => readPlayers(page),
    (players) => {
      const playing = players.filter((player, at) => isPlaying(player, before[at]));
      before = players; // compared anew each time: elements may come and go
      return playing.length === count;
    },
  );
}
