/** Behind an uplink that is too narrow for large pictures, or that loses packets, voices get through to everybody. */
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { expect, it } from 'vitest';
import { openNarrowLab } from '../../benchmarks/mesh/narrow-lab.ts';
import { flowBetween, readTally, takePart } from '../../benchmarks/mesh/participant.ts';
import type { Flow } from '../../benchmarks/mesh/participant.ts';
import { readTraffic } from '../support/quality.ts';

/** Two voices with their headers take a fifth of this, two pictures at full size seven times as much. */
const UPLINK_BITRATE = 500_000;
const SCREEN = { width: 1_280, height: 720 };
const MEASURE_MS = 5_000;
/** A voice begins to break up at half of this. */
const LOSSY_UPLINK = { loss: 0.06, delayMs: 20 };
/** Nearly: headers are counted apart, and a voice is not always as loud. */
const TWICE_AS_LARGE = 1.4;
/** What is made up so seldom is not heard. */
const INAUDIBLE = 0.05;

/** How many of the others are sent the voice twice: the first format they are offered says it (RFC 2198). */
function countSentTwice(sender: TestPage): Promise<number> {
  return sender.evaluate(() => {
    const descriptions = (window.rtcProbe?.connections ?? [])
      .filter(({ connectionState }) => connectionState === 'connected')
      .map(({ remoteDescription }) => remoteDescription?.sdp ?? '');
    return descriptions.filter((sdp) => {
      const first = /^m=audio \d+ \S+ (\d+)/mu.exec(sdp)?.[1];
      return sdp.includes(`a=rtpmap:${first} red/48000`);
    }).length;
  }, undefined);
}

/** Bytes of sound in a packet, over so long. */
async function measureSoundPacket(sender: TestPage): Promise<number> {
  const before = await readTraffic(sender);
  await delay(MEASURE_MS);
  const after = await readTraffic(sender);
  const packets = after.audioPacketsSent - before.audioPacketsSent;
  return (after.audioBytesSent - before.audioBytesSent) / Math.max(1, packets);
}

it('a voice is heard behind a narrow uplink, a picture is seen, and a voice that suffers is sent twice', async () => {
  const lab = await openNarrowLab({ rate: UPLINK_BITRATE, delayMs: 20 });
  try {
    const common = { server: lab.server, room: 'narrow', governed: true, screen: SCREEN };
    const sender = await lab.openSender();
    const receivers = [await lab.openReceiver(), await lab.openReceiver()];
    await takePart(sender, { ...common, camera: true });
    for (const receiver of receivers) await takePart(receiver, { ...common, camera: false });
    const measure = async (): Promise<readonly Flow[]> => {
      const before = await Promise.all(receivers.map(readTally));
      await delay(MEASURE_MS);
      const after = await Promise.all(receivers.map(readTally));
      return before.flatMap((tally, at) => {
        const later = after[at];
        return later === undefined ? [] : [flowBetween(tally, later)];
      });
    };
    const flows = await eventually(
      'both hear the voice and see the picture',
      measure,
      (all) => all.every((flow) => flow.soundConcealed < INAUDIBLE && flow.framesPerSecond > 5),
      { deadlineMs: 40_000 },
    );
    expect(flows).toHaveLength(receivers.length);
    for (const { framesPerSecond, frameWidth, soundConcealed } of flows) {
      console.log(
        `${framesPerSecond.toFixed(1)} frames a second, ${frameWidth} pixels wide, ` +
          `${(soundConcealed * 100).toFixed(1)} % of the sound made up`,
      );
    }
    const onceBytes = await measureSoundPacket(sender);
    lab.shape(LOSSY_UPLINK);
    const sentTwice = await eventually(
      'the voice sent twice to both, so that losses are not heard',
      () => countSentTwice(sender),
      (count) => count === receivers.length,
      { deadlineMs: 40_000 },
    );
    expect(sentTwice).toBe(receivers.length);
    const twiceBytes = await eventually(
      'packets that hold the one before as well',
      () => measureSoundPacket(sender),
      (bytes) => bytes > onceBytes * TWICE_AS_LARGE,
    );
    console.log(
      `${onceBytes.toFixed(0)} bytes of sound in a packet, ${twiceBytes.toFixed(0)} when sent twice`,
    );
  } finally {
    await lab.close();
  }
});
