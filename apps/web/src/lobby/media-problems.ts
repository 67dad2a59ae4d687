/**
 * What to tell somebody whose camera or microphone did not start: one card per cause, with what
 * happened, what to do about it, and what follows if they do nothing. Pure.
 * @module
 */
import type { MediaError, SlotSnapshot } from '@parley/client';
import type { MessageKey } from '../i18n/message-key.ts';
import type { Platform } from './platform.ts';

type Code = MediaError['code'];

/** Which of the two devices something is about. */
type Devices = 'camera' | 'microphone' | 'both';

/** One card. Its texts take `{devices}`, the translation of `deviceNames`. */
export interface MediaProblem {
  readonly code: Code;
  readonly devices: Devices;
  readonly deviceNames: MessageKey;
  readonly title: MessageKey;
  readonly help: MessageKey;
  /** What joining anyway means; absent while the device still works. */
  readonly consequence: MessageKey | undefined;
  /** Whether asking again can help. */
  readonly retryable: boolean;
}

/** The part of a {@link SlotSnapshot} that tells what failed. */
export interface SlotFailure {
  readonly state: SlotSnapshot['state'];
  readonly error: Pick<MediaError, 'code'> | undefined;
}

/** The cards for the two devices. One card when both failed for the same reason. */
export function mediaProblems(
  camera: SlotFailure,
  microphone: SlotFailure,
  platform: Platform,
): readonly MediaProblem[] {
  const cameraCode = camera.error?.code;
  const microphoneCode = microphone.error?.code;
  if (cameraCode !== undefined && cameraCode === microphoneCode) {
    const anyWorks = camera.state === 'live' || microphone.state === 'live';
    return [describe(cameraCode, 'both', platform, !anyWorks)];
  }
  const cards: MediaProblem[] = [];
  if (cameraCode) cards.push(describe(cameraCode, 'camera', platform, camera.state !== 'live'));
  if (microphoneCode) {
    cards.push(describe(microphoneCode, 'microphone', platform, microphone.state !== 'live'));
  }
  return cards;
}

const DEVICE_NAMES: Readonly<Record<Devices, MessageKey>> = {
  camera: 'device.some.camera',
  microphone: 'device.some.microphone',
  both: 'device.some.both',
};

const CONSEQUENCES: Readonly<Record<Devices, MessageKey>> = {
  camera: 'problem.consequence.camera',
  microphone: 'problem.consequence.microphone',
  both: 'problem.consequence.both',
};

const NOT_FOUND_TITLES: Readonly<Record<Devices, MessageKey>> = {
  camera: 'problem.notFound.title.camera',
  microphone: 'problem.notFound.title.microphone',
  both: 'problem.notFound.title.both',
};

const BROWSER_HELP: Readonly<Record<Platform['browser'], MessageKey>> = {
  chromium: 'problem.browser.chromium',
  firefox: 'problem.browser.firefox',
  safari: 'problem.browser.safari',
  ios: 'problem.browser.ios',
  android: 'problem.browser.android',
  other: 'problem.browser.other',
};

const SYSTEM_HELP: Readonly<Record<Platform['system'], MessageKey>> = {
  macos: 'problem.system.macos',
  windows: 'problem.system.windows',
  ios: 'problem.system.ios',
  android: 'problem.system.android',
  other: 'problem.system.other',
};

function describe(
  code: Code,
  devices: Devices,
  platform: Platform,
  missing: boolean,
): MediaProblem {
  return {
    code,
    devices,
    deviceNames: DEVICE_NAMES[devices],
    ...words(code, devices, platform),
    consequence: missing ? CONSEQUENCES[devices] : undefined,
    retryable: code !== 'ERR_MEDIA_INSECURE_ORIGIN',
  };
}

function words(
  code: Code,
  devices: Devices,
  platform: Platform,
): Pick<MediaProblem, 'title' | 'help'> {
  switch (code) {
    case 'ERR_MEDIA_DENIED_BY_BROWSER':
      return { title: 'problem.browser.title', help: BROWSER_HELP[platform.browser] };
    case 'ERR_MEDIA_DENIED_BY_SYSTEM':
      return { title: 'problem.system.title', help: SYSTEM_HELP[platform.system] };
    case 'ERR_MEDIA_IN_USE':
      return { title: 'problem.inUse.title', help: 'problem.inUse.body' };
    case 'ERR_MEDIA_NOT_FOUND':
      return { title: NOT_FOUND_TITLES[devices], help: 'problem.notFound.body' };
    case 'ERR_MEDIA_OVERCONSTRAINED':
      return { title: 'problem.overconstrained.title', help: 'problem.overconstrained.body' };
    case 'ERR_MEDIA_INSECURE_ORIGIN':
      return { title: 'problem.insecure.title', help: 'problem.insecure.body' };
    case 'ERR_MEDIA_UNSUPPORTED':
    case 'ERR_MEDIA_UNKNOWN':
      return { title: 'problem.unknown.title', help: 'problem.unknown.body' };
  }
}
