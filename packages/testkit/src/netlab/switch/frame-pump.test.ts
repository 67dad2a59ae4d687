import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../fake-clock.ts';
import { FramePump } from './frame-pump.ts';

const [ADA, BOB, CLEO] = [0, 1, 2];
const ADDRESSES = ['020000000001', '020000000002', '020000000003'];
const EVERYBODY = 'ffffffffffff';

function frame(to: string | undefined, from: number): Buffer {
  return Buffer.from(`${to}${ADDRESSES[from]}0800`, 'hex');
}

describe('FramePump', () => {
  let clock: FakeClock;
  let pump: FramePump;
  let arrived: string[];

  beforeEach(() => {
    clock = new FakeClock();
    arrived = [];
    pump = new FramePump({
      sinks: ADDRESSES.map((_, port) => ({
        write: () => arrived.push(`${clock.now()}: ${port}`),
      })),
      now: () => clock.now(),
      random: () => 0.5,
      setTimer: (run, delayMs) => clock.setTimeout(run, delayMs),
    });
    // Everybody has been heard once, so the switch knows who sits where.
    for (const port of [ADA, BOB, CLEO]) pump.receive(port, frame(ADDRESSES[port], port));
    arrived.length = 0;
  });

  it('takes a frame to its receiver at once when all cables are perfect', () => {
    pump.receive(ADA, frame(ADDRESSES[BOB], ADA));
    expect(arrived).toEqual(['0: 1']);
  });

  it('adds up the delay of both cables on the way', () => {
    pump.shape(ADA, { up: { delayMs: 30 }, down: { delayMs: 1_000 } });
    pump.shape(BOB, { up: { delayMs: 1_000 }, down: { delayMs: 20 } });
    pump.receive(ADA, frame(ADDRESSES[BOB], ADA));
    clock.advance(1_000);
    expect(arrived).toEqual(['50: 1']);
  });

  it('gives each receiver of a broadcast the delay of its own cable', () => {
    pump.shape(BOB, { down: { delayMs: 40 } });
    pump.shape(CLEO, { down: { delayMs: 10 } });
    pump.receive(ADA, frame(EVERYBODY, ADA));
    clock.advance(100);
    expect(arrived).toEqual(['10: 2', '40: 1']);
  });

  it('does not let a slow cable hold up a fast one', () => {
    pump.shape(ADA, { up: { delayMs: 100 } });
    pump.receive(ADA, frame(ADDRESSES[CLEO], ADA));
    clock.advance(10);
    pump.receive(BOB, frame(ADDRESSES[CLEO], BOB));
    expect(arrived).toEqual(['10: 2']);
    clock.advance(90);
    expect(arrived).toEqual(['10: 2', '100: 2']);
  });

  it('loses what the dice say on either cable', () => {
    pump.shape(ADA, { up: { loss: 0.6 } });
    pump.shape(CLEO, { down: { loss: 0.6 } });
    pump.receive(ADA, frame(ADDRESSES[BOB], ADA));
    pump.receive(BOB, frame(ADDRESSES[CLEO], BOB));
    pump.receive(CLEO, frame(ADDRESSES[BOB], CLEO));
    expect(arrived).toEqual(['0: 1']);
  });

  it('knows its ports', () => {
    expect(() => pump.shape(3, {})).toThrow('no port 3');
  });
});
