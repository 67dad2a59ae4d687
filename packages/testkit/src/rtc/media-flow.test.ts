import { describe, expect, it } from 'vitest';
import type { ConnectionReading } from './connection-reading.ts';
import { checkGrowth, checkStandstill } from './media-flow.ts';

const FRAMES = { read: ({ video }: ConnectionReading) => video.framesDecoded, atLeast: 10 };
const SILENCE = {
  read: ({ audio }: ConnectionReading) => audio.totalEnergy,
  tolerance: 0.01,
  windowMs: 1_000,
};

interface Moment {
  readonly id?: number;
  readonly atMs?: number;
  readonly frames?: number;
  readonly energy?: number;
  readonly packets?: number;
}

function at({ id = 1, atMs = 0, frames = 0, energy = 0, packets = 0 }: Moment): ConnectionReading {
  return {
    id,
    state: 'connected',
    signalingState: 'stable',
    offersMade: 1,
    offersReceived: 0,
    hasPeer: true,
    offersTakenBack: 0,
    senders: [],
    iceServerUrls: [],
    path: undefined,
    timestampMs: atMs,
    video: { framesDecoded: frames, packetsReceived: 0 },
    audio: { totalEnergy: energy, packetsReceived: packets },
  };
}

describe('checkGrowth', () => {
  it('counts from the first reading, not from zero', () => {
    const check = checkGrowth(1, FRAMES);
    expect(check([at({ frames: 500 })])).toBe(false);
    expect(check([at({ frames: 509 })])).toBe(false);
    expect(check([at({ frames: 510 })])).toBe(true);
  });

  it('wants every connection to grow', () => {
    const check = checkGrowth(2, FRAMES);
    expect(check([at({ id: 1 }), at({ id: 2 })])).toBe(false);
    expect(check([at({ id: 1, frames: 50 }), at({ id: 2 })])).toBe(false);
    expect(check([at({ id: 1, frames: 50 }), at({ id: 2, frames: 10 })])).toBe(true);
  });

  it('wants exactly so many connections', () => {
    const check = checkGrowth(1, FRAMES);
    expect(check([])).toBe(false);
    check([at({ id: 1 })]);
    expect(check([at({ id: 1, frames: 50 }), at({ id: 2, frames: 50 })])).toBe(false);
  });
});

describe('checkStandstill', () => {
  it('is true after a whole window without growth', () => {
    const check = checkStandstill(1, SILENCE);
    expect(check([at({ atMs: 0, energy: 5, packets: 1 })])).toBe(false);
    expect(check([at({ atMs: 999, energy: 5, packets: 50 })])).toBe(false);
    expect(check([at({ atMs: 1_000, energy: 5.009, packets: 51 })])).toBe(true);
  });

  it('starts the window anew with every growth', () => {
    const check = checkStandstill(1, SILENCE);
    check([at({ atMs: 0, energy: 5, packets: 1 })]);
    check([at({ atMs: 900, energy: 6, packets: 45 })]);
    expect(check([at({ atMs: 1_800, energy: 6, packets: 90 })])).toBe(false);
    expect(check([at({ atMs: 1_900, energy: 6, packets: 95 })])).toBe(true);
  });

  it('does not add up small growth into silence', () => {
    const check = checkStandstill(1, SILENCE);
    for (let step = 0; step < 100; step += 1) {
      const moment = at({ atMs: step * 100, energy: step * 0.005, packets: step });
      expect(check([moment])).toBe(false);
    }
  });

  it('does not take a connection that is cut off for a silent one', () => {
    const check = checkStandstill(1, SILENCE);
    check([at({ atMs: 0, packets: 7 })]);
    expect(check([at({ atMs: 5_000, packets: 7 })])).toBe(false);
  });
});
