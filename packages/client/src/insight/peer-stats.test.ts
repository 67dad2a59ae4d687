import { FakeClock } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { settle } from '../testing/settle.ts';
import type { Source } from '../media/source.ts';
import { StatsReader, summarize } from './peer-stats.ts';
import type { StatsEntry } from './peer-stats.ts';

const NOTHING = { track: undefined };
const NO_TRACKS = {
  microphone: NOTHING,
  camera: NOTHING,
  screen: NOTHING,
  screenSound: NOTHING,
};
const SOURCES: ReadonlyMap<string, Source> = new Map([
  ['0', 'microphone'],
  ['1', 'camera'],
]);
const sourceOf = (mid: string): Source | undefined => SOURCES.get(mid);

function entries(...list: readonly StatsEntry[]): ReadonlyMap<string, StatsEntry> {
  return new Map(list.map((entry) => [entry.id, entry]));
}

function sending(timestamp: number, bytesSent: number, more: Partial<StatsEntry> = {}): StatsEntry {
  return { id: 'OUT', type: 'outbound-rtp', timestamp, mid: '1', bytesSent, ...more };
}

describe('summarize', () => {
  it('counts bits per second between two readings', () => {
    const stats = summarize(
      entries(sending(1000, 50_000)),
      entries(sending(3000, 300_000)),
      sourceOf,
    );
    expect(stats.sent).toMatchObject({
      bitrate: 1_000_000,
      tracks: { camera: { bitrate: 1_000_000 } },
    });
    expect(stats.received).toEqual({ bitrate: 0, tracks: {} });
  });

  it('tells of a track what both sides know of it', () => {
    const now = entries(
      sending(1000, 0, {
        frameWidth: 1280,
        frameHeight: 720,
        framesPerSecond: 30,
        codecId: 'C',
        remoteId: 'R',
        qualityLimitationReason: 'bandwidth',
      }),
      { id: 'C', type: 'codec', timestamp: 1000, mimeType: 'video/VP8' },
      { id: 'R', type: 'remote-inbound-rtp', timestamp: 900, packetsLost: 3, jitter: 0.012 },
    );
    expect(summarize(now, now, sourceOf).sent.tracks.camera).toEqual({
      bitrate: 0,
      packetsLost: 3,
      jitterMs: 12,
      codec: 'VP8',
      width: 1280,
      height: 720,
      fps: 30,
      limitedBy: 'bandwidth',
    });
  });

  it('nothing limits what browsers call limited by none', () => {
    const now = entries(sending(1000, 0, { qualityLimitationReason: 'none' }));
    expect(summarize(now, now, sourceOf).sent.tracks.camera?.limitedBy).toBeUndefined();
  });

  const RELAYED: readonly StatsEntry[] = [
    {
      id: 'L',
      type: 'local-candidate',
      timestamp: 1,
      candidateType: 'relay',
      protocol: 'udp',
      relayProtocol: 'tls',
    },
    { id: 'M', type: 'remote-candidate', timestamp: 1, candidateType: 'srflx', protocol: 'udp' },
  ];
  const PAIR = {
    id: 'P',
    type: 'candidate-pair',
    timestamp: 1,
    localCandidateId: 'L',
    remoteCandidateId: 'M',
  } as const;

  it('Chromium names the pair in the transport', () => {
    const now = entries(
      ...RELAYED,
      { ...PAIR, currentRoundTripTime: 0.0414, availableOutgoingBitrate: 3e6 },
      { id: 'T', type: 'transport', timestamp: 1, selectedCandidatePairId: 'P' },
    );
    expect(summarize(now, now, sourceOf)).toMatchObject({
      rttMs: 41,
      availableBitrate: 3e6,
      path: { local: 'relay', remote: 'srflx', protocol: 'tls' },
    });
  });

  it('Firefox marks the pair, and knows the round trip from reports', () => {
    const now = entries(
      ...RELAYED,
      { ...PAIR, selected: true },
      { id: 'R', type: 'remote-inbound-rtp', timestamp: 1, roundTripTime: 0.02 },
    );
    expect(summarize(now, now, sourceOf)).toMatchObject({ rttMs: 20, path: { local: 'relay' } });
  });

  it('says nothing where there is nothing', () => {
    expect(summarize(entries(), entries(), sourceOf)).toEqual({
      rttMs: undefined,
      path: undefined,
      availableBitrate: undefined,
      sent: { bitrate: 0, tracks: {} },
      received: { bitrate: 0, tracks: {} },
    });
  });
});

describe('StatsReader', () => {
  it('knows nothing of a connection that is closed while Firefox reads its statistics', async () => {
    const clock = new FakeClock();
    const reader = new StatsReader((callback, delayMs) => {
      const timer = clock.setTimeout(callback, delayMs);
      return () => clock.clearTimeout(timer);
    });
    const connection = { getTransceivers: () => [], getStats: () => new Promise<never>(() => {}) };
    const reading = reader.read({ snapshot: NO_TRACKS, connection });
    for (const ms of [2_000, 500, 2_000]) {
      clock.advance(ms);
      await settle();
    }
    expect(await reading).toMatchObject({ rttMs: undefined, sent: { bitrate: 0, tracks: {} } });
    expect(clock.pendingTimers).toBe(0);
  });

  it('is waited for no longer than its signal says', async () => {
    const reader = new StatsReader(() => () => {});
    const connection = { getTransceivers: () => [], getStats: () => new Promise<never>(() => {}) };
    const giveUp = new AbortController();
    const reading = reader.read({ snapshot: NO_TRACKS, connection }, { signal: giveUp.signal });
    giveUp.abort(new Error('never mind'));
    await expect(reading).rejects.toThrow('never mind');
  });

  it('waits half a second the first time, and not when asked again in time', async () => {
    const clock = new FakeClock();
    let readings = 0;
    const connection = {
      getTransceivers: () => [],
      getStats: () => {
        readings += 1;
        return Promise.resolve(new Map([['OUT', sending(clock.now(), clock.now() * 100)]]));
      },
    };
    const reader = new StatsReader((callback, delayMs) => {
      const timer = clock.setTimeout(callback, delayMs);
      return () => clock.clearTimeout(timer);
    });
    const first = reader.read({ snapshot: NO_TRACKS, connection });
    await settle();
    clock.advance(500);
    expect((await first).sent.bitrate).toBe(800_000);
    expect(readings).toBe(2);
    clock.advance(1000);
    expect((await reader.read({ snapshot: NO_TRACKS, connection })).sent.bitrate).toBe(800_000);
    expect(readings).toBe(3);
  });
});
