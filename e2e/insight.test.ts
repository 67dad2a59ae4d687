import { eventually, expectConnected } from '@parley/testkit';
import type { BrowserName, TestPage } from '@parley/testkit';
import type { DirectionStats, PeerStats } from '@parley/client';
import { describe, expect, it } from 'vitest';
import { joinWithSdk, setMuted } from './support/sdk-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

const PAIRS: readonly (readonly [BrowserName, BrowserName])[] = [
  ['chromium', 'chromium'],
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
];
/** Chromium's fake microphone beeps twice a second. */
const LISTEN_MS = 1_100;
const AUDIBLE = 0.2;

describe('what the SDK tells about a call', () => {
  const stage = useStage(startServerHere);

  async function meet(...browsers: readonly BrowserName[]): Promise<TestPage[]> {
    const room = stage.newRoom();
    const pages = await Promise.all(browsers.map((browser) => stage.open(browser)));
    for (const [index, page] of pages.entries()) {
      await joinWithSdk(page, stage.server.url, { room, name: `guest ${index + 1}` });
    }
    await Promise.all(pages.map((page) => expectConnected(page, browsers.length - 1)));
    return pages;
  }

  it.each(PAIRS)('levels of %s follow the voice, in %s', async (speaking, listening) => {
    const [ada, bob] = await meet(speaking, listening);
    if (ada === undefined || bob === undefined) throw new Error('not enough people');
    await expectVoice(bob, 'other');
    await setMuted(ada, true);
    expect(
      await eventually(
        'silence',
        () => loudest(bob, 'other'),
        (level) => level === 0,
      ),
    ).toBe(0);

    await setMuted(ada, false);
    await expectVoice(bob, 'other');
  });

  it('our own level follows our own microphone', async () => {
    const [ada] = await meet('chromium');
    if (ada === undefined) throw new Error('nobody is there');
    await expectVoice(ada, 'own');
    await setMuted(ada, true);
    expect(await loudest(ada, 'own')).toBe(0);
    await setMuted(ada, false);
    await expectVoice(ada, 'own');
  });

  it.each(['chromium', 'firefox'] as const)('%s knows who speaks', async (listening) => {
    const [bob, ada, eve] = await meet(listening, 'chromium', 'chromium');
    if (bob === undefined || ada === undefined || eve === undefined) throw new Error('too few');
    await setMuted(ada, true);
    await bob.evaluate(() => window.call?.room.activeSpeaker.subscribe(() => {}) === undefined, 0);
    await expectSpeaker(bob, 'guest 3');
    await setMuted(eve, true);
    await setMuted(ada, false);
    await expectSpeaker(bob, 'guest 2');
    await setMuted(eve, false);
    await setMuted(ada, true);
    await expectSpeaker(bob, 'guest 3');
  });

  it.each(PAIRS)('statistics of %s in a call with %s make sense', async (asking, other) => {
    const [ada] = await meet(asking, other);
    if (ada === undefined) throw new Error('not enough people');
    const { sent, received, path, rttMs } = await eventually(
      'statistics with pictures both ways',
      () => readStats(ada),
      (found) => hasPicture(found.sent) && hasPicture(found.received),
    );
    expect(path).toMatchObject({ protocol: 'udp' });
    expect(rttMs).toBeGreaterThanOrEqual(0);
    for (const direction of [sent, received]) expectSane(direction);
    expect(received.tracks.camera?.packetsLost).toBeGreaterThanOrEqual(0);
    expect(received.tracks.microphone?.jitterMs).toBeGreaterThanOrEqual(0);
  });
});

function hasPicture({ tracks: { camera } }: DirectionStats): boolean {
  return camera !== undefined && camera.bitrate > 0 && (camera.width ?? 0) > 0;
}

function expectSane({ bitrate, tracks: { camera, microphone } }: DirectionStats): void {
  expect(camera?.codec).toMatch(/^(?:VP8|VP9|H264|AV1)$/u);
  expect(microphone?.codec?.toLowerCase()).toBe('opus');
  expect(camera?.bitrate).toBeGreaterThan(10_000);
  expect(camera?.bitrate).toBeLessThan(10_000_000);
  expect(camera?.fps).toBeGreaterThan(0);
  expect(camera?.fps).toBeLessThanOrEqual(60);
  expect(camera?.bitrate).toBeLessThanOrEqual(bitrate);
}

/** The highest level of one voice while listening for a while. */
async function loudest(page: TestPage, whose: 'own' | 'other'): Promise<number> {
  return page.evaluate(
    async ({ who, listenMs }) => {
      const { client, room } = window.call ?? {};
      const source = who === 'own' ? client?.media : room?.snapshot.peers[0];
      if (source === undefined) return -1;
      let highest = 0;
      const stop = source.level.subscribe(() => {
        highest = Math.max(highest, source.level.snapshot.level);
      });
      await new Promise((resolve) => {
        setTimeout(resolve, listenMs);
      });
      stop();
      return highest;
    },
    { who: whose, listenMs: LISTEN_MS },
  );
}

async function expectVoice(page: TestPage, whose: 'own' | 'other'): Promise<void> {
  await eventually(
    'a voice',
    () => loudest(page, whose),
    (level) => level > AUDIBLE,
  );
}

async function expectSpeaker(page: TestPage, name: string): Promise<void> {
  await eventually(
    `${name} as the speaker`,
    () => page.evaluate(() => window.call?.room.activeSpeaker.snapshot.peer?.name, undefined),
    (speaker) => speaker === name,
  );
}

async function readStats(page: TestPage): Promise<PeerStats> {
  const stats = await page.evaluate(() => window.call?.room.snapshot.peers[0]?.stats(), undefined);
  if (stats === undefined) throw new Error('nobody is there');
  return stats;
}
