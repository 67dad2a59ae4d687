import { describe, expect, it } from 'vitest';
import { FakeSender } from '../testing/fake-transceiver.ts';
import { FakeTrack } from '../testing/fake-track.ts';
import { limitSender, sendTrack } from './send-track.ts';

function setUp() {
  const sender = new FakeSender((operation) => Promise.resolve(operation()));
  return { sender, track: new FakeTrack('video').dom };
}

describe('sendTrack', () => {
  it('sends nothing at all when the track is taken off: not even black frames', async () => {
    const { sender, track } = setUp();
    await sendTrack(sender.dom, track);
    await sendTrack(sender.dom, null);
    expect([sender.track, sender.active]).toEqual([null, false]);
  });

  it('sends again when there is a track', async () => {
    const { sender, track } = setUp();
    await sendTrack(sender.dom, track);
    await sendTrack(sender.dom, null);
    await sendTrack(sender.dom, track);
    expect([sender.track, sender.active]).toEqual([track, true]);
  });

  it('leaves a sender alone that never had a track', async () => {
    const { sender } = setUp();
    await sendTrack(sender.dom, null);
    expect(sender.parametersSet).toBe(0);
  });

  it('changes no parameters when one track follows another', async () => {
    const { sender, track } = setUp();
    await sendTrack(sender.dom, track);
    await sendTrack(sender.dom, new FakeTrack('video').dom);
    expect(sender.parametersSet).toBe(0);
  });
});

describe('limitSender', () => {
  it('sets parameters once, however often it is asked to', async () => {
    const { sender, track } = setUp();
    await sendTrack(sender.dom, track);
    const limits = { active: true, maxBitrate: 300_000, scaleResolutionDownBy: 2 };
    await limitSender(sender.dom, limits);
    await limitSender(sender.dom, limits);
    expect([sender.parametersSet, sender.encoding]).toEqual([1, limits]);
  });

  it('lets nothing be sent without a track, whatever is allowed', async () => {
    const { sender, track } = setUp();
    await sendTrack(sender.dom, track, { active: true });
    await sendTrack(sender.dom, null, { active: true });
    await limitSender(sender.dom, { active: true });
    expect(sender.active).toBe(false);
  });
});
