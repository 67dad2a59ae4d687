import { describe, expect, it } from 'vitest';
import { FakeConnection } from '../testing/fake-connection.ts';
import { FakePlatform } from '../../test/fakes/fake-platform.ts';
import { peerId } from '../testing/fake-server.ts';
import { FakeSource, fakeSources } from '../../test/fakes/fake-source.ts';
import { FakeTrack } from '../testing/fake-track.ts';
import { settle } from '../testing/settle.ts';
import { SILENT_LOGGER } from '../logger.ts';
import type { Source, VideoSource } from '../media/source.ts';
import type { ViewSize } from '../peer/control-message.ts';
import { LinkStatus } from '../peer/link-status.ts';
import type { SendLimits } from '../peer/send-track.ts';
import { Governor } from './governor.ts';
import type { GovernedPeer } from './governor.ts';

class FakePeer implements GovernedPeer {
  readonly id = peerId(`p${Math.random().toString(36).slice(2)}`);
  readonly fake = new FakeConnection();
  readonly views = new Map<VideoSource, ViewSize>();
  readonly limits = new Map<Source, SendLimits>();
  readonly link = new LinkStatus();
  isTwice = false;

  get connection(): RTCPeerConnection {
    return this.fake.dom;
  }

  limit(source: Source, limits: SendLimits): Promise<void> {
    this.limits.set(source, limits);
    return Promise.resolve();
  }

  sendTwice(isTwice: boolean): void {
    this.isTwice = isTwice;
  }

  connect(available: number): void {
    this.fake.setConnectionState('connected');
    this.fake.stats = [stat('candidate-pair', { availableOutgoingBitrate: available })];
  }

  overload(): void {
    this.fake.stats.push(stat('outbound-rtp', { qualityLimitationReason: 'cpu' }));
  }
}

function stat(type: RTCStatsType, members: object): RTCStats {
  return { id: type, type, timestamp: 0, ...members };
}

function setUp(count: number) {
  const { clock, setTimer } = new FakePlatform();
  const peers = Array.from({ length: count }, () => new FakePeer());
  const sources = fakeSources(new FakeTrack('video').dom);
  const { camera, screen, screenSound } = sources;
  const lifetime = new AbortController();
  const room = new FakeSource();
  const governor = new Governor({
    room,
    peers: () => peers,
    sources,
    maxUplinkBitrate: 2_500_000,
    setTimer,
    logger: SILENT_LOGGER,
    signal: lifetime.signal,
  });
  const pass = async (seconds: number): Promise<void> => {
    for (let tick = 0; tick < seconds * 10; tick += 1) {
      clock.advance(100);
      await settle();
    }
  };
  return { governor, peers, room, camera, screen, screenSound, lifetime, clock, pass };
}

describe('the governor', () => {
  it('pays for sound first, and divides the rest', async () => {
    const { peers, pass } = setUp(4);
    await pass(0.1);
    for (const { limits } of peers) {
      expect(limits.get('microphone')).toEqual({ maxBitrate: 32_000, priority: 'high' });
      expect(limits.get('camera')).toMatchObject({ active: true, maxBitrate: 575_000 });
    }
  });

  it('sends in the size that is shown, and nothing where nothing is', async () => {
    const { governor, peers, pass } = setUp(2);
    const [one, other] = peers;
    one?.views.set('camera', { width: 320, height: 180 });
    other?.views.set('camera', { width: 0, height: 0 });
    governor.replan();
    await pass(0.1);
    expect(one?.limits.get('camera')).toMatchObject({ active: true, scaleResolutionDownBy: 4 });
    expect(other?.limits.get('camera')).toEqual({ active: false });
    other?.views.set('camera', { width: 1_280, height: 720 });
    governor.replan();
    await pass(0.1);
    expect(other?.limits.get('camera')).toMatchObject({ active: true, scaleResolutionDownBy: 1 });
  });

  it('leaves the share of whoever is lost to the others, until they are back', async () => {
    const { peers, pass } = setUp(4);
    const [one, other] = peers;
    await pass(0.1);
    other?.link.set({ state: 'lost' });
    await pass(2);
    expect(one?.limits.get('camera')?.maxBitrate).toBeGreaterThan(575_000);
    other?.link.set({ state: 'connected' });
    await pass(2);
    expect(one?.limits.get('camera')?.maxBitrate).toBe(575_000);
  });

  it('follows an uplink that carries less, once it has settled', async () => {
    const { peers, pass } = setUp(2);
    for (const peer of peers) peer.connect(300_000);
    await pass(4);
    expect(peers[0]?.limits.get('camera')?.maxBitrate).toBe(1_200_000);
    await pass(12);
    expect(peers[0]?.limits.get('camera')?.maxBitrate).toBeLessThanOrEqual(300_000);
    expect(peers[0]?.link.heldBackBy).toBe('bandwidth');
  });

  it('makes pictures smaller when the processor is too slow', async () => {
    const { peers, pass } = setUp(1);
    peers[0]?.connect(5_000_000);
    peers[0]?.overload();
    await pass(7);
    expect(peers[0]?.limits.get('camera')?.scaleResolutionDownBy).toBeCloseTo(720 / 540);
    expect(peers[0]?.link.heldBackBy).toBe('cpu');
  });

  it('has a voice sent twice where packets are lost, until it has been calm', async () => {
    const { peers, pass } = setUp(2);
    for (const [at, peer] of peers.entries()) {
      const sdp = at === 0 ? 'a=rtpmap:63 red/48000/2' : 'a=rtpmap:111 opus/48000/2';
      Object.defineProperty(peer.fake, 'remoteDescription', { value: { type: 'answer', sdp } });
      peer.connect(5_000_000);
      peer.fake.stats.push(stat('remote-inbound-rtp', { kind: 'audio', fractionLost: 0.1 }));
    }
    await pass(5);
    expect(peers.map(({ isTwice }) => isTwice)).toEqual([true, false]);
    peers[0]?.connect(5_000_000);
    peers[0]?.fake.stats.push(stat('remote-inbound-rtp', { kind: 'audio', fractionLost: 0 }));
    await pass(32);
    expect(peers[0]?.isTwice).toBe(false);
  });

  it('counts a shared screen, and gives the rest to cameras', async () => {
    const { governor, peers, screen, screenSound, pass } = setUp(3);
    await pass(0.1);
    const mostOf = (source: Source): number => peers[0]?.limits.get(source)?.maxBitrate ?? NaN;
    const before = mostOf('camera');
    await screen.play(new FakeTrack('video').dom);
    await screenSound.play(new FakeTrack('audio').dom);
    await pass(0.1);
    const [shared, camera] = [mostOf('screen'), mostOf('camera')];
    expect(3 * (shared + camera + 2 * 50_000)).toBeLessThanOrEqual(2_500_000);
    expect(shared).toBeGreaterThan(camera);
    expect(camera).toBeLessThan(before);
    expect(mostOf('screenSound')).toBe(32_000);
    peers[0]?.views.set('screen', { width: 0, height: 0 });
    governor.replan();
    await pass(0.1);
    expect(peers[0]?.limits.get('screen')).toEqual({ active: false });
  });

  it('leaves the camera alone while it is off, and plans as soon as it is on', async () => {
    const { peers, camera, pass } = setUp(1);
    await camera.play(undefined);
    await pass(0.1);
    expect(peers[0]?.limits.get('camera')).toBeUndefined();
    await camera.play(new FakeTrack('video').dom);
    await pass(0.1);
    expect(peers[0]?.limits.get('camera')).toMatchObject({ active: true });
  });

  it('goes on when a connection gives no statistics', async () => {
    const { peers, pass } = setUp(2);
    peers[0]?.fake.setConnectionState('connected');
    peers[1]?.connect(100_000);
    await pass(3);
    expect(peers[1]?.limits.get('camera')).toBeDefined();
  });

  it('ends with its signal: no timer and no subscription is left', async () => {
    const { governor, room, camera, lifetime, clock } = setUp(1);
    lifetime.abort();
    governor.replan();
    expect(clock.pendingTimers).toBe(0);
    expect([camera.isWatched, room.isWatched]).toEqual([false, false]);
  });
});
