/**
 * What the microphone and camera switches say, derived from what the devices really do. Pure.
 * @module
 */
import type { SlotSnapshot } from '@parley/client';
import type { MessageKey } from '../i18n/message-key.ts';

/** State of one switch. */
export interface SlotSwitch {
  /** Others can see or hear me. */
  readonly on: boolean;
  /** The device is being opened; the browser may be asking the person. */
  readonly busy: boolean;
  /** What pressing the switch does, or what is going on while it is busy. */
  readonly hint: MessageKey;
}

type SlotState = Pick<SlotSnapshot, 'state' | 'muted'>;

/** The switch of the microphone: muting keeps the device open, so that unmuting is instant. */
export function microphoneSwitch({ state, muted }: SlotState): SlotSwitch {
  if (state === 'starting') return { on: false, busy: true, hint: 'device.microphoneStarting' };
  if (state !== 'live') return { on: false, busy: false, hint: 'device.microphoneOn' };
  return { on: !muted, busy: false, hint: muted ? 'device.unmute' : 'device.mute' };
}

/** The switch of the camera: off stops the device, so that its light goes out. */
export function cameraSwitch({ state, muted }: SlotState): SlotSwitch {
  if (state === 'starting') return { on: false, busy: true, hint: 'device.cameraStarting' };
  const on = state === 'live' && !muted;
  return { on, busy: false, hint: on ? 'device.cameraOff' : 'device.cameraOn' };
}
