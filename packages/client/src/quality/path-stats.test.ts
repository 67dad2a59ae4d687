import { describe, expect, it } from 'vitest';
import { readPathStats } from './path-stats.ts';

const stat = (type: RTCStatsType, members: object) => ({
  id: type,
  type,
  timestamp: 0,
  ...members,
});

describe('readPathStats', () => {
  it('finds the estimate of the pair in use, and the overload', () => {
    const report = [
      stat('candidate-pair', { availableOutgoingBitrate: 900_000 }),
      stat('candidate-pair', { state: 'waiting' }),
      stat('outbound-rtp', { kind: 'video', qualityLimitationReason: 'cpu' }),
      stat('outbound-rtp', { kind: 'audio' }),
      stat('remote-inbound-rtp', { kind: 'video', fractionLost: 0.5 }),
      stat('remote-inbound-rtp', { kind: 'audio', fractionLost: 0.04 }),
    ];
    expect(readPathStats(report)).toEqual({
      available: 900_000,
      isOverloaded: true,
      soundLoss: 0.04,
    });
  });

  it('does not take a narrow network for a slow processor', () => {
    const report = [stat('outbound-rtp', { kind: 'video', qualityLimitationReason: 'bandwidth' })];
    expect(readPathStats(report).isOverloaded).toBe(false);
  });

  it('knows nothing of an empty report', () => {
    expect(readPathStats([])).toEqual({
      available: undefined,
      isOverloaded: false,
      soundLoss: undefined,
    });
  });
});
