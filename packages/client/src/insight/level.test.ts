import { describe, expect, it } from 'vitest';
import { LevelMeter, loudness } from './level.ts';

const VOICE = 0.1;
const HISS = 0.005;

describe('loudness', () => {
  it.each([
    [0, 0],
    [-1, 0],
    [0.001, 0],
    [0.0001, 0],
    [0.1, 2 / 3],
    [1, 1],
    [2, 1],
  ])('of amplitude %d is %d', (amplitude, level) => {
    expect(loudness(amplitude)).toBeCloseTo(level, 5);
  });
});

describe('LevelMeter', () => {
  it('rises at once and falls step by step', () => {
    const meter = new LevelMeter();
    expect(meter.next(1).level).toBe(1);
    expect([meter.next(0).level, meter.next(0).level]).toEqual([0.88, 0.76]);
  });

  it('reaches zero and stays there', () => {
    const meter = new LevelMeter();
    meter.next(VOICE);
    for (let count = 0; count < 20; count += 1) meter.next(0);
    expect(meter.next(0)).toEqual({ level: 0, speaking: false });
  });

  it('a click is no speech, a voice is', () => {
    const meter = new LevelMeter();
    expect(meter.next(VOICE).speaking).toBe(false);
    expect(meter.next(0).speaking).toBe(false);
    expect(meter.next(VOICE).speaking).toBe(false);
    expect(meter.next(VOICE).speaking).toBe(true);
  });

  it('the hiss of a microphone is no speech', () => {
    const meter = new LevelMeter();
    for (let count = 0; count < 20; count += 1) expect(meter.next(HISS).speaking).toBe(false);
  });

  it('a pause between words ends no speech, a longer one does', () => {
    const meter = new LevelMeter();
    for (const amplitude of [VOICE, VOICE, 0, 0, 0, 0, 0, VOICE]) meter.next(amplitude);
    const silence = Array.from({ length: 6 }, () => meter.next(0).speaking);
    expect(silence).toEqual([true, true, true, true, true, false]);
  });
});
