import { describe, expect, it, vi } from 'vitest';
import { peerId } from '../testing/fake-server.ts';
import { FakePlatform } from '../../test/fakes/fake-platform.ts';
import { formatSdp } from '../testing/fake-sdp.ts';
import { fakeSources } from '../../test/fakes/fake-source.ts';
import { settle } from '../testing/settle.ts';
import type { PeerStats } from '../insight/peer-stats.ts';
import { SILENT_LOGGER } from '../logger.ts';
import { ConnectionFactory } from './connection-factory.ts';
import type { MediaState } from './media-state.ts';
import { MeshPeer } from './mesh-peer.ts';

await import('./control-message.ts'); // so that nobody waits for it within a test

const SECTIONS = [
  { kind: 'audio', mid: '0', direction: 'sendrecv' },
  { kind: 'video', mid: '1', direction: 'sendrecv' },
] as const;

function setUp() {
  const platform = new FakePlatform();
  const sources = fakeSources();
  const viewed: string[] = [];
  const peer: MeshPeer = new MeshPeer(
    {
      platform,
      connections: new ConnectionFactory(platform, { iceServers: [], iceTransportPolicy: 'all' }),
      sources,
      outgoing: { devices: platform.createStream(), screen: platform.createStream() },
      logger: SILENT_LOGGER,
    },
    {
      peer: { id: peerId('ada'), name: '<b>Ada</b>' },
      selfId: peerId('bob'),
      send: () => {},
      isOnline: () => true,
      checkServer: () => {},
      refreshIceServers: () => Promise.resolve(),
      viewChanged: () => viewed.push(JSON.stringify([...peer.views])),
    },
  );
  const [connection] = platform.connections;
  if (connection === undefined) throw new Error('no connection was made');
  let offers = 0;
  /** The peer offers; `media` is what an SDK peer says about its devices. */
  const offer = async (media?: MediaState): Promise<void> => {
    offers += 1;
    const sdp = formatSdp({ ufrag: 'ada', sections: SECTIONS });
    const mark = media === undefined ? undefined : { epoch: 1, offer: offers, media };
    peer.receive({ type: 'offer', sdp, mark });
    await settle();
  };
  return { peer, connection, sources, offer, platform, viewed };
}

describe('a remote peer', () => {
  it('is connecting, with an empty stream, from the first moment', () => {
    const { peer, connection } = setUp();
    expect(peer).toMatchObject({ id: 'ada', name: '<b>Ada</b>' });
    expect(peer.connection).toBe(connection);
    expect(peer.snapshot).toMatchObject({
      state: 'connecting',
      camera: { on: false, track: undefined },
      microphone: { on: false, track: undefined },
    });
    expect(peer.snapshot.stream.getTracks()).toEqual([]);
  });

  it('has sound and picture in one stream that stays the same', async () => {
    const { peer, connection, offer } = setUp();
    const { stream } = peer.snapshot;
    await offer({ camera: true, microphone: true, version: 1 });
    const tracks = connection.transceivers.map(({ receiver }) => receiver.track);
    expect(stream.getTracks()).toEqual(tracks);
    expect(peer.snapshot.stream).toBe(stream);
    expect(peer.snapshot.microphone).toEqual({ on: true, track: tracks[0] });
    expect(peer.snapshot.camera).toEqual({ on: true, track: tracks[1] });
  });

  it.each(['disconnected', 'failed', 'connected', 'connecting'] as const)(
    'is %s when its connection is',
    (state) => {
      const { peer, connection } = setUp();
      connection.setConnectionState(state);
      expect(peer.snapshot.state).toBe(state);
    },
  );

  it('is closed for good: no sound, no picture, no listener', async () => {
    const { peer, connection, sources, offer } = setUp();
    await offer({ camera: true, microphone: true, version: 1 });
    peer.close();
    peer.close();
    expect(peer.snapshot).toMatchObject({
      state: 'closed',
      camera: { on: false },
      microphone: { on: false },
    });
    expect(connection.listeners).toBe(0);
    connection.transceivers[1]?.remoteTrack.setMuted(false);
    expect(peer.snapshot.camera.on).toBe(false);
    expect(sources.camera.sinks.size).toBe(0);
  });
});

describe('what an SDK peer says about its devices', () => {
  it('counts, whatever its tracks look like', async () => {
    const { peer, connection, offer } = setUp();
    await offer({ camera: false, microphone: true, version: 1 });
    connection.transceivers[1]?.remoteTrack.setMuted(true);
    connection.transceivers[1]?.remoteTrack.setMuted(false);
    expect(peer.snapshot.camera.on).toBe(false);
    expect(peer.snapshot.camera.track).toBeDefined();
    expect(peer.snapshot.microphone.on).toBe(true);
  });

  it('SIG-90 is not taken back by an older statement that comes late', async () => {
    const { peer, offer } = setUp();
    await offer({ camera: false, microphone: false, version: 5 });
    await offer({ camera: true, microphone: true, version: 4 });
    expect(peer.snapshot.camera.on).toBe(false);
    await offer({ camera: true, microphone: true, version: 6 });
    expect(peer.snapshot.camera.on).toBe(true);
  });

  it('changes both devices in one step', async () => {
    const { peer, offer } = setUp();
    await offer({ camera: false, microphone: false, version: 1 });
    const seen: unknown[] = [];
    peer.subscribe(() => seen.push([peer.snapshot.camera.on, peer.snapshot.microphone.on]));
    await offer({ camera: true, microphone: true, version: 2 });
    expect(seen).toEqual([[true, true]]);
  });
});

describe('a shared screen', () => {
  const SCREEN = { kind: 'video', mid: '2', direction: 'sendrecv' } as const;
  const SOUND = { kind: 'audio', mid: '3', direction: 'sendrecv' } as const;

  it('has places of its own, beside sound and picture of the person', async () => {
    const { peer, connection } = setUp();
    const media = { camera: true, microphone: true, screen: true, screenSound: true, version: 1 };
    const mids = { screen: '2', screenSound: '3' };
    const sdp = formatSdp({ ufrag: 'ada', sections: [...SECTIONS, SCREEN, SOUND] });
    peer.receive({ type: 'offer', sdp, mark: { epoch: 1, offer: 1, media, mids } });
    await settle();
    const tracks = connection.transceivers.map(({ receiver }) => receiver.track);
    expect(peer.snapshot.screen).toEqual({ on: true, track: tracks[2] });
    expect(peer.snapshot.screenSound).toEqual({ on: true, track: tracks[3] });
    expect(peer.snapshot.stream.getTracks()).toEqual(tracks.slice(0, 2));
    peer.close();
    expect([peer.snapshot.screen.on, peer.snapshot.screenSound.on]).toEqual([false, false]);
  });
});

describe('a voice', () => {
  it('is measured while somebody watches, and is silent when muted', async () => {
    const { peer, connection, offer, platform } = setUp();
    await offer({ camera: true, microphone: true, version: 1 });
    const [voice] = connection.transceivers;
    if (voice === undefined) throw new Error('no section');
    voice.heard = [{ source: 1, timestamp: 0, rtpTimestamp: 1, audioLevel: 1 }];
    expect(peer.level.snapshot.level).toBe(0);
    const stop = peer.level.subscribe(() => {});
    await vi.waitFor(() => expect(peer.level.snapshot.level).toBe(1));
    await offer({ camera: true, microphone: false, version: 2 });
    platform.clock.advance(2000);
    expect(peer.level.snapshot.level).toBe(0);
    stop();
  });
});

describe('statistics', () => {
  it('are told by source', async () => {
    const { peer, connection, offer, platform } = setUp();
    await offer({ camera: true, microphone: true, version: 1 });
    const entry = { id: 'IN', type: 'inbound-rtp', timestamp: 0, mid: '1', packetsLost: 7 };
    connection.stats.push(entry);
    const answered = vi.fn<(stats: PeerStats) => void>();
    const asked = peer.stats().then(answered);
    await vi.waitFor(() => {
      platform.clock.advance(500);
      expect(answered).toHaveBeenCalled();
    });
    await asked;
    expect(answered.mock.calls[0]?.[0].received.tracks.camera?.packetsLost).toBe(7);
  });
});

describe('a page without the SDK', () => {
  it('is judged by its tracks', async () => {
    const { peer, connection, offer } = setUp();
    await offer();
    const track = connection.transceivers[1]?.remoteTrack;
    expect(peer.snapshot.camera.on).toBe(true);
    track?.setMuted(true);
    expect(peer.snapshot.camera.on).toBe(false);
    track?.setMuted(false);
    expect(peer.snapshot.camera.on).toBe(true);
    track?.vanish();
    expect(peer.snapshot.camera.on).toBe(false);
  });
});

it('a voice that is to be sent twice is negotiated anew, once, and only with the SDK', async () => {
  const { peer, connection, offer } = setUp();
  await offer();
  peer.sendTwice(true);
  await settle();
  expect([connection.signalingState, peer.isVoiceTwice]).toEqual(['stable', false]);
  await offer({ camera: true, microphone: true, version: 1 });
  peer.sendTwice(false);
  await settle();
  expect(connection.signalingState).toBe('stable');
  peer.sendTwice(true);
  await settle();
  expect([connection.signalingState, peer.isVoiceTwice]).toEqual(['have-local-offer', true]);
});

describe('the size in which pictures are shown', () => {
  it('is told in steps, once each, also that nothing is shown', () => {
    const { peer, connection } = setUp();
    peer.open();
    peer.show('camera', { width: 633.5, height: 350 });
    const [channel] = connection.channels;
    channel?.open();
    peer.show('camera', { width: 640, height: 352 });
    peer.show('camera', undefined);
    expect(channel?.sent.slice(1)).toEqual([
      '{"type":"view","source":"camera","width":640,"height":352}',
      '{"type":"view","source":"camera","width":0,"height":0}',
    ]);
  });

  it('is known of the peer once it has said so', async () => {
    const { peer, connection, viewed } = setUp();
    peer.open();
    connection.channels[0]?.open();
    connection.channels[0]?.deliver('{"type":"view","source":"camera","width":16,"height":9}');
    await settle();
    expect(viewed).toHaveLength(1);
    expect(peer.views.get('camera')).toMatchObject({ width: 16, height: 9 });
  });
});
