/**
 * What the Join button says. Pure; apart from the cards, which only those fetch who need one.
 * @module
 */
import type { SlotSnapshot } from '@parley/client';
import type { MessageKey } from '../i18n/message-key.ts';

/**
 * The text of the Join button: it says what will be missing, unless the person switched it off, and else
 * whether somebody is there already.
 */
export function joinLabel(
  camera: Pick<SlotSnapshot, 'state'>,
  microphone: Pick<SlotSnapshot, 'state'>,
  isFirst: boolean,
): MessageKey {
  const noCamera = camera.state === 'failed';
  const noMicrophone = microphone.state === 'failed';
  if (noCamera && noMicrophone) return 'lobby.joinWithout.both';
  if (noCamera) return 'lobby.joinWithout.camera';
  if (noMicrophone) return 'lobby.joinWithout.microphone';
  return isFirst ? 'lobby.start' : 'lobby.join';
}
