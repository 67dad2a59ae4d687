import { signal } from '@preact/signals';
import type { SlotSnapshot } from '@parley/client';
import { describe, expect, it } from 'vitest';
import { cameraBehind } from '../media/camera-behind.ts';
import type { DataMode } from './data-mode.ts';
import { DataSaver } from './data-saver.ts';

const OFF: SlotSnapshot = {
  state: 'off',
  muted: false,
  track: undefined,
  stream: undefined,
  deviceId: undefined,
  error: undefined,
};

/** A camera that only remembers what was asked of it. */
class FakeTrack extends EventTarget {
  constraints: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 } };
  getConstraints(): MediaTrackConstraints {
    return this.constraints;
  }
  async applyConstraints(constraints: MediaTrackConstraints): Promise<void> {
    this.constraints = constraints;
  }
}

function isTrack(value: unknown): value is MediaStreamTrack {
  return value instanceof FakeTrack;
}

function setUp(remembered?: DataMode) {
  const kept = new Map([['data', remembered]]);
  const camera = new FakeTrack();
  if (!isTrack(camera)) throw new Error('no track');
  const live: SlotSnapshot = { ...OFF, state: 'live', track: camera };
  const snapshot = signal<SlotSnapshot>(live);
  const told: DataMode[] = [];
  const saver = new DataSaver({
    camera: {
      on: async () => void (snapshot.value = live),
      off: async () => void (snapshot.value = OFF),
    },
    snapshot,
    preferences: {
      read: (name) => kept.get(name),
      write: (name, value) =>
        void kept.set(name, value === 'low' || value === 'audio' ? value : undefined),
    },
    tell: (mode) => void told.push(mode),
  });
  return { saver, snapshot, told, kept, camera };
}

describe('DataSaver', () => {
  it('asks the camera for a small picture, and for the former one afterwards', () => {
    const { saver, camera, told } = setUp();
    saver.choose('low');
    expect(camera.getConstraints()).toMatchObject({ height: { ideal: 180 } });
    saver.choose('full');
    expect(camera.getConstraints()).toEqual({ width: { ideal: 1280 }, height: { ideal: 720 } });
    expect(told).toEqual(['low', 'full']);
  });

  it('reaches the camera through what is made of it, and gives it back when nothing is made any more', () => {
    const { saver, snapshot, camera } = setUp();
    const raw = snapshot.value;
    const made = new FakeTrack();
    if (!isTrack(made) || !isTrack(camera)) throw new Error('no track');
    cameraBehind.set(made, camera);
    snapshot.value = { ...raw, track: made };
    saver.choose('low');
    expect(camera.getConstraints()).toMatchObject({ height: { ideal: 180 } });
    snapshot.value = raw;
    saver.choose('full');
    expect(camera.getConstraints()).toEqual({ width: { ideal: 1280 }, height: { ideal: 720 } });
  });

  it('audio only turns the camera off, and brings it back', () => {
    const { saver, snapshot } = setUp();
    saver.choose('audio');
    expect(snapshot.value.state).toBe('off');
    saver.choose('low');
    expect(snapshot.value.state).toBe('live');
  });

  it('a camera that was off stays off', () => {
    const { saver, snapshot } = setUp();
    snapshot.value = OFF;
    saver.choose('audio');
    saver.choose('full');
    expect(snapshot.value.state).toBe('off');
  });

  it('who turns the camera on ends audio only', () => {
    const { saver, snapshot } = setUp();
    saver.choose('low');
    saver.choose('audio');
    snapshot.value = { ...OFF, state: 'starting' };
    expect(saver.mode.value).toBe('low');
  });

  it('the choice is remembered and holds from the start', () => {
    const { saver, snapshot, told } = setUp('audio');
    expect([saver.mode.value, snapshot.value.state, told]).toEqual(['audio', 'off', ['audio']]);
    saver.close();
  });
});
