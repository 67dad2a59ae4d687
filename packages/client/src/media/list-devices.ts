/**
 * Asks the browser which devices there are. Loaded when somebody wants to know.
 * @module
 */
import type { Platform } from '../platform.ts';
import type { DevicesSnapshot } from './devices.ts';

/** The devices now; lists that are as they were before are the same objects. Rejects as the browser does. */
export async function listDevices(
  { mediaDevices }: Pick<Platform, 'mediaDevices'>,
  before: () => DevicesSnapshot,
): Promise<DevicesSnapshot> {
  const found = (await mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  const { cameras, microphones, speakers } = before();
  return {
    cameras: keepIfSame(cameras, ofKind(found, 'videoinput')),
    microphones: keepIfSame(microphones, ofKind(found, 'audioinput')),
    speakers: keepIfSame(speakers, ofKind(found, 'audiooutput')),
  };
}

/** Before permission browsers give one entry without an id for each kind: nothing one could choose. */
function ofKind(devices: readonly MediaDeviceInfo[], kind: MediaDeviceKind): MediaDeviceInfo[] {
  return devices.filter((device) => device.kind === kind && device.deviceId !== '');
}

function keepIfSame(
  before: readonly MediaDeviceInfo[],
  after: readonly MediaDeviceInfo[],
): readonly MediaDeviceInfo[] {
  return JSON.stringify(before) === JSON.stringify(after) ? before : after;
}
