import { describe, expect, it } from 'vitest';
import { cameraSwitch, microphoneSwitch } from './slot-switch.ts';

describe('microphoneSwitch', () => {
  it('is on only while a live microphone is not muted', () => {
    expect(microphoneSwitch({ state: 'live', muted: false })).toMatchObject({ on: true });
    expect(microphoneSwitch({ state: 'live', muted: true })).toMatchObject({ on: false });
    expect(microphoneSwitch({ state: 'failed', muted: false })).toMatchObject({ on: false });
    expect(microphoneSwitch({ state: 'off', muted: false })).toMatchObject({ on: false });
  });

  it('says what pressing it does', () => {
    expect(microphoneSwitch({ state: 'live', muted: false }).hint).toBe('device.mute');
    expect(microphoneSwitch({ state: 'live', muted: true }).hint).toBe('device.unmute');
    expect(microphoneSwitch({ state: 'off', muted: true }).hint).toBe('device.microphoneOn');
    expect(microphoneSwitch({ state: 'failed', muted: false }).hint).toBe('device.microphoneOn');
  });

  it('is busy, and claims nothing, while the device starts', () => {
    expect(microphoneSwitch({ state: 'starting', muted: false })).toEqual({
      on: false,
      busy: true,
      hint: 'device.microphoneStarting',
    });
  });
});

describe('cameraSwitch', () => {
  it('is on only while the camera is live', () => {
    expect(cameraSwitch({ state: 'live', muted: false })).toEqual({
      on: true,
      busy: false,
      hint: 'device.cameraOff',
    });
    for (const state of ['off', 'failed'] as const) {
      expect(cameraSwitch({ state, muted: false })).toEqual({
        on: false,
        busy: false,
        hint: 'device.cameraOn',
      });
    }
  });

  it('is busy while the device starts', () => {
    expect(cameraSwitch({ state: 'starting', muted: false })).toMatchObject({
      on: false,
      busy: true,
    });
  });
});
