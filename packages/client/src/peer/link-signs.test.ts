import { describe, expect, it } from 'vitest';
import { NO_SIGNS, readSigns } from './link-signs.ts';

const TRANSPORT = { id: 't', type: 'transport', timestamp: 0, selectedCandidatePairId: 'used' };

function pair(id: string, fields: object = {}) {
  return { id, type: 'candidate-pair', timestamp: 500_000, ...fields };
}

describe('signs of life', () => {
  it('are bytes on any pair, and checks of the pair in use', () => {
    const used = pair('used', { bytesReceived: 10, responsesReceived: 2, requestsReceived: 3 });
    const other = pair('other', { bytesReceived: 5, responsesReceived: 100 });
    expect(readSigns([TRANSPORT, other, used])).toEqual({ bytes: 15, checks: 5, ageMs: 0 });
  });

  it('count on the pair that Firefox calls selected', () => {
    const used = pair('a', { selected: true, responsesReceived: 7 });
    expect(readSigns([pair('b', { selected: false }), used]).checks).toBe(7);
  });

  it('have an age where the browser says it in the same clock', () => {
    const fresh = pair('a', { lastPacketReceivedTimestamp: 499_400 });
    const older = pair('b', { lastPacketReceivedTimestamp: 490_000 });
    expect(readSigns([fresh, older]).ageMs).toBe(600);
    expect(readSigns([pair('a', { lastPacketReceivedTimestamp: 77 })]).ageMs).toBe(0);
  });

  it('are none in an empty report', () => {
    expect(readSigns([])).toEqual(NO_SIGNS);
  });
});
