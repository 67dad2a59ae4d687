/**
 * Starts camera and microphone for a moment, and looks for a loudspeaker.
 * @module
 */
import { mediaError, mediaErrorFrom } from '../media/browser-media-error.ts';
import type { Platform } from '../platform.ts';
import { finding } from './finding.ts';
import type { Finding } from './finding.ts';

type DevicePlatform = Pick<Platform, 'mediaDevices'>;

/** Starts the device, and stops it at once. The browser may ask the person. */
export async function checkDevice(
  { mediaDevices }: DevicePlatform,
  source: 'camera' | 'microphone',
): Promise<Finding> {
  try {
    if (mediaDevices === undefined) throw mediaError('ERR_MEDIA_INSECURE_ORIGIN', source);
    const wanted = source === 'camera' ? { video: true } : { audio: true };
    const stream = await mediaDevices.getUserMedia(wanted);
    const [track] = stream.getTracks();
    for (const each of stream.getTracks()) each.stop();
    return finding(source, 'ok', 'deviceWorks', { label: track?.label ?? '' });
  } catch (error) {
    return finding(source, 'fail', mediaErrorFrom(error, source).code);
  }
}

/** Browsers that do not let pages choose a loudspeaker do not list any. */
export async function checkSpeaker({ mediaDevices }: DevicePlatform): Promise<Finding> {
  const devices = (await mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  const count = devices.filter(({ kind }) => kind === 'audiooutput').length;
  return count > 0
    ? finding('speaker', 'ok', 'speakerListed', { count })
    : finding('speaker', 'skip', 'speakerUnknown');
}
