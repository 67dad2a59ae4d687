import { describe, expect, it } from 'vitest';
import { readConnection } from './connection-reading.ts';
import type { ConnectionRecord } from './probe.ts';

function recordWith(stats: readonly object[]): ConnectionRecord {
  return {
    id: 1,
    state: 'connected',
    signalingState: 'stable',
    configuration: {
      iceServers: [{ urls: 'stun:[::1]:1' }, { urls: ['stun:[::1]:2', 'turn:[::1]:2'] }],
    },
    offersMade: 1,
    offersReceived: 0,
    hasPeer: true,
    offersTakenBack: 0,
    senders: [],
    timestampMs: 5,
    stats: stats.map((entry, index) => {
      return Object.assign(
        { id: `entry-${index}`, timestamp: 0, type: 'transport' } as const,
        entry,
      );
    }),
  };
}

describe('readConnection', () => {
  it('adds up what all streams of a kind received', () => {
    const { video, audio } = readConnection(
      recordWith([
        { type: 'inbound-rtp', kind: 'video', framesDecoded: 3, packetsReceived: 30 },
        { type: 'inbound-rtp', kind: 'video', framesDecoded: 4, packetsReceived: 40 },
        { type: 'inbound-rtp', kind: 'audio', totalAudioEnergy: 0.5, packetsReceived: 50 },
        { type: 'outbound-rtp', kind: 'audio', totalAudioEnergy: 9, packetsReceived: 9 },
      ]),
    );
    expect(video).toEqual({ framesDecoded: 7, packetsReceived: 70 });
    expect(audio).toEqual({ totalEnergy: 0.5, packetsReceived: 50 });
  });

  it('takes a stream that has received nothing yet as zero', () => {
    const { video, audio } = readConnection(recordWith([{ type: 'inbound-rtp', kind: 'video' }]));
    expect(video.framesDecoded).toBe(0);
    expect(audio.totalEnergy).toBe(0);
  });

  it('finds the pair in use through the transport', () => {
    const { path } = readConnection(
      recordWith([
        { type: 'candidate-pair', id: 'old', localCandidateId: 'a', remoteCandidateId: 'a' },
        { type: 'candidate-pair', id: 'used', localCandidateId: 'a', remoteCandidateId: 'b' },
        { type: 'local-candidate', id: 'a', candidateType: 'host' },
        { type: 'remote-candidate', id: 'b', candidateType: 'relay' },
        { selectedCandidatePairId: 'used' },
      ]),
    );
    expect(path).toEqual({ local: 'host', remote: 'relay' });
  });

  it('finds the pair in use by its own word when there is no transport entry', () => {
    const { path } = readConnection(
      recordWith([
        { type: 'candidate-pair', id: 'old', selected: false, localCandidateId: 'b' },
        { type: 'candidate-pair', selected: true, localCandidateId: 'a', remoteCandidateId: 'a' },
        { type: 'local-candidate', id: 'a', candidateType: 'srflx' },
      ]),
    );
    expect(path).toEqual({ local: 'srflx', remote: 'srflx' });
  });

  it('has no path before there is a pair', () => {
    expect(readConnection(recordWith([])).path).toBeUndefined();
  });

  it('lists the addresses of all ICE servers', () => {
    expect(readConnection(recordWith([])).iceServerUrls).toEqual([
      'stun:[::1]:1',
      'stun:[::1]:2',
      'turn:[::1]:2',
    ]);
  });
});
