/** A picture is sent as large as it is shown; sound goes on whatever happens to pictures. */
import { eventually, expectNoPicture, expectPicture, expectSound } from '@parley/testkit';
import type { BrowserName, TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { meetInApp } from './support/app-page.ts';
import {
  makeEfficient,
  measureSoundPackets,
  measureVideoBitrate,
  readPictureFormats,
  readTraffic,
  readUplink,
  saySomething,
  showTiles,
} from './support/quality.ts';
import type { TrafficReading, UplinkReading } from './support/quality.ts';
import { enterWithSdk, joinWithSdk, loadSdk } from './support/sdk-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

const PAIRS: readonly (readonly [BrowserName, BrowserName])[] = [
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
];
const LARGE = { width: 2_000, height: 2_000 };
const SMALL = { width: 160, height: 90 };
/** Headers of a few packets; a picture takes a hundred times as much. */
const ALMOST_NOTHING = 5_000;
/** A voice takes 50 packets a second, silence of which nothing is sent three. */
const FEW_PACKETS = 8;
/** Voices to seven others take half of this; a small picture to each of them would take twice as much. */
const UPLINK_BITRATE = 700_000;
/** Who comes, and with whom. */
const ARRIVALS = [['Bob'], ['Eve', 'Max'], ['Ida', 'Leo', 'Mia', 'Tom']] as const;
/** Opus at its usual rate. */
const VOICE_BITRATE = 32_000;
/** Two round trips and a key frame, on a busy machine. */
const QUICK_MS = 2_500;

async function expectWidth(
  page: TestPage,
  what: string,
  isRight: (width: number) => boolean,
): Promise<number> {
  const read = async (): Promise<number> => (await readTraffic(page)).frameWidth;
  return eventually(`a picture that is ${what}`, read, isRight, { deadlineMs: 20_000 });
}

describe('the picture of one other person', () => {
  const stage = useStage(startServerHere);

  /** Ada sends, Bob shows. */
  async function meet(sender: BrowserName, receiver: BrowserName): Promise<[TestPage, TestPage]> {
    const room = stage.newRoom();
    const asAsked = { cameraSize: 'as asked' } as const;
    const [ada, bob] = await Promise.all([
      stage.open(sender, asAsked),
      stage.open(receiver, asAsked),
    ]);
    await meetInApp(stage, room, { Ada: ada, Bob: bob });
    await expectPicture(bob);
    return [ada, bob];
  }

  it.each(PAIRS)('%s sends to %s what is shown there, and no more', async (sender, receiver) => {
    const [ada, bob] = await meet(sender, receiver);
    const large = await expectWidth(bob, 'large', (width) => width >= 600);

    await showTiles(bob, SMALL);
    const small = await expectWidth(bob, 'small', (width) => width > 0 && width <= 340);
    const smallBitrate = await measureVideoBitrate(ada, 1_500);
    expect(smallBitrate).toBeLessThan(300_000);

    await showTiles(bob, undefined);
    await expectNoPicture(bob);
    const heardBefore = (await readTraffic(bob)).audioPacketsReceived;
    const hiddenBitrate = await measureVideoBitrate(ada, 1_000);
    expect(hiddenBitrate).toBeLessThan(ALMOST_NOTHING);
    expect((await readTraffic(bob)).audioPacketsReceived).toBeGreaterThan(heardBefore);

    const { framesDecoded } = await readTraffic(bob);
    const shownAtMs = performance.now();
    await showTiles(bob, LARGE);
    const read = async (): Promise<number> => (await readTraffic(bob)).framesDecoded;
    await eventually('a new frame', read, (frames) => frames > framesDecoded);
    const backMs = performance.now() - shownAtMs;
    expect(backMs).toBeLessThan(QUICK_MS);
    await expectWidth(bob, 'large again', (width) => width >= 600);
    await Promise.all([expectPicture(bob), expectSound(bob)]);

    await saySomething(ada, false);
    const silence = await eventually(
      'silence of which nothing is sent',
      () => measureSoundPackets(ada, 1_000),
      (packets) => packets > 0 && packets < FEW_PACKETS,
    );
    await saySomething(ada, true);
    await expectSound(bob);
    console.log(
      `${sender} to ${receiver}: ${large} pixels wide, ${small} when small ` +
        `(${Math.round(smallBitrate / 1_000)} kbit/s), ${Math.round(hiddenBitrate)} bit/s when ` +
        `hidden, a frame ${Math.round(backMs)} ms after it is shown again; ` +
        `${silence.toFixed(1)} packets a second of silence`,
    );
  });
});

describe('one uplink', () => {
  const stage = useStage(startServerHere);

  it('stays what it is until eight are there: whole voices, a picture for each, in the efficient format', async () => {
    const room = stage.newRoom();
    const [{ url }, ada] = [stage.server, await stage.open('chromium')];
    await loadSdk(ada, url);
    await makeEfficient(ada, 'video/VP9');
    await enterWithSdk(ada, { room, name: 'Ada', maxUplinkBitrate: UPLINK_BITRATE });
    const others: TestPage[] = [];
    for (const names of ARRIVALS) {
      const came = names.map(async (name) => {
        const page = await stage.open('chromium');
        await joinWithSdk(page, url, { room, name, devices: false });
        return page;
      });
      others.push(...(await Promise.all(came)));
      const { voices, pictures } = await eventually(
        `an uplink divided among ${others.length}`,
        () => readUplink(ada),
        (uplink) => isWithinUplink(uplink, others.length),
      );
      console.log(
        `${others.length} others: voices ${voices.join(', ')}, pictures ${pictures.join(', ')} bit/s`,
      );
    }
    for (const page of others) {
      await expectMore(page, 'pictures', ({ framesDecoded }) => framesDecoded);
      await expectMore(page, 'sound', ({ audioPacketsReceived }) => audioPacketsReceived);
      expect(await readPictureFormats(page, 'inbound-rtp')).toContain('video/VP9');
    }
    expect(await readPictureFormats(ada, 'outbound-rtp')).toEqual(others.map(() => 'video/VP9'));
  });
});

async function expectMore(
  page: TestPage,
  what: string,
  read: (traffic: TrafficReading) => number,
): Promise<void> {
  const before = read(await readTraffic(page));
  await eventually(
    `more ${what}`,
    async () => read(await readTraffic(page)),
    (now) => now > before + 5,
  );
}

/** To so many: every voice whole, some of every picture, and together no more than there is. */
function isWithinUplink({ voices, pictures }: UplinkReading, others: number): boolean {
  const total = [...voices, ...pictures].reduce((sum, one) => sum + one, 0);
  return (
    voices.length === others &&
    pictures.length === others &&
    voices.every((voice) => voice === VOICE_BITRATE) &&
    pictures.every((picture) => picture > 0) &&
    total <= UPLINK_BITRATE
  );
}
