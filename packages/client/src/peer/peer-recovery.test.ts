import { setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { FakeServer } from '../testing/fake-server.ts';
import { latestOf, openCall, peerOf } from '../../test/fakes/call.ts';
import { guestIn } from '../../test/fakes/guest.ts';
import type { Guest } from '../../test/fakes/guest.ts';
import { settle } from '../testing/settle.ts';
import './link-watch.ts';
import { MeshPeer } from './mesh-peer.ts';

await import('./control-message.ts'); // so that nobody waits for it within a test

// Every rebuilt connection brings tracks of its own to listen to.
setMaxListeners(100);

/** Nothing comes any more, on whatever connection these people make. */
function cut(...people: readonly Guest[]): void {
  for (const { platform } of people) {
    platform.reaches = () => false;
  }
}

function offersOf({ signaling }: Guest): number {
  return signaling.sent.filter(({ event }) => event === 'offer').length;
}

describe('a call whose path dies', () => {
  it('restarts ICE from the impolite side alone, with the newest servers', async () => {
    const { server, ada, bob, pass } = await openCall();
    const before = [offersOf(ada), offersOf(bob)];
    const { link } = peerOf(ada);
    const states = new Set<string>();
    link.subscribe(() => states.add(link.snapshot.state));
    cut(ada, bob);
    await pass(500);
    server.iceServers = [{ urls: ['stun:127.0.0.1:7001'] }];
    while (offersOf(ada) === before[0]) await pass(50);
    await pass(50);
    expect([offersOf(ada), offersOf(bob)]).toEqual([(before[0] ?? 0) + 1, before[1]]);
    expect([...states]).toEqual(['unstable', 'recovering']);
    expect(ada.platform.connections).toHaveLength(1);
    expect(latestOf(ada.platform).configuration.iceServers).toEqual([
      { urls: ['stun:127.0.0.1:7001'] },
    ]);
  });

  it.each([0, 300, 600, 900])(
    'is helped as soon where a check was answered last, %d ms after a look',
    async (sinceLookMs) => {
      const { ada, pass } = await openCall();
      await pass(sinceLookMs);
      cut(ada);
      const checked = { id: 'used', type: 'candidate-pair', selected: true, responsesReceived: 1 };
      latestOf(ada.platform).stats.push(checked);
      await pass(1_900);
      expect(peerOf(ada).link.snapshot.state).toBe('recovering');
    },
  );

  it('is looked at again although Firefox never answers about a connection closed meanwhile', async () => {
    const { ada, pass } = await openCall();
    let looks = 0;
    latestOf(ada.platform).getStats = () => {
      looks += 1;
      return new Promise(() => {});
    };
    await pass(6_000);
    expect(looks).toBeGreaterThan(1);
  });

  it('asks the server for a sign of life, once for each silence', async () => {
    const { ada, bob, pass } = await openCall();
    expect(ada.signaling.checks).toBe(0);
    cut(ada, bob);
    await pass(3_000);
    expect(ada.signaling.checks).toBe(1);
  });

  it('is connected again as soon as something comes', async () => {
    const { ada, bob, pass } = await openCall();
    cut(ada, bob);
    await pass(3_000);
    for (const { platform } of [ada, bob]) platform.reaches = () => true;
    await pass(1_000);
    expect([ada, bob].map((person) => peerOf(person).link.snapshot.state)).toEqual([
      'connected',
      'connected',
    ]);
  });

  it('tries the relay by TCP or TLS alone in the third place', async () => {
    const server = new FakeServer();
    server.iceServers = [
      { urls: ['stun:host'] },
      { urls: ['turn:host', 'turn:host?transport=tcp'], username: 'u', credential: 'c' },
    ];
    const ada = guestIn(server, 'Ada');
    await ada.room.join(new AbortController().signal);
    const bob = guestIn(server, 'Bob');
    await bob.room.join(new AbortController().signal);
    await settle();
    latestOf(ada.platform).channels[0]?.open();
    for (let passed = 0; passed < 14_000; passed += 100) {
      if (passed === 2_000) cut(ada);
      ada.platform.clock.advance(100);
      await settle();
    }
    expect(ada.platform.open.map(({ configuration }) => configuration)).toContainEqual(
      expect.objectContaining({
        iceTransportPolicy: 'relay',
        iceServers: [{ urls: ['turn:host?transport=tcp'], username: 'u', credential: 'c' }],
      }),
    );
  });

  it('gets a new connection at both ends, under the same objects', async () => {
    const { ada, bob, pass } = await openCall();
    const [peerOfAda, peerOfBob] = [peerOf(ada), peerOf(bob)];
    const { stream } = peerOfAda.snapshot;
    const before = stream.getTracks();
    cut(ada, bob);
    await pass(2_900);
    for (const { platform } of [ada, bob]) expect(platform.open).toHaveLength(2);
    expect(peerOfAda.connection).toBe(ada.platform.connections[0]?.dom);
    expect(stream.getTracks()).toEqual(before);
    for (const { platform } of [ada, bob]) latestOf(platform).reaches = () => true;
    await pass(500);
    expect([peerOf(ada), peerOf(bob)]).toEqual([peerOfAda, peerOfBob]);
    expect(peerOfAda.snapshot.state).toBe('connected');
    expect(peerOfAda.link.snapshot.state).toBe('connected');
    expect(peerOfAda.snapshot.stream).toBe(stream);
    const tracks = latestOf(ada.platform).transceivers.map(({ receiver }) => receiver.track);
    expect(stream.getTracks()).toEqual(tracks);
    expect(latestOf(ada.platform).channels.map(({ init }) => init.id)).toEqual([0, 1, 2, 3]);
    expect(ada.platform.open).toHaveLength(1);
    expect(ada.platform.connections[0]?.listeners).toBe(0);
  });

  it('hears of devices after a rebuild, although the count begins anew', async () => {
    const { ada, bob, pass } = await openCall();
    for (let times = 0; times < 5; times += 1) bob.sources.camera.mute(times % 2 === 0);
    cut(ada, bob);
    await pass(2_900);
    for (const { platform } of [ada, bob]) latestOf(platform).reaches = () => true;
    await pass(500);
    expect(peerOf(ada).snapshot.camera.on).toBe(false);
    latestOf(ada.platform).channels[0]?.deliver(
      JSON.stringify({ type: 'media', camera: true, microphone: false, version: 1 }),
    );
    await settle();
    expect(peerOf(ada).snapshot.camera.on).toBe(true);
  });

  it('is lost after a minute, and nobody leaves', async () => {
    const { ada, bob, pass } = await openCall();
    cut(ada, bob);
    await pass(64_000);
    expect(ada.log).toEqual(['peer Bob']);
    expect(peerOf(ada).link.snapshot.state).toBe('lost');
    await ada.room.leave();
    expect(ada.platform.open).toEqual([]);
    expect(ada.platform.clock.pendingTimers).toBe(0);
  });
});

describe('a call that is well', () => {
  it('is left alone, whatever the server does', async () => {
    const { server, ada, pass } = await openCall();
    server.reachable = false;
    const offers = offersOf(ada);
    await pass(30_000);
    expect(offersOf(ada)).toBe(offers);
    expect(peerOf(ada).link.snapshot.state).toBe('connected');
  });

  it('looks for new paths at once when the network has changed for certain', async () => {
    const { ada, pass } = await openCall();
    const offers = offersOf(ada);
    ada.room.hintNetworkChange();
    await pass(50);
    expect(offersOf(ada)).toBe(offers + 1);
    for (const tell of ada.platform.networkListeners) tell(true);
    await pass(300);
    expect(offersOf(ada)).toBe(offers + 2);
  });

  it('is checked, and left as it is, when the network may have changed', async () => {
    const { ada, pass } = await openCall();
    const offers = offersOf(ada);
    for (const tell of ada.platform.networkListeners) tell(false);
    await pass(2_000);
    expect(offersOf(ada)).toBe(offers);
  });

  it('with a silent peer is kept going by questions below the application', async () => {
    const { ada, pass } = await openCall();
    const [control] = latestOf(ada.platform).channels;
    ada.platform.reaches = () =>
      (control?.sent.filter((text) => text === '{}').length ?? 0) % 2 === 1;
    await pass(10_000);
    expect(peerOf(ada).link.snapshot.state).not.toBe('recovering');
  });
});

describe('a call that began over the relay', () => {
  const RELAYED = [
    { id: 'transport', type: 'transport', selectedCandidatePairId: 'used' },
    { id: 'used', type: 'candidate-pair', localCandidateId: 'local', remoteCandidateId: 'remote' },
    { id: 'local', type: 'local-candidate', candidateType: 'relay', relayProtocol: 'udp' },
    { id: 'remote', type: 'remote-candidate', candidateType: 'relay' },
  ];

  it('looks once more for a direct path, on the same connection', async () => {
    const { ada, bob, pass } = await openCall();
    const before = [offersOf(ada), offersOf(bob)];
    const { localDescription } = latestOf(ada.platform);
    latestOf(ada.platform).stats.push(...RELAYED);
    await pass(30_000);
    expect([offersOf(ada), offersOf(bob)]).toEqual([(before[0] ?? 0) + 1, before[1]]);
    expect(ada.platform.connections).toHaveLength(1);
    expect(latestOf(ada.platform).localDescription?.sdp).not.toBe(localDescription?.sdp);
    expect(peerOf(ada).link.snapshot.state).toBe('connected');
  });

  it('stays there when the application wants it so', async () => {
    const { ada, pass } = await openCall({ iceTransportPolicy: 'relay' });
    const offers = offersOf(ada);
    latestOf(ada.platform).stats.push(...RELAYED);
    await pass(30_000);
    expect(offersOf(ada)).toBe(offers);
  });
});

/** A relay by TCP at this end. */
const CANDIDATES = [
  { id: 'transport', type: 'transport', selectedCandidatePairId: 'used' },
  { id: 'local', type: 'local-candidate', candidateType: 'relay', relayProtocol: 'tcp' },
  { id: 'remote', type: 'remote-candidate', candidateType: 'host' },
  { id: 'video', type: 'outbound-rtp', qualityLimitationReason: 'bandwidth' },
];

/** The pair in use, and what the other side missed. */
function used(currentRoundTripTime: number, fractionLost: number) {
  return [
    {
      id: 'used',
      type: 'candidate-pair',
      localCandidateId: 'local',
      remoteCandidateId: 'remote',
      currentRoundTripTime,
    },
    { id: 'loss', type: 'remote-inbound-rtp', fractionLost },
  ];
}

describe('what a link tells', () => {
  it('is path, round trip, quality and limit', async () => {
    const { ada, pass } = await openCall();
    const { link } = peerOf(ada);
    const { stats } = latestOf(ada.platform);
    const tell = async (rtt: number, loss: number): Promise<string> => {
      stats.splice(0, stats.length, ...CANDIDATES, ...used(rtt, loss));
      await pass(1_100);
      return link.snapshot.quality;
    };
    expect(await tell(0.08, 0)).toBe('good');
    expect(link.snapshot).toEqual({
      state: 'connected',
      path: 'relay-tcp',
      rttMs: 80,
      quality: 'good',
      limitedBy: 'bandwidth',
    });
    expect(await tell(0.4, 0)).toBe('fair');
    expect(await tell(0.08, 0.05)).toBe('fair');
    expect(await tell(0.08, 0.2)).toBe('poor');
  });

  it('names the limit of our uplink also where we keep to it by ourselves', async () => {
    const { ada, pass } = await openCall();
    const peer = peerOf(ada);
    if (!(peer instanceof MeshPeer)) throw new TypeError('not a peer of a mesh');
    peer.link.heldBackBy = 'bandwidth';
    await pass(1_100);
    expect(peer.link.snapshot.limitedBy).toBe('bandwidth');
    peer.link.heldBackBy = undefined;
    await pass(1_100);
    expect(peer.link.snapshot.limitedBy).toBe('none');
  });

  it('changes once a look', async () => {
    const { ada, pass } = await openCall();
    const { link } = peerOf(ada);
    let changes = 0;
    link.subscribe(() => {
      changes += 1;
    });
    const { stats } = latestOf(ada.platform);
    stats.push(...CANDIDATES, ...used(0.9, 0.5));
    await pass(5_000);
    expect(changes).toBe(1);
  });
});

it('a page without the SDK that falls silent is judged by the browser alone', async () => {
  const { ada, pass } = await openCall({ isPlain: true });
  cut(ada);
  const connection = latestOf(ada.platform);
  expect(connection.channels[0]?.readyState).toBe('connecting');
  await pass(30_000);
  expect(peerOf(ada).link.snapshot.state).toBe('connected');
  connection.setConnectionState('disconnected');
  await pass(5_000);
  expect(peerOf(ada).link.snapshot.state).toBe('recovering');
});
